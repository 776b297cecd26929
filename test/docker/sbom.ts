/** SBOMs of real images: by the real Trivy in both formats, and by BuildKit's attestation, read by the real buildx. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { attestedSbom } from "../../client/src/sbom/buildkit.ts";
import { compareSboms } from "../../client/src/sbom/compare.ts";
import { findPackage } from "../../client/src/sbom/find.ts";
import type { Sbom } from "../../client/src/sbom/model.ts";
import { readSboms } from "../../client/src/sbom/read.ts";
import { sbomText } from "../../client/src/sbom/tools.ts";
import { trivySbom } from "../../client/src/sbom/trivy.ts";
import { run } from "../../scripts/process.ts";
import { trivy } from "../../scripts/setup/peers.ts";
import { type Machine, mustDocker, namespaceMissing } from "./machine.ts";

const OS = 'ID=debian\nVERSION_ID="12"\nNAME="Debian GNU/Linux"\n';
const dpkg = (packages: Readonly<Record<string, string>>): string =>
  Object.entries(packages)
    .map(
      ([name, version]) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
    )
    .join("\n");

const PACKAGE = { name: "left-pad", version: "1.3.0", license: "WTFPL" };

export function sbomTests(machine: Machine): void {
  describe("SBOM", () => {
    let program = "";
    const image = (tag: string): string => `${machine.registry.host}/sbom/app:${tag}`;

    before(async () => {
      program = await trivy();
      for (const [tag, packages] of [
        ["1", { apt: "2.6.1", zlib1g: "1:1.2.13.dfsg-1" }],
        ["2", { apt: "2.6.2", bash: "5.2.15-2" }],
      ] as const) {
        const context = await machine.folder("sbom");
        await writeFile(join(context, "os-release"), OS);
        await writeFile(join(context, "status"), dpkg(packages));
        await writeFile(join(context, "package.json"), JSON.stringify(PACKAGE));
        await writeFile(join(context, "debian_version"), "12.5\n");
        const dockerfile = [
          "FROM scratch",
          "COPY os-release debian_version /etc/",
          "COPY status /var/lib/dpkg/status",
          "COPY package.json /app/node_modules/left-pad/",
          "",
        ];
        await writeFile(join(context, "Dockerfile"), dockerfile.join("\n"));
        const output = `type=image,name=${image(tag)},push=true`;
        await mustDocker(machine, "buildx", "build", "--provenance=false", "--output", output, context);
      }
    });

    const trivyOf = async (tag: string, format: "cyclonedx" | "spdx", source: "docker" | "registry"): Promise<Sbom> => {
      const { command, args, env = {} } = trivySbom({ image: image(tag), source, format, program });
      const cache = { TRIVY_CACHE_DIR: await machine.folder("trivy") };
      const result = await run(command, args, { env: { ...machine.docker.env, ...env, ...cache }, timeoutMs: 120_000 });
      const made = sbomText({ ...result, truncated: false, missing: false }, "Trivy");
      assert.ok(made.failed === undefined, made.failed);
      const [read] = readSboms(made.text);
      assert.ok(typeof read === "object");
      return read.sbom;
    };

    test("by Trivy, from the daemon and from the registry, in both formats: the same packages, each with its layer", async () => {
      const cyclonedx = await trivyOf("1", "cyclonedx", "docker");
      const spdx = await trivyOf("1", "spdx", "registry");
      for (const { components, subject, system } of [cyclonedx, spdx]) {
        assert.deepEqual([subject, system], [image("1"), "debian 12.5"]);
        assert.deepEqual(
          components.map(({ name, version }) => `${name} ${version}`),
          ["apt 2.6.1", "left-pad 1.3.0", "zlib1g 1:1.2.13.dfsg-1"],
        );
        const layers = components.map(({ layer = "" }) => layer);
        for (const layer of layers) assert.match(layer, /^sha256:[0-9a-f]{64}$/);
        assert.equal(new Set(layers).size, 2, "dpkg's file and npm's came with a layer each");
      }
      const { added, removed, changed } = compareSboms(cyclonedx, spdx);
      assert.deepEqual([added.map(({ name }) => name), removed.map(({ name }) => name), changed], [[], [], []]);
    });

    test("two builds compared, and which of them has a package", async () => {
      const [one, two] = [await trivyOf("1", "cyclonedx", "docker"), await trivyOf("2", "cyclonedx", "docker")];
      const { added, removed, changed } = compareSboms(one, two);
      assert.deepEqual(
        [
          added.map(({ name }) => name),
          removed.map(({ name }) => name),
          changed.map(({ from, to }) => [from.versions, to.versions]),
        ],
        [["bash"], ["zlib1g"], [[["2.6.1"], ["2.6.2"]]]],
      );
      const found = findPackage([{ sbom: one }, { sbom: two }], "zlib*");
      assert.deepEqual(
        found.map(({ of }) => of.sbom.subject),
        [image("1")],
      );
    });

    test("an image that is not there: what Trivy says, and no SBOM", async () => {
      const { command, args } = trivySbom({ image: image("none"), source: "registry", format: "spdx", program });
      const result = await run(command, args, { env: machine.docker.env, timeoutMs: 120_000 });
      const made = sbomText({ ...result, truncated: false, missing: false }, "Trivy");
      assert.notEqual(made.failed, undefined);
    });

    test("an image without an attestation has no SBOM to read", async () => {
      const { args } = attestedSbom({ image: image("1"), source: "registry", format: "spdx" });
      const result = await machine.docker.docker(args);
      assert.equal(result.code, 0, result.stderr);
      const made = sbomText({ ...result, truncated: false, missing: false }, "docker");
      assert.match(made.failed ?? "", /printed no SBOM/);
    });

    test("BuildKit's attestation", { skip: namespaceMissing() }, async () => {
      const script = join(import.meta.dirname, "attested-image.ts");
      const result = await run("unshare", ["--net", process.execPath, script], { timeoutMs: 240_000 });
      assert.equal(result.code, 0, result.stderr);
      const read = readSboms(result.stdout);
      assert.ok(typeof read !== "string", `${JSON.stringify(read)}: ${result.stdout}${result.stderr}`);
      assert.deepEqual(
        read.map(({ sbom: { components } }) => components.map(({ name, version }) => `${name} ${version}`)),
        [["apt 2.6.1", "zlib1g 1:1.2.13"]],
      );
    });
  });
}
