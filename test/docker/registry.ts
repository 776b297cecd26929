/** What we say of images in a real registry beside what buildx, skopeo and cosign do: digests, platforms, signatures, provenance. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
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
import { hoversOn } from "./image-hover.ts";
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

      const cache = join(folder, "hover");
      const { before: unasked, after: asked } = await hoversOn(built, cache);
      assert.match(unasked, /Not looked up yet\.$/);
      assert.ok(asked.includes(`- \`1\` is \`${digest.slice(0, 19)}…\``), asked);
      assert.match(asked, /- Source: \[example\.test\/shop\]\(https:\/\/example\.test\/shop\)/);
      assert.match(asked, /- Found beside it, not verified: signature, SBOM, provenance$/m);
      assert.match(asked, /^\| linux\/amd64.* \| \d+ B \|$/m);
      assert.match(asked, /^\| linux\/arm64.* \| \d+ B \|$/m);
      assert.equal((await hoversOn(built, cache)).before, asked, "the next server has it from the disk");
    });

    test("check --online says beforehand what BuildKit stops at, and the cache says it again", async () => {
      const repository = `${host}/looked-up/checked`;
      const old = await pushIndex(repository, ["22", "22-alpine"], { label: "old", created: "2026-01-02T00:00:00Z" });
      const today = await pushIndex(repository, ["22", "24"], { label: "new", created: "2026-11-01T00:00:00Z" });
      const folder = await machine.folder("registry");
      const files = {
        "Dockerfile.missing": `FROM ${repository}:22-alpin\n`,
        "Dockerfile.stale": `FROM ${repository}:22@${old.digest}\n`,
        "Dockerfile.mismatch": `FROM --platform=linux/s390x ${repository}:24\n`,
        "Dockerfile.newer": `FROM ${repository}:22\n`,
        "Dockerfile.platform": `FROM ${repository}:24\n`,
        "compose.yaml": [
          "services:",
          "  app: {build: {context: ., dockerfile: Dockerfile.platform, platforms: [linux/amd64, linux/riscv64]}}",
          `  gone: {image: "${host}/looked-up/nothing:1"}`,
          `  other: {image: "${repository}:24", platform: linux/s390x}`,
          `  old: {image: "${repository}:22@${old.digest}"}`,
          "",
        ].join("\n"),
      };
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      const select = [
        ...["base-not-found", "base-digest-stale", "base-platform-mismatch", "base-platform-missing", "base-newer-tag"],
        ...[
          "compose-image-not-found",
          "compose-image-digest-stale",
          "compose-image-platform",
          "compose-image-newer-tag",
        ],
      ].join(",");
      const check = async (...args: readonly string[]) => {
        const options = [
          "check",
          "--format=json",
          "--profile=strict",
          "--shellcheck=off",
          `--select=${select}`,
          ...args,
        ];
        const { stdout, stderr } = await dockwright(machine, options, folder, {
          HOME: folder,
          XDG_CACHE_HOME: undefined,
        });
        // That something is not there is not kept.
        const unknown = args.includes("--offline") ? ["looked-up/checked:22-alpin", "looked-up/nothing:1"] : [];
        const lines = unknown.map((name) => `${name} was not looked up: ${host}/${name.replace(/:.*/, "")} was not`);
        assert.equal(stderr.match(/^dockwright: /gm)?.length ?? 0, unknown.length, stderr);
        for (const line of lines) assert.ok(stderr.includes(line), stderr);
        const found = JSON.parse(stdout) as readonly Found[];
        return found.map(({ file, rule, message }) => `${file} ${rule}: ${message.replaceAll(host, "HOST")}`);
      };
      const short = (digest: string): string => digest.slice(7, 14);
      const moved = `points at ${short(today.digest)} (2026-11-01) today, no longer at ${short(old.digest)} (2026-01-02)`;
      const only = "only for linux/amd64, linux/arm64";
      const app = "HOST/looked-up/checked";
      const expected = [
        `Dockerfile.mismatch base-platform-mismatch: There is no ${app}:24 for linux/s390x, ${only}`,
        `Dockerfile.missing base-not-found: HOST has no ${app}:22-alpin; of ${app} it has 22-alpine`,
        `Dockerfile.newer base-newer-tag: ${app}:22: the registry has 24 by now`,
        `Dockerfile.platform base-platform-missing: There is no ${app}:24 for linux/riscv64, ${only}, and compose builds app for it`,
        `Dockerfile.stale base-digest-stale: ${app}:22 ${moved}`,
        `Dockerfile.stale base-newer-tag: ${app}:22@${old.digest}: the registry has 24 by now`,
        "compose.yaml compose-image-not-found: HOST has no HOST/looked-up/nothing:1",
        `compose.yaml compose-image-platform: There is no ${app}:24 for linux/s390x, ${only}`,
        `compose.yaml compose-image-digest-stale: ${app}:22 ${moved}`,
        `compose.yaml compose-image-newer-tag: ${app}:22@${old.digest}: the registry has 24 by now`,
      ];
      assert.deepEqual(await check(), [], "nobody is asked without --online");
      assert.deepEqual((await check("--online")).toSorted(), expected.toSorted());
      const kept = expected.filter((line) => !line.includes("not-found"));
      assert.deepEqual((await check("--online", "--offline")).toSorted(), kept.toSorted());

      const build = (file: string, ...args: readonly string[]) =>
        machine.docker.docker(["buildx", "build", "--network=host", ...args, "--file", join(folder, file), folder]);
      for (const [file, args, stops] of [
        ["Dockerfile.missing", [], /22-alpin: not found/],
        ["Dockerfile.mismatch", [], /no match for platform in manifest/],
        ["Dockerfile.platform", ["--platform=linux/riscv64"], /no match for platform in manifest/],
      ] as const) {
        const { code, stderr } = await build(file, ...args);
        assert.notEqual(code, 0, file);
        assert.match(stderr, stops, file);
      }
    });

    test("registries.conf leads us where it leads skopeo", async () => {
      const folder = await machine.folder("registry");
      await pushIndex(`${host}/looked-up/inside/app`, ["1"], { label: "inside" });
      await mkdir(join(folder, ".config", "containers"), { recursive: true });
      await writeFile(
        join(folder, ".config", "containers", "registries.conf"),
        `[[registry]]
prefix = "registry.invalid/team"
location = "nowhere.invalid/other"
[[registry.mirror]]
location = "${host}/looked-up/inside"
insecure = true
[[registry]]
prefix = "moved.invalid"
location = "${host}/looked-up/inside"
insecure = true
[[registry]]
location = "blocked.invalid"
blocked = true
`,
      );
      const skopeo = await skopeoDigest({ HOME: folder });
      const options = { env: {}, home: folder, limits: { retryMs: 1 } };
      const { digest } = createRegistry({ trusted: true, ...options });
      for (const image of ["registry.invalid/team/app:1", "moved.invalid/app:1"])
        assert.equal(await digest(image), await skopeo(image), image);
      const blocked = await digest("blocked.invalid/app:1");
      assert.match(typeof blocked === "object" ? blocked.unknown : blocked, /registries\.conf blocks it/);
      await assert.rejects(skopeo("blocked.invalid/app:1"), /blocked/);
      const untrusted = createRegistry({ trusted: false, ...options });
      const unread = await untrusted.digest("moved.invalid/app:1");
      assert.match(typeof unread === "object" ? unread.unknown : unread, /moved\.invalid cannot be found/);
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

interface Found {
  readonly file: string;
  readonly rule: string;
  readonly message: string;
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
