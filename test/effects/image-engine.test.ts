/**
 * Images of engines, where programs of ours stand for the engines: what is asked of each, and what is made of answers no real one gives on
 * demand. The real ones are in test/docker.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createLayerCache } from "../../server/src/effects/image/cache.ts";
import { EngineError, type EngineErrorKind } from "../../server/src/effects/image/engine-error.ts";
import { ImageError } from "../../server/src/effects/image/error.ts";
import { type Engine, outlineOf, readSource } from "../../server/src/effects/image/source.ts";
import { ociArchive, sha256, tar } from "../image/archives.ts";

const LAYERS = [tar([{ name: "a", content: "one" }]), tar([{ name: "b", content: "three" }])];
const ARCHIVE = ociArchive({ layers: LAYERS, history: [{ created_by: "COPY a /" }, { created_by: "COPY b /" }] });
const DIFF_IDS = LAYERS.map((layer) => `sha256:${sha256(layer)}`);

/** By the word that stands before everything else, what the program does: prints and ends with a code. */
interface Answer {
  readonly stdout?: string | Buffer;
  readonly stderr?: string;
  readonly code?: number;
}

describe("an image of an engine", { skip: process.platform === "win32" }, () => {
  let root = "";
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "dockwright-engine-"));
  });
  after(() => rm(root, { recursive: true, force: true }));

  /** A program of that name that answers by its first argument which is no option and no value of `--context` and its like. */
  async function program(engine: Engine, answers: Readonly<Record<string, Answer>>) {
    const folder = await mkdtemp(join(root, "bin-"));
    for (const [word, { stdout = "" }] of Object.entries(answers)) await writeFile(join(folder, `${word}.out`), stdout);
    const table = Object.entries(answers).map(([word, { stderr = "", code = 0 }]) => [word, { stderr, code }]);
    const script = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(join(folder, "asked"))}, JSON.stringify(args) + "\\n");
