/**
 * Layers of images built here by each engine: their bytes against the engine's own numbers and against GNU tar, what is planted as waste,
 * the line of the Dockerfile each comes from, and that only new layers are read again.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mustRun } from "../../scripts/process.ts";
import { type RunningDocker, startDocker } from "../../scripts/setup/docker.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import { costsOf } from "../../server/src/core/image/costs.ts";
import { stepsOfLayers } from "../../server/src/core/image/history.ts";
import { matchSteps } from "../../server/src/core/image/match.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { createLayerCache } from "../../server/src/effects/image/cache.ts";
import { EngineError } from "../../server/src/effects/image/engine-error.ts";
import {
  type Engine,
  type ImageSource,
  type Outline,
  outlineOf,
  readSource,
  type SourceImage,
} from "../../server/src/effects/image/source.ts";
import { layersByTar, listed } from "./image-layers-tar.ts";
import type { Machine } from "./machine.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Built {
  /** Says which builder and which store. */
  readonly name: string;
  readonly engine: Engine;
  readonly env: () => Environment;
  readonly build: (image: string, context: string) => Promise<unknown>;
  /** Writes `docker save`'s archive. */
  readonly save: (image: string, archive: string) => Promise<unknown>;
  /** What its number of a layer is. */
  readonly means: "files" | "files and links" | "tar" | "disk" | "nothing";
  /** WORKDIR makes a layer. */
  readonly workdirLayer: boolean;
}

const LARGE = 300_000;
const CACHED = 400_000;
const LINKED = 500_000;

const dockerfile = (base: string): string => `FROM ${base} AS build
RUN mkdir /out && head -c 700000 /dev/urandom >/out/app
FROM ${base}
WORKDIR /srv
COPY --from=build /out/app bin/app
COPY data/ data/
RUN chmod 600 data/large
RUN head -c ${LINKED} /dev/urandom >/etc/a && ln /etc/a /etc/b && ln -s a /etc/c
RUN mkdir /cache && \\
    head -c ${CACHED} /dev/urandom >/cache/x
ENV A=b
RUN rm -rf /cache
RUN echo "$A" >/etc/built
CMD ["true"]
`;
/** Of the instructions that make a layer, with and without the one of WORKDIR. */
const LINES = [4, 5, 6, 7, 8, 9, 12, 13];

