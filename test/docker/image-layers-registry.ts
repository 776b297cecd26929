/**
 * Layers of images in a registry: packed in each way, with and without a table of contents, what is downloaded of them, and what is said
 * where the registry does not give them.
 */
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mustRun } from "../../scripts/process.ts";
import { startDocker } from "../../scripts/setup/docker.ts";
import { type RunningRegistry, startDockerRegistry, TEST_LOGIN } from "../../scripts/setup/docker-registry.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import { costsOf } from "../../server/src/core/image/costs.ts";
import type { Entry, Layer } from "../../server/src/core/image/image.ts";
import { createLayerCache } from "../../server/src/effects/image/cache.ts";
import { ImageError } from "../../server/src/effects/image/error.ts";
import { outlineOf, readSource, type SourceImage } from "../../server/src/effects/image/source.ts";
import { RegistryError } from "../../server/src/effects/registry/errors.ts";
import { type LocalServer, serve } from "../effects/local-server.ts";
import type { Machine } from "./machine.ts";

const RANDOM = 3_000_000;
const DOCKERFILE = (base: string): string => `FROM ${base}
RUN mkdir -p "/d/with blank" && head -c ${RANDOM} /dev/urandom >/d/a && ln /d/a /d/b && ln -s a /d/c && chmod 4755 /d/a
COPY --chown=7:8 ["file", "/d/with blank/file"]
RUN chmod 600 /d/a
RUN rm -rf /d && mkdir /d && echo new >/d/new
`;
/** What is stored of `/d/a`, the file beside it and the copy that chmod makes; the last RUN hides all of it. */
const WASTED = RANDOM * 2 + 5;

/** The release whose Docker writes eStargz: the current one's compression library makes another footer, at which it gives up. */
const STARGZ_SUITE = "trixie";

