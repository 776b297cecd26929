/** `dockwright pin` against a real registry: BuildKit takes the digests it writes. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pushImage, pushIndex } from "../effects/push-image.ts";
import { dockwright } from "./dockwright.ts";
import { type Machine, mustDocker } from "./machine.ts";

export function pinTests(machine: Machine): void {
  describe("pin", () => {
    test("FROM and COPY --from get the registry's digests, and BuildKit builds on them", async () => {
      const { host } = machine.registry;
      const base = `${host}/library/alpine:3.22`;
      const tool = `${host}/library/debian:13`;
      const folder = await machine.folder("pin");
      const file = join(folder, "Dockerfile");
      const text = (from: string, copy: string): string =>
        `FROM ${from} AS build\nRUN echo built >/result\nFROM scratch\nCOPY --from=build /result /\nCOPY --from=${copy} /etc/passwd /\n`;
      await writeFile(file, text(base, tool));

      const pinned = await dockwright(machine, ["pin", "Dockerfile"], folder);
      assert.equal(pinned.code, 0, pinned.stderr);
      assert.equal(
        await readFile(file, "utf8"),
        text(`${base}@${await registryDigest(base)}`, `${tool}@${await registryDigest(tool)}`),
      );
      await mustDocker(
        machine,
        "buildx",
        "build",
        "--network=host",
        "--output",
        `type=local,dest=${folder}/out`,
        folder,
      );
      assert.equal(await readFile(join(folder, "out", "result"), "utf8"), "built\n");

      const again = await dockwright(machine, ["pin", "--diff", "Dockerfile"], folder);
      assert.deepEqual([again.code, again.stdout], [0, ""], "nothing is left to pin");
    });

    test("an image of many platforms is pinned to its index, which BuildKit builds for each platform", async () => {
      const { host } = machine.registry;
      const image = `${host}/library/many:1`;
      const index = await pushIndex(`${host}/library/many`, ["1"], { label: "many" });
      const folder = await machine.folder("pin");
      await writeFile(join(folder, "Dockerfile"), `FROM ${image}\nLABEL a=b\n`);

      assert.equal((await dockwright(machine, ["pin", "Dockerfile"], folder)).code, 0);
      assert.equal(await readFile(join(folder, "Dockerfile"), "utf8"), `FROM ${image}@${index.digest}\nLABEL a=b\n`);
      await mustDocker(
        machine,
        ...[
          "buildx",
          "build",
          "--platform=linux/amd64,linux/arm64",
          "--output",
          `type=oci,tar=false,dest=${folder}/out`,
          folder,
        ],
      );
    });

    test("a pinned tag that moves leaves the build where it was", async () => {
      const { host } = machine.registry;
      const image = `${host}/library/moving:1`;
      await pushImage(`${host}/library/moving`, ["1"], { label: "old" });
      const folder = await machine.folder("pin");
      await writeFile(join(folder, "Dockerfile"), `FROM ${image}\n`);
      assert.equal((await dockwright(machine, ["pin", "Dockerfile"], folder)).code, 0);
      await pushImage(`${host}/library/moving`, ["1"], { label: "new" });
      await mustDocker(machine, "buildx", "build", "--tag", "moved", folder);
      assert.equal(
        (await mustDocker(machine, "image", "inspect", "--format", "{{.Config.Labels.label}}", "moved")).stdout.trim(),
        "old",
      );
    });

    test("an image the registry does not have is said, and its line stays", async () => {
      const folder = await machine.folder("pin");
      const text = `FROM ${machine.registry.host}/library/missing:1\n`;
      await writeFile(join(folder, "Dockerfile"), text);
      const pinned = await dockwright(machine, ["pin", "Dockerfile"], folder);
      assert.equal(pinned.code, 2);
      assert.match(pinned.stderr, /library\/missing:1 was not pinned/);
      assert.equal(await readFile(join(folder, "Dockerfile"), "utf8"), text);
    });
  });
}

/** Asked without any of our code. */
async function registryDigest(image: string): Promise<string> {
  const [, host = "", path = "", tag = ""] = /^([^/]+)\/(.+):([^:]+)$/.exec(image) ?? [];
  const accept = [
    ...["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"],
    ...[
      "application/vnd.docker.distribution.manifest.list.v2+json",
      "application/vnd.docker.distribution.manifest.v2+json",
    ],
  ].join(", ");
  const answer = await fetch(`http://${host}/v2/${path}/manifests/${tag}`, { method: "HEAD", headers: { accept } });
  const digest = answer.headers.get("docker-content-digest");
  assert.ok(digest, `the registry has ${image}`);
  return digest;
}