export function imageLayerTests(machine: Machine): void {
  describe("layers of images", () => {
    let podman: Environment = {};
    let graph: RunningDocker | undefined;
    const started: AsyncDisposable[] = [];
    before(async () => {
      const set = await setUpPodman({ folder: await machine.folder("podman"), registries: [machine.registry.host] });
      started.push(set);
      podman = { ...set.env, DOCKER_CONFIG: undefined };
      graph = await startDocker({ mirror: machine.registry.host, graphDriver: true });
      started.push(graph);
    });
    after(() => Promise.all(started.map((each) => each[Symbol.asyncDispose]())));

    const run = (program: string, args: readonly string[], env: Environment) =>
      mustRun(program, args, { env, timeoutMs: 180_000 });
    const containerd = (): Environment => machine.docker.env;
    const driver = (): Environment => graph?.env ?? {};
    const base = (): string => `${machine.registry.host}/library/alpine:3.22`;
    const buildx = (env: () => Environment) => (image: string, context: string) =>
      run("docker", ["buildx", "build", "--network=host", "--provenance=false", "--tag", image, context], env());
    const dockerSave = (env: () => Environment) => (image: string, archive: string) =>
      run("docker", ["image", "save", "--output", archive, image], env());
    const podmanSave = (image: string, archive: string) =>
      run("podman", ["save", "--quiet", "--format", "docker-archive", "--output", archive, image], podman);

    const BUILT: readonly Built[] = [
      {
        ...{ name: "BuildKit, containerd's store", engine: "docker", env: containerd, means: "disk" },
        ...{ build: buildx(containerd), save: dockerSave(containerd), workdirLayer: true },
      },
      {
        ...{ name: "BuildKit, graph driver", engine: "docker", env: driver, means: "files" },
        ...{ build: buildx(driver), save: dockerSave(driver), workdirLayer: true },
      },
      {
        ...{ name: "the classic builder", engine: "docker", env: driver, means: "files and links" },
        build: (image, context) =>
          run("docker", ["build", "--network=host", "--tag", image, context], { ...driver(), DOCKER_BUILDKIT: "0" }),
        ...{ save: dockerSave(driver), workdirLayer: true },
      },
      {
        ...{ name: "podman", engine: "podman", env: () => podman, means: "tar" },
        build: (image, context) =>
          run("podman", ["build", "--quiet", "--network=host", "--tag", image, context], podman),
        ...{ save: podmanSave, workdirLayer: false },
      },
      {
        ...{ name: "buildah", engine: "buildah", env: () => podman, means: "tar" },
        build: (image, context) =>
          run("buildah", ["build", "--quiet", "--layers", "--network=host", "--tag", image, context], podman),
        ...{ save: podmanSave, workdirLayer: false },
      },
    ];

    async function context(name: string, text: string, large = Buffer.alloc(LARGE, 1)): Promise<string> {
      const folder = await machine.folder(name);
      await mkdir(join(folder, "data"));
      await writeFile(join(folder, "data", "large"), large, { mode: 0o644 });
      await writeFile(join(folder, "data", "small"), "small file\n", { mode: 0o644 });
      await writeFile(join(folder, "Dockerfile"), text);
      return folder;
    }

    const sourceOf = ({ engine }: Built, image: string): ImageSource => ({ kind: "engine", engine, image });

    for (const [at, built] of BUILT.entries())
      describe(built.name, () => {
        const image = `layers-test-${at}:1`;
        let read: SourceImage;
        let outline: Outline;
        let folder = "";
        let parts = "";
        before(async () => {
          folder = await context("layers", dockerfile(base()));
          await built.build(image, folder);
          const options = { env: { ...process.env, ...built.env() } };
          outline = await outlineOf(sourceOf(built, image), options);
          read = await readSource(sourceOf(built, image), options);
        });

        const content = (): readonly number[] =>
          read.layers.map(({ entries }) => entries.reduce((sum, { size }) => sum + size, 0));

        test("each layer holds what GNU tar lists in it", async () => {
          const archive = join(await machine.folder("saved"), "image.tar");
          await built.save(image, archive);
          parts = await machine.folder("parts");
          const byTar = await layersByTar(archive, parts);
          assert.deepEqual(
            read.layers.map(({ entries }) => ({
              files: entries.filter(({ type }) => type === "file").length,
              bytes: entries.reduce((sum, { size }) => sum + size, 0),
              linkBytes: entries.reduce(
                (sum, { type, link }) => sum + (type === "symlink" ? (link ?? "").length : 0),
                0,
              ),
              entries: entries.length,
            })),
            byTar,
          );
        });

        test("the engine's numbers are the same where they mean the same", async () => {
          assert.deepEqual(
            outline.layers.map(({ diffId }) => diffId),
            read.layers.map(({ diffId }) => diffId),
          );
          assert.deepEqual(outline.platform, read.platform);
          const said = outline.layers.map(({ contentBytes }) => contentBytes ?? -1);
          const links = read.layers.map(({ entries }) =>
            entries.reduce((sum, { type, link }) => sum + (type === "symlink" ? (link ?? "").length : 0), 0),
          );
          // A graph driver measures the folder of a layer that was pulled, and of the classic builder's own: there a symbolic link has
          // the length of its target. BuildKit counts the files of what it makes.
          if (built.means.startsWith("files")) {
            const own = outline.layers.length - LINES.length;
            const withLinks = content().map((bytes, layer) => bytes + (links[layer] ?? 0));
            assert.deepEqual(said.slice(0, own), withLinks.slice(0, own));
            assert.deepEqual(said.slice(own), (built.means === "files" ? content() : withLinks).slice(own));
            assert.ok(links.some((bytes) => bytes > 0));
          }
          if (built.means === "tar")
            assert.deepEqual(
              said,
              read.layers.map(({ tarSize }) => tarSize),
            );
          // containerd tells what a snapshot takes on disk: folders, and files in whole blocks.
          if (built.means === "disk")
            for (const [layer, bytes] of content().entries())
              assert.ok(
                (said[layer] ?? 0) >= bytes && (said[layer] ?? 1) % 4096 === 0,
                `${layer}: ${said[layer]} ${bytes}`,
              );
          assert.equal(outline.sizeMeaning, built.means.startsWith("files") ? "content" : "snapshot");

          if (built.engine !== "docker") return;
          const { stdout } = await run("docker", ["image", "inspect", "--format", "{{.Size}}", image], built.env());
          const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
          // The size of the whole is there what it holds as stored: layers, configuration and manifest.
          const stored = await Promise.all(
            [read.configDigest, read.digest].map((digest = "") => blobSize(parts, digest)),
          );
          const whole = built.means === "disk" ? read.layers.map(({ storedSize }) => storedSize).concat(stored) : said;
          assert.equal(Number(stdout), sum(whole));
        });

        test("the waste is what was planted", () => {
          const costs = costsOf(read);
          assert.deepEqual(
            costs.wasted.filter(({ bytes }) => bytes > 0).map(({ path, bytes, how }) => [path, bytes, how]),
            [
              ["cache/x", CACHED, "removed"],
              ["srv/data/large", LARGE, "metadata"],
            ],
          );
          assert.equal(costs.wastedBytes, LARGE + CACHED);
          assert.equal(costs.storedBytes - costs.visibleBytes, LARGE + CACHED);
          assert.equal(
            costs.storedBytes,
            content().reduce((sum, bytes) => sum + bytes, 0),
          );
        });

        test("each layer is of the line that made it", () => {
          const text = readFileSync(join(folder, "Dockerfile"), "utf8");
          const matched = matchSteps(read.history, parseDockerfile(text));
          const lines = stepsOfLayers(read.history, read.layers).map((steps) => {
            const [span] = steps.flatMap((step) => matched[step]?.span ?? []);
            return span && text.slice(0, span.start).split("\n").length;
          });
          const own = built.workdirLayer ? LINES : LINES.slice(1);
          assert.deepEqual(lines.slice(-own.length), own);
          assert.ok(lines.length > own.length);
          assert.deepEqual(new Set(lines.slice(0, -own.length)), new Set([undefined]));
          // The outline says the same, without a file read.
          const early = matchSteps(outline.history, parseDockerfile(text));
          assert.deepEqual(
            stepsOfLayers(outline.history, outline.layers).map((steps) =>
              steps.flatMap((step) => early[step]?.span ?? []),
            ),
            stepsOfLayers(read.history, read.layers).map((steps) => steps.flatMap((step) => matched[step]?.span ?? [])),
          );
        });

        test("after another build only the new layers are read, then none", async () => {
          const options = { env: { ...process.env, ...built.env() } };
          const folderOfCache = await machine.folder("cache");
          const cache = createLayerCache({ folder: folderOfCache });
          const first = await readSource(sourceOf(built, image), { ...options, cache });
          assert.ok(first.origins.every((origin) => origin === "read"));
          const other = `layers-test-${at}:2`;
          await built.build(other, await context("layers", dockerfile(base()), Buffer.alloc(LARGE, 2)));
          const second = await readSource(sourceOf(built, other), { ...options, cache });
          const before = new Set(first.layers.map(({ diffId }) => diffId));
          assert.deepEqual(
            second.origins,
            second.layers.map(({ diffId }) => (before.has(diffId) ? "cache" : "read")),
          );
          const counted = Object.groupBy(second.origins, (origin) => origin);
          assert.ok((counted.cache?.length ?? 0) >= 5 && (counted.read?.length ?? 0) >= 1, second.origins.join());

          await cache.settled();
          const later = createLayerCache({ folder: folderOfCache });
          const third = await readSource(sourceOf(built, other), { ...options, cache: later });
          assert.ok(third.origins.every((origin) => origin === "cache"));
          assert.deepEqual(third.layers, second.layers);
          assert.deepEqual(
            (await readdir(folderOfCache)).filter((name) => !/\.(?:layer|image)$/.test(name)),
            [],
          );
        });

        test("an image that is not there is said so", async () => {
          const none = { kind: "engine", engine: built.engine, image: "no-such-image:7" } as const;
          const options = { env: { ...process.env, ...built.env() } };
          for (const ask of [outlineOf, readSource])
            await assert.rejects(ask(none, options), (error) => {
              assert.ok(error instanceof EngineError && error.kind === "no-image", String(error));
              assert.equal(
                error.message,
                `${built.engine} has no image no-such-image:7; build it or pull it first, or check its name`,
              );
              return true;
            });
        });
      });

    for (const built of [BUILT[0], BUILT[1]])
      test(`what is visible in the end is what Docker exports: ${built?.name}`, async () => {
        assert.ok(built);
        const image = "exported-test:1";
        await built.build(image, await context("layers", dockerfile(base())));
        const read = await readSource(sourceOf(built, image), { env: { ...process.env, ...built.env() } });
        const { stdout } = await run("docker", ["create", "--network=none", image], built.env());
        const file = join(await machine.folder("saved"), "export.tar");
        await run("docker", ["export", "--output", file, stdout.trim()], built.env());
        await run("docker", ["rm", stdout.trim()], built.env());
        assert.equal(costsOf(read).visibleBytes, (await listed(file)).bytes);
      });

    test("of an image for several platforms only this machine's is read", async () => {
      const folder = await context("layers", "FROM scratch\nARG TARGETARCH\nCOPY data/$TARGETARCH /data/large\n");
      for (const name of ["amd64", "arm64"]) await writeFile(join(folder, "data", name), randomBytes(LARGE));
      const args = ["--platform=linux/amd64,linux/arm64", "--tag", "platforms-test:1", folder];
      await run("docker", ["buildx", "build", ...args], containerd());
      const source = { kind: "engine", engine: "docker", image: "platforms-test:1" } as const;
      const options = { env: { ...process.env, ...containerd() } };
      const outline = await outlineOf(source, options);
      let bytes = 0;
      const read = await readSource(source, { ...options, onProgress: (done) => void (bytes = done) });
      const own = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
      assert.deepEqual([outline.platform, read.platform, read.names], [own, own, ["platforms-test:1"]]);
      assert.deepEqual(
        read.layers.map(({ entries }) => entries.map(({ path, size }) => [path, size])),
        [
          [
            ["data", 0],
            ["data/large", LARGE],
          ],
        ],
      );
      assert.ok(bytes > LARGE && bytes < 1.5 * LARGE, String(bytes));
    });

    test("buildah without --layers: one layer, of all the lines that made it", async () => {
      const folder = await context("layers", dockerfile(base()));
      await run("buildah", ["build", "--quiet", "--network=host", "--tag", "single-test:1", folder], podman);
      const options = { env: { ...process.env, ...podman } };
      const read = await readSource({ kind: "engine", engine: "buildah", image: "single-test:1" }, options);
      const text = dockerfile(base());
      const matched = matchSteps(read.history, parseDockerfile(text));
      const lines = stepsOfLayers(read.history, read.layers).map((steps) =>
        steps.flatMap((step) => {
          const span = matched[step]?.span;
          return span ? [text.slice(0, span.start).split("\n").length] : [];
        }),
      );
      assert.deepEqual(lines.at(-1), LINES);
      assert.deepEqual(lines.slice(0, -1).flat(), []);
      // What one layer removes of itself was never stored.
      assert.equal(costsOf(read).wastedBytes, 0);
    });

    test("an image of 120 layers", async () => {
      const [built] = BUILT;
      assert.ok(built);
      const count = 120 - 5;
      const copies = Array.from({ length: count }, (_each, at) => `COPY data/small /n/${at}`);
      const text = `FROM ${base()}\n${copies.join("\n")}\n`;
      await built.build("many-test:1", await context("layers", text));
      const options = { env: { ...process.env, ...built.env() } };
      const outline = await outlineOf(sourceOf(built, "many-test:1"), options);
      const read = await readSource(sourceOf(built, "many-test:1"), options);
      assert.deepEqual([outline.layers.length, read.layers.length], [120, 120]);
      for (const { history, layers } of [outline, read]) {
        const matched = matchSteps(history, parseDockerfile(text));
        const lines = stepsOfLayers(history, layers).map(([step = -1]) => {
          const span = matched[step]?.span;
          return span && text.slice(0, span.start).split("\n").length;
        });
        assert.deepEqual(
          lines.slice(5),
          Array.from({ length: count }, (_each, at) => at + 2),
        );
      }
      const costs = costsOf(read);
      assert.equal(costs.wastedBytes, 0);
      assert.equal(
        costs.layers.slice(5).reduce((sum, { contentBytes }) => sum + contentBytes, 0),
        count * 11,
      );
    });

    // The store of the classic builder is that of the one before it.
    for (const built of BUILT.filter(({ means }) => means !== "files and links"))
      test(`cancelling leaves nothing behind: ${built.name}`, async () => {
        const image = `cancelled-test-${process.pid}:1`;
        const temporary = await machine.folder("temporary");
        const text = `FROM ${base()}\nRUN head -c 60000000 /dev/zero >/zeros && head -c 40000000 /dev/urandom >/random\n`;
        await built.build(image, await context("layers", text));
        const controller = new AbortController();
        const cache = await machine.folder("cache");
        const before = process.env["TMPDIR"];
        process.env["TMPDIR"] = temporary;
        const reading = readSource(sourceOf(built, image), {
          ...{ env: { ...process.env, ...built.env() }, signal: controller.signal },
          cache: createLayerCache({ folder: cache }),
          onProgress: (done) => {
            if (done > 1_000_000) controller.abort(new Error("enough"));
          },
        });
        await assert.rejects(reading, /^Error: enough$/).finally(() => {
          if (before === undefined) delete process.env["TMPDIR"];
          else process.env["TMPDIR"] = before;
        });
        assert.deepEqual(processesWith(image), []);
        assert.deepEqual(await readdir(temporary), []);
        assert.deepEqual(
          (await readdir(cache)).filter((name) => !name.endsWith(".layer")),
          [],
        );
      });

    test("an engine that is not there, and one that does not run, are said", async () => {
      const image = "any:1";
      const error = async (source: ImageSource, env: Environment): Promise<EngineError> => {
        const failure: unknown = await readSource(source, { env: { ...process.env, ...env } }).catch(
          (each: unknown) => each,
        );
        assert.ok(failure instanceof EngineError, String(failure));
        return failure;
      };
      const stopped = await error(
        { kind: "engine", engine: "docker", image },
        {
          ...containerd(),
          DOCKER_HOST: "unix:///tmp/no-daemon.sock",
        },
      );
      assert.equal(stopped.kind, "no-daemon");
      assert.match(stopped.message, /^docker is not running here \(.*no-daemon\.sock.*\); start it, then try again$/);
      const missing = await error({ kind: "engine", engine: "nerdctl", image }, {});
      assert.equal(missing.kind, "missing");
      assert.match(missing.message, /^nerdctl is not on PATH; install it/);
    });
  });
}

/** Of a blob among an archive's parts as `layersByTar` leaves them. */
const blobSize = async (folder: string, digest: string): Promise<number> =>
  (await stat(join(folder, "parts", "blobs", digest.replace(":", "/")))).size;

/** Ids of processes that have this among their arguments. */
function processesWith(argument: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(join("/proc", pid, "cmdline"), "utf8")
        .split("\0")
        .includes(argument);
    } catch {
      return false;
    }
  });
}