const answers = new Map(${JSON.stringify(table)});
const word = args.find((each) => answers.has(each));
const { stderr, code } = answers.get(word) ?? { stderr: "unknown", code: 2 };
process.stderr.write(stderr);
process.stdout.write(readFileSync(${JSON.stringify(folder)} + "/" + word + ".out"), () => process.exit(code));
`;
    await writeFile(join(folder, engine), script, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"]}` };
    const asked = async (): Promise<readonly (readonly string[])[]> =>
      (await readFile(join(folder, "asked"), "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as string[]);
    return { env, asked };
  }

  async function failure(engine: Engine, answers: Readonly<Record<string, Answer>>, image = "app:1") {
    const { env } = await program(engine, answers);
    const error: unknown = await readSource({ kind: "engine", engine, image }, { env }).catch((each: unknown) => each);
    assert.ok(error instanceof EngineError || error instanceof ImageError, String(error));
    return error;
  }

  const INSPECTED = JSON.stringify({
    ...{ Id: `sha256:${"1".repeat(64)}`, RepoTags: ["app:1"], Os: "linux", Architecture: "amd64", Size: 8 },
    RootFS: { Type: "layers", Layers: DIFF_IDS },
  });
  /** As nerdctl prints it: the last step first, and `<missing>` where there is no snapshot. */
  const NERDCTL_HISTORY = [
    { Snapshot: "<missing>", CreatedBy: 'CMD ["app"]', Size: "0", Comment: "buildkit.dockerfile.v0" },
    {
      Snapshot: `sha256:${"2".repeat(64)}`,
      CreatedBy: "COPY b / # buildkit",
      Size: "8192",
      Comment: "buildkit.dockerfile.v0",
    },
    { Snapshot: "<missing>", CreatedBy: "WORKDIR /", Size: "0", Comment: "buildkit.dockerfile.v0" },
    {
      Snapshot: `sha256:${"3".repeat(64)}`,
      CreatedBy: "COPY a / # buildkit",
      Size: "4096",
      Comment: "buildkit.dockerfile.v0",
    },
  ];

  test("nerdctl: sizes of snapshots, and the archive it prints", async () => {
    const { env, asked } = await program("nerdctl", {
      inspect: { stdout: `${INSPECTED}\n` },
      history: { stdout: NERDCTL_HISTORY.map((each) => JSON.stringify(each)).join("\n") },
      save: { stdout: ARCHIVE },
    });
    const source = { kind: "engine", engine: "nerdctl", image: "app:1", context: "k8s.io" } as const;
    const outline = await outlineOf(source, { env });
    assert.deepEqual(
      outline.layers.map(({ diffId, contentBytes }) => [diffId, contentBytes]),
      [
        [DIFF_IDS[0], 4096],
        [DIFF_IDS[1], 8192],
      ],
    );
    assert.deepEqual(
      outline.history.map(({ empty }) => empty),
      [false, true, false, true],
    );
    assert.equal(outline.sizeMeaning, "snapshot");
    const progress: number[] = [];
    const image = await readSource(source, { env, onProgress: (done) => progress.push(done) });
    assert.deepEqual(
      image.layers.map(({ diffId }) => diffId),
      DIFF_IDS,
    );
    assert.deepEqual([image.names, image.platform, progress.at(-1)], [["app:1"], "linux/amd64", ARCHIVE.length]);
    for (const args of await asked())
      assert.deepEqual(
        [args.slice(0, 2), args.slice(-2)],
        [
          ["--namespace", "k8s.io"],
          ["--", "app:1"],
        ],
      );
  });

  test("a name that looks like an option is none, and one of several platforms is saved where Docker knows how", async () => {
    const inspected = {
      ...(JSON.parse(INSPECTED) as object),
      Descriptor: { mediaType: "application/vnd.oci.image.index.v1+json" },
    };
    const { env, asked } = await program("docker", {
      inspect: { stdout: JSON.stringify(inspected) },
      save: { stdout: ARCHIVE },
    });
    await readSource({ kind: "engine", engine: "docker", image: "--all", context: "remote" }, { env });
    assert.deepEqual(await asked(), [
      ["--context", "remote", "image", "inspect", "--format", "{{json .}}", "--", "--all"],
      ["--context", "remote", "image", "save", "--platform", "linux/amd64", "--", "--all"],
    ]);
  });

  test("an image that was read before is not saved again, another one with its layers is", async () => {
    const cache = createLayerCache({ folder: undefined });
    const { env, asked } = await program("docker", { inspect: { stdout: INSPECTED }, save: { stdout: ARCHIVE } });
    const source = { kind: "engine", engine: "docker", image: "app:1" } as const;
    const first = await readSource(source, { env, cache });
    const second = await readSource(source, { env, cache });
    assert.deepEqual(
      [first.origins, second.origins],
      [
        ["read", "read"],
        ["cache", "cache"],
      ],
    );
    assert.deepEqual({ ...second, origins: [] }, { ...first, origins: [] });
    assert.equal((await asked()).filter((args) => args.includes("save")).length, 1);
    const other = await program("docker", {
      inspect: { stdout: INSPECTED.replace("1".repeat(64), "4".repeat(64)) },
      save: { stdout: ARCHIVE },
    });
    const third = await readSource(source, { env: other.env, cache });
    assert.deepEqual(third.origins, ["cache", "cache"]);
    assert.equal((await other.asked()).filter((args) => args.includes("save")).length, 1);
  });

  test("an engine that fails in the middle is heard, not the archive it cut off", async () => {
    const error = await failure("docker", {
      inspect: { stdout: INSPECTED },
      save: {
        stdout: ARCHIVE.subarray(0, 1300),
        stderr: "working\nError response from daemon: no space left\n",
        code: 1,
      },
    });
    assert.equal(error.message, "docker could not give app:1: no space left");
    const cut = await failure("docker", {
      inspect: { stdout: INSPECTED },
      save: { stdout: ARCHIVE.subarray(0, 1300) },
    });
    assert.ok(cut instanceof ImageError && cut.kind === "corrupt", cut.message);
    assert.match(cut.message, /^app:1 of docker: /);
    const none = await failure("docker", { inspect: { stdout: INSPECTED }, save: { stdout: "no archive" } });
    assert.ok(none instanceof ImageError && none.kind === "no-image", none.message);
  });

  const SAID: readonly (readonly [Engine, string, EngineErrorKind, RegExp])[] = [
    [
      "docker",
      "Error response from daemon: No such image: app:1",
      "no-image",
      /^docker has no image app:1; build it or pull it first/,
    ],
    ["docker", "Error: No such object: app:1", "no-image", /^docker has no image/],
    ["podman", "Error: app:1: image not known", "no-image", /^podman has no image/],
    [
      "nerdctl",
      'time="2026-01-01T00:00:00Z" level=fatal msg="1 errors: [no such image: app:1]"',
      "no-image",
      /^nerdctl has no image/,
    ],
    [
      "docker",
      "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
      "no-daemon",
      /^you may not use docker \(permission denied .*\); run it as a user who may$/,
    ],
    [
      "podman",
      "Cannot connect to Podman. Please verify your connection\nError: unable to connect to Podman socket: dial unix: no such file",
      "no-daemon",
      /^podman is not running here \(unable to connect to Podman socket.*\); start it, then try again$/,
    ],
    [
      "docker",
      "\u001b[31mError:\u001b[0m \u202ebroken\n",
      "failed",
      /^docker could not give app:1: \[31mError: *\[0m *broken$/,
    ],
    [
      "nerdctl",
      'time="2026-01-01T00:00:00Z" level=fatal msg="cannot access containerd socket \\"/run/containerd/containerd.sock\\": no such file or directory"',
      "no-daemon",
      /^nerdctl is not running here \(.*cannot access containerd socket.*\); start it, then try again$/,
    ],
    [
      "docker",
      'Failed to initialize: unable to resolve docker endpoint: context "work": context not found',
      "failed",
      /^docker could not give app:1: Failed to initialize: .*context not found$/,
    ],
    ["docker", "", "failed", /^docker could not give app:1: it said nothing$/],
  ];
  for (const [engine, stderr, kind, message] of SAID)
    test(`${engine} says: ${JSON.stringify(stderr)}`, async () => {
      const error = await failure(engine, { inspect: { stderr, code: 1 } });
      assert.equal(error.kind, kind, error.message);
      assert.match(error.message, message);
    });

  test("what is no answer, and no name", async () => {
    assert.match(
      (await failure("docker", { inspect: { stdout: "hello" } })).message,
      /said something about app:1 that is no image/,
    );
    for (const none of ["", "a\0b"])
      assert.match((await failure("docker", {}, none)).message, /^docker was asked for no image; name one$/);
  });

  test("podman's own files are put where they go away with it", async () => {
    const folder = await mkdtemp(join(root, "podman-"));
    const script = `#!${process.execPath}
const { writeFileSync } = require("node:fs");
if (process.argv.includes("inspect")) process.stdout.write(${JSON.stringify(`[${INSPECTED}]`)});
else {
  writeFileSync(process.env.TMPDIR + "/left", "by podman");
  writeFileSync(${JSON.stringify(join(folder, "where"))}, process.env.TMPDIR);
  process.exit(1);
}
`;
    await writeFile(join(folder, "podman"), script, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"]}` };
    await assert.rejects(readSource({ kind: "engine", engine: "podman", image: "app:1" }, { env }), EngineError);
    await assert.rejects(readdir(await readFile(join(folder, "where"), "utf8")), { code: "ENOENT" });
  });
});
