/** What we say of images in a real registry beside what buildx, skopeo and cosign do: digests, platforms, signatures, provenance. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { Invocation, Outcome } from "../../client/src/process.ts";
import { attest, failureOf, readDialect, sign, signHelp } from "../../client/src/signing/cosign.ts";
import { mustRun, run } from "../../scripts/process.ts";
import { debianPackages } from "../../scripts/setup/debian.ts";
import { skopeoDigest } from "../../scripts/setup/skopeo.ts";
import { createRegistry } from "../../server/src/effects/registry/registry.ts";
import { pushImage, pushIndex } from "../effects/push-image.ts";
import { dockwright } from "./dockwright.ts";
import { type Machine, mustDocker } from "./machine.ts";

/** The release whose cosign is current. */
const SUITE = "forky";
const PASSWORD = "a pass word of the test";

export function registryTests(machine: Machine): void {
  describe("registry", () => {
    const { host } = machine.registry;
    const built = `${host}/looked-up/built:1`;
    const ask = () => createRegistry({ trusted: true, env: {}, home: "/nonexistent" });

    before(async () => {
      const context = await machine.folder("registry");
      await writeFile(
        join(context, "Dockerfile"),
        "FROM scratch\nARG TARGETARCH\nLABEL org.opencontainers.image.source=https://example.test/shop\nCOPY Dockerfile /of-$TARGETARCH\n",
      );
      await mustDocker(
        machine,
        ...["buildx", "build", "--platform=linux/amd64,linux/arm64", "--provenance=mode=min"],
        ...["--output", `type=image,name=${built},push=true`, context],
      );
      await pushImage(`${host}/looked-up/docker`, ["1"], { label: "docker", family: "docker" });
      await pushIndex(`${host}/looked-up/list`, ["1"], { label: "list", family: "docker" });
    });

    test("every image's digest is what buildx imagetools and skopeo say it is", async () => {
      const skopeo = await skopeoDigest();
      const { resolveDigest } = ask();
      const images = await imagesIn(host);
      assert.ok(images.length >= 4, images.join(" "));
      for (const image of images) {
        const { stdout } = await mustDocker(machine, "buildx", "imagetools", "inspect", image);
        const said = /^Digest:\s+(\S+)$/m.exec(stdout)?.[1];
        const { digest } = await resolveDigest(image);
        assert.equal(digest, said, `buildx imagetools: ${image}`);
        assert.equal(digest, await skopeo(image), `skopeo: ${image}`);
      }
    });

    test("the platforms and sizes of what buildx pushed, and its provenance, which is no SBOM and no signature", async () => {
      const { overview, evidence } = ask();
      const { platforms, labels } = await overview(built);
      assert.deepEqual(
        platforms.map(({ platform, layers }) => `${platform} ${layers}`),
        ["linux/amd64 1", "linux/arm64 1"],
      );
      assert.equal(labels.get("org.opencontainers.image.source"), "https://example.test/shop");
      const raw = JSON.parse((await mustDocker(machine, "buildx", "imagetools", "inspect", "--raw", built)).stdout);
      for (const { platform, digest, bytes } of platforms) {
        assert.ok(
          raw.manifests.some((each: { digest: string }) => each.digest === digest),
          platform,
        );
        const [repository = ""] = built.split(":1");
        const manifest = await mustDocker(
          machine,
          "buildx",
          "imagetools",
          "inspect",
          "--raw",
          `${repository}@${digest}`,
        );
        assert.equal(bytes, JSON.parse(manifest.stdout).layers[0].size);
      }
      const found = await evidence(built);
      assert.deepEqual([found.signed, found.sbom, found.provenance], [false, false, true]);
      assert.ok(found.items.every((item) => item.in === "index"));
    });

    test("a signature and an attested SBOM that cosign wrote are seen, in all that is printed", async () => {
      const program = join(await debianPackages(["cosign"], { suite: SUITE }), "usr", "bin", "cosign");
      const folder = await machine.folder("registry");
      const options = { cwd: folder, input: PASSWORD, timeoutMs: 60_000 };
      const cosign = async ({ command, args, env = {}, input = "" }: Invocation): Promise<Outcome> => {
        const result = await run(command, args, { ...options, input, env: { HOME: folder, ...env } });
        return { ...result, truncated: false, missing: false };
      };
      await mustRun(program, ["generate-key-pair", "--output-key-prefix", "ours"], {
        ...options,
        env: { COSIGN_PASSWORD: undefined },
      });
      const help = await cosign(signHelp(program));
      const { digest } = await ask().resolveDigest(built);
      const base = {
        ...{ program, key: join(folder, "ours.key"), password: PASSWORD, insecure: true, transparencyLog: false },
        ...{ dialect: readDialect(help.stdout + help.stderr), image: `${host}/looked-up/built@${digest}` },
      };
      assert.equal((await ask().evidence(built)).signed, false);
      assert.equal(failureOf(await cosign(sign(base))), undefined);
      assert.equal((await ask().evidence(built)).signed, true);

      const predicate = join(folder, "sbom.cdx.json");
      await writeFile(
        predicate,
        JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components: [] }),
      );
      assert.equal(failureOf(await cosign(attest({ ...base, predicate, type: "cyclonedx" }))), undefined);
      const { signed, sbom, provenance, items } = await ask().evidence(built);
      assert.deepEqual([signed, sbom, provenance], [true, true, true], JSON.stringify(items, undefined, 2));

      const image = (...more: readonly string[]) =>
        dockwright(machine, ["image", "--from=registry", "--outline", ...more, built], folder, { HOME: folder });
      const unknown = await image("--offline");
      assert.deepEqual([unknown.code, unknown.stdout], [2, ""]);
      assert.match(unknown.stderr, /looked-up\/built was not looked up: offline/);
      const printed = await image();
      assert.deepEqual(await image("--offline").then(({ code, stdout }) => [code, stdout]), [0, printed.stdout]);
      assert.equal(printed.code, 0, printed.stderr);
      assert.match(printed.stdout, new RegExp(`In its registry: ${digest}`));
      assert.match(printed.stdout, /source: https:\/\/example\.test\/shop/);
      assert.match(printed.stdout, /linux\/arm64 .* in 1 layer/);
      for (const line of [/signature, not verified: /, /SBOM, not verified: /, /provenance, not verified: .* in index/])
        assert.match(printed.stdout, line);
    });

    test("pin --check and --update when a tag moves", async () => {
      const image = `${host}/looked-up/renewed:1`;
      const old = await pushImage(`${host}/looked-up/renewed`, ["1"], { label: "old" });
      const folder = await machine.folder("registry");
      await writeFile(join(folder, "Dockerfile"), `FROM ${image}\n`);
      const pin = (...args: readonly string[]) => dockwright(machine, ["pin", ...args, "Dockerfile"], folder);
      assert.equal((await pin("--check")).code, 1);
      assert.equal((await pin()).code, 0);
      assert.deepEqual(await pin("--check").then(({ code, stdout }) => [code, stdout]), [0, ""]);
      const moved = await pushImage(`${host}/looked-up/renewed`, ["1"], { label: "new" });
      const behind = await pin("--check");
      const line = `Dockerfile:1: ${image} points at ${moved.digest} today, no longer at ${old.digest}\n`;
      assert.deepEqual([behind.code, behind.stdout], [1, line]);
      const renewed = await pin("--update");
      assert.equal(renewed.stdout, `Dockerfile: ${image} is ${moved.digest}, it was ${old.digest}\n`);
      assert.deepEqual(await pin("--check").then(({ code, stdout }) => [code, stdout]), [0, ""]);
    });
  });
}

/** All that have a tag, asked without any of our code. */
async function imagesIn(host: string): Promise<readonly string[]> {
  const get = async <T>(route: string): Promise<T> =>
    JSON.parse(await (await fetch(`http://${host}/v2/${route}`)).text());
  const { repositories } = await get<{ repositories: readonly string[] }>("_catalog?n=1000");
  const found: string[] = [];
  for (const repository of repositories) {
    const { tags } = await get<{ tags: readonly string[] | null }>(`${repository}/tags/list`);
    for (const tag of tags ?? []) found.push(`${host}/${repository}:${tag}`);
  }
  return found;
}