export function imageLayerRegistryTests(machine: Machine): void {
  describe("layers in a registry", () => {
    const started: AsyncDisposable[] = [];
    let own: RunningRegistry;
    let locked: RunningRegistry;
    let storage = "";
    let counting: LocalServer;
    let sent = 0;
    before(async () => {
      const folder = await machine.folder("registries");
      storage = join(folder, "images");
      own = await startDockerRegistry({ folder: join(folder, "open"), storage });
      started.push(own);
      locked = await startDockerRegistry({ folder: join(folder, "locked"), storage, auth: { kind: "htpasswd" } });
      started.push(locked);
      counting = await countingProxy(own.host, (bytes) => void (sent += bytes));
      started.push(counting);
    });
    after(() => Promise.all(started.map((each) => each[Symbol.asyncDispose]())));

    const base = (): string => `${machine.registry.host}/library/alpine:3.22`;
    async function context(): Promise<string> {
      const folder = await machine.folder("layers");
      await writeFile(join(folder, "Dockerfile"), DOCKERFILE(base()));
      await writeFile(join(folder, "file"), "hello");
      return folder;
    }
    async function push(env: Environment, name: string, output: string): Promise<string> {
      const image = `${own.host}/${name}`;
      const args = ["--network=host", "--provenance=false", "--output", `type=image,name=${image},push=true,${output}`];
      await mustRun("docker", ["buildx", "build", ...args, await context()], { env, timeoutMs: 180_000 });
      return image;
    }
    const read = (image: string, more = {}): Promise<SourceImage> => readSource({ kind: "registry", image }, more);
    const failure = async (image: string, more = {}): Promise<Error> => {
      const error: unknown = await read(image, more).catch((each: unknown) => each);
      assert.ok(error instanceof RegistryError || error instanceof ImageError, String(error));
      return error;
    };

    for (const [compression, expected] of [
      ["uncompressed", "none"],
      ["gzip", "gzip"],
      ["zstd", "zstd"],
    ] as const)
      test(`packed with ${compression}`, async () => {
        const output = `compression=${compression},force-compression=true,oci-mediatypes=true`;
        const image = await push(machine.docker.env, `layers/${compression}:1`, output);
        const outline = await outlineOf({ kind: "registry", image });
        const found = await read(image);
        assert.deepEqual(new Set(found.layers.map((layer) => layer.compression)), new Set([expected]));
        assert.deepEqual(
          outline.layers.map(({ digest, diffId, compressedBytes }) => [digest, diffId, compressedBytes]),
          found.layers.map(({ digest, diffId, storedSize }) => [digest, diffId, storedSize]),
        );
        assert.deepEqual([outline.sizeMeaning, outline.digest], ["compressed", found.digest]);
        assert.deepEqual(outline.history, found.history);
        assert.equal(costsOf(found).wastedBytes, WASTED);
        const manifest = await manifestOf(image);
        assert.deepEqual(
          manifest.layers.map(({ digest, size }) => [digest, size]),
          found.layers.map(({ digest, storedSize }) => [digest, storedSize]),
        );

        const archive = join(await machine.folder("archives"), "image.tar");
        const args = ["--network=host", "--provenance=false", "--output", `type=oci,dest=${archive},${output}`];
        await mustRun("docker", ["buildx", "build", ...args, await context()], {
          ...{ env: machine.docker.env, timeoutMs: 180_000 },
        });
        const archived = await readSource({ kind: "path", path: archive });
        assert.deepEqual(archived.layers, found.layers);
        assert.equal(archived.digest, found.digest);

        const [layer] = (await read(image, { layers: [5] })).layers.slice(5);
        assert.deepEqual(layer, found.layers[5]);
        const one = await read(image, { layers: [5] });
        assert.deepEqual(
          one.origins,
          found.layers.map((_each, at) => (at === 5 ? "read" : "none")),
        );
      });

    test("eStargz: files by the table of contents, without the layers", async () => {
      await using docker = await startDocker({ mirror: machine.registry.host, suite: STARGZ_SUITE });
      const output = "compression=estargz,force-compression=true,oci-mediatypes=true";
      const image = await push(docker.env, "layers/estargz:1", output);
      const stored = (await manifestOf(image)).layers.reduce((sum, { size }) => sum + size, 0);
      sent = 0;
      const listed = await read(image.replace(own.host, counting.host));
      assert.deepEqual(new Set(listed.origins), new Set(["contents"]));
      assert.ok(stored > 6_000_000 && sent < stored / 4, `${sent} of ${stored}`);
      const whole = await read(image, { tablesOfContents: false });
      assert.deepEqual(new Set(whole.origins), new Set(["read"]));
      assert.deepEqual(listed.layers.map(comparable), whole.layers.map(comparable));
      assert.deepEqual(costsOf(listed).wasted, costsOf(whole).wasted);

      // That Docker tells less of an image.
      const tag = ["--network=host", "--tag", "older:1"];
      await mustRun("docker", ["buildx", "build", ...tag, await context()], { env: docker.env, timeoutMs: 180_000 });
      const source = { kind: "engine", engine: "docker", image: "older:1" } as const;
      const options = { env: { ...process.env, ...docker.env } };
      const outline = await outlineOf(source, options);
      const found = await readSource(source, options);
      assert.equal(outline.sizeMeaning, "snapshot");
      assert.deepEqual(
        outline.layers.map(({ diffId }) => diffId),
        found.layers.map(({ diffId }) => diffId),
      );
      assert.equal(costsOf(found).wastedBytes, WASTED);
    });

    test("zstd:chunked: the same", async () => {
      await using podman = await setUpPodman({
        folder: await machine.folder("podman"),
        registries: [machine.registry.host, own.host],
      });
      const env = { ...podman.env, DOCKER_CONFIG: undefined };
      const image = `${own.host}/layers/chunked:1`;
      await mustRun("podman", ["build", "--quiet", "--network=host", "--tag", image, await context()], {
        env,
        timeoutMs: 180_000,
      });
      await mustRun("podman", ["push", "--quiet", "--compression-format", "zstd:chunked", image], {
        env,
        timeoutMs: 180_000,
      });
      sent = 0;
      const listed = await read(image.replace(own.host, counting.host));
      assert.ok(listed.origins.filter((origin) => origin === "contents").length >= 3, listed.origins.join());
      const large = listed.layers.findIndex(({ storedSize }) => storedSize > RANDOM);
      assert.equal(listed.origins[large], "contents");
      assert.ok(sent < RANDOM, String(sent));
      const whole = await read(image, { tablesOfContents: false });
      assert.deepEqual(listed.layers.map(comparable), whole.layers.map(comparable));
      assert.equal(costsOf(listed).wastedBytes, WASTED);
    });

    test("a layer read elsewhere is not downloaded", async () => {
      const image = await push(machine.docker.env, "layers/twice:1", "compression=gzip,force-compression=true");
      const cache = createLayerCache({ folder: undefined });
      const first = await read(image, { cache });
      sent = 0;
      const second = await read(image.replace(own.host, counting.host), { cache });
      assert.deepEqual(new Set(second.origins), new Set(["cache"]));
      assert.deepEqual(second.layers, first.layers);
      assert.ok(sent < 20_000, String(sent));
      // The same files in another packing.
      const zstd = await push(machine.docker.env, "layers/twice:2", "compression=zstd,force-compression=true");
      const third = await read(zstd, { cache });
      assert.deepEqual(new Set(third.origins), new Set(["cache"]));
      assert.deepEqual(third.layers.map(comparable), first.layers.map(comparable));
      assert.notDeepEqual(
        third.layers.map(({ digest }) => digest),
        first.layers.map(({ digest }) => digest),
      );
    });

    test("cancelling ends the download", async () => {
      const image = await push(machine.docker.env, "layers/cancelled:1", "compression=gzip");
      const controller = new AbortController();
      const reading = read(image, {
        signal: controller.signal,
        onProgress: (done: number) => done > 500_000 && controller.abort(new Error("enough")),
      });
      await assert.rejects(reading, /^Error: enough$/);
    });

    test("what is not there, not allowed, deleted or not what it should be", async () => {
      const image = await push(machine.docker.env, "layers/faulty:1", "compression=gzip,force-compression=true");
      const none = await failure(`${own.host}/layers/none:1`);
      assert.match(none.message, /has no .*layers\/none:1 \(HTTP 404.*check the name and the tag$/);
      const refused = await failure("127.0.0.1:1/layers/none:1");
      assert.match(
        refused.message,
        /^127\.0\.0\.1:1 refused the connection \(ECONNREFUSED\); check that the registry is running$/,
      );

      const home = await machine.folder("home");
      const asNobody = { registry: { trusted: true, env: {}, home } };
      const secret = image.replace(own.host, locked.host);
      assert.match((await failure(secret, asNobody)).message, /refuses access to .*log in with docker login$/);
      const login = Buffer.from(`${TEST_LOGIN.username}:${TEST_LOGIN.password}`).toString("base64");
      await writeFile(join(home, "config.json"), JSON.stringify({ auths: { [locked.host]: { auth: login } } }));
      const registry = { trusted: true, env: { DOCKER_CONFIG: home }, home };
      assert.equal((await read(secret, { registry })).layers.length, 9);
      assert.match(
        (await failure(secret, { registry: { ...registry, trusted: false } })).message,
        /refuses access to .*log in with docker login$/,
      );

      const { layers } = await manifestOf(image);
      const digest = layers.find(({ size }) => size > RANDOM)?.digest ?? "";
      const hex = digest.slice("sha256:".length);
      const blob = join(storage, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
      const bytes = await readFile(blob);
      const changed = Buffer.from(bytes);
      changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
      await writeFile(blob, changed);
      const wrong = await failure(image);
      assert.match(wrong.message, new RegExp(`${hex}.*(?:damaged: its digest is|gzip stream is damaged)`));
      await writeFile(blob, bytes.subarray(0, bytes.length - 1000));
      assert.match((await failure(image)).message, /ended a layer of .* early|sent/);
      await rm(blob);
      const deleted = await failure(image);
      assert.equal(
        deleted.message,
        `${own.host} no longer has the layer ${digest} of ${image} (HTTP 404); push the image again`,
      );
    });
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

async function manifestOf(image: string): Promise<{ readonly layers: readonly { digest: string; size: number }[] }> {
  const [, host = "", path = "", tag = ""] = /^([^/]+)\/(.*):(\w+)$/.exec(image) ?? [];
  const accept = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
  const response = await fetch(`http://${host}/v2/${path}/manifests/${tag}`, {
    headers: { accept: accept.join(", ") },
  });
  assert.equal(response.status, 200);
  return (await response.json()) as { layers: { digest: string; size: number }[] };
}

/** All but the times, which a table of contents has in whole seconds. */
function comparable({ entries, diffId }: Layer): unknown {
  const said = (entry: Entry) => ({ ...entry, mtime: 0 });
  return { diffId, entries: entries.map(said) };
}

/** Hands requests on to a registry and counts the bytes of its answers. */
function countingProxy(host: string, onBytes: (count: number) => void): Promise<LocalServer> {
  return serve((incoming, response) => {
    const { method, url, headers } = incoming;
    const outgoing = request(`http://${host}${url}`, { method, headers: { ...headers, host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on("data", (chunk: Buffer) => onBytes(chunk.length));
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    outgoing.end();
  });
}
