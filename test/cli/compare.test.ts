/** `dockwright compare` on archives made for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type File, type Made, ociArchive, tar } from "../image/archives.ts";
import { cli, folderWith } from "./harness.ts";

const DOCKERFILE = "FROM scratch\nCOPY a /a\nRUN make\n";
const HISTORY = [
  { created_by: "COPY a /a # buildkit" },
  { created_by: "RUN /bin/sh -c make # buildkit" },
  { created_by: 'CMD ["a"]', comment: "buildkit.dockerfile.v0", empty_layer: true },
];
const image = (files: readonly File[], more: Partial<Made> = {}): Buffer =>
  ociArchive({ layers: [tar([{ name: "a", content: "a" }]), tar(files)], history: HISTORY, ...more });

test("what differs stands below the line that made it", async (t) => {
  const cwd = folderWith(t, {
    Dockerfile: DOCKERFILE,
    "a.tar": image([{ name: "x", content: "1", mtime: 0 }, { name: "gone" }]),
    "b.tar": image([{ name: "x", content: "2", mtime: 60, mode: 0o600 }, { name: "new\nline" }], {
      config: { config: { User: "x" } },
    }),
  });
  const { code, stdout, stderr } = await cli(["compare", "--file", "Dockerfile", "a.tar", "b.tar"], { cwd });
  assert.deepEqual([code, stderr], [1, ""]);
  assert.equal(
    stdout,
    `3 files differ

Layer 2, line 3: RUN make
  - /gone
  + /new\\nline
  ~ /x: content, mode 0644 → 0600, mtime 1970-01-01T00:00:00Z → 1970-01-01T00:01:00Z

Configuration
  config.User: nothing → "x"
`,
  );
  const json = await cli(["compare", "--format=json", "--file=Dockerfile", "a.tar", "b.tar"], { cwd });
  const report = JSON.parse(json.stdout) as {
    readonly count: number;
    readonly layers: readonly { readonly madeBy: unknown }[];
  };
  assert.deepEqual([json.code, report.count, report.layers[0]?.madeBy], [1, 3, [{ text: "RUN make", line: 3 }]]);
});

test("the same image, and the same files in another compression", async (t) => {
  const cwd = folderWith(t, {
    "a.tar": image([{ name: "x" }]),
    "b.tar": image([{ name: "x" }]),
    "c.tar": image([{ name: "x" }], { compression: "none" }),
  });
  assert.deepEqual(await cli(["compare", "a.tar", "b.tar"], { cwd }), {
    code: 0,
    stdout: "The images are the same\n",
    stderr: "",
  });
  const { code, stdout } = await cli(["compare", "a.tar", "c.tar"], { cwd });
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^No file differs, and layers do\n\nLayer 1, COPY a \/a\n {2}the files are the same, compressed differently\n/,
  );
});

test("what cannot be read is said with its path", async (t) => {
  const cwd = folderWith(t, { "a.tar": image([]), "b.tar": "no archive at all" });
  for (const [argv, message] of [
    [["a.tar", "missing.tar"], /missing\.tar does not exist; check the path/],
    [["a.tar", "b.tar"], /b\.tar: it is no tar archive; name an OCI layout/],
    [["a.tar"], /name two images/],
    [["a.tar", "a.tar", "a.tar"], /name two images/],
    [["a.tar", "a.tar", "--platform=linux/s390x"], /no image for linux\/s390x; it has linux\/amd64/],
    [["a.tar", "a.tar", "--file=nothing"], /nothing does not exist/],
  ] as const) {
    const { code, stdout, stderr } = await cli(["compare", ...argv], { cwd });
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, message);
  }
});

test("Ctrl+C stops it", async (t) => {
  const cwd = folderWith(t, { "a.tar": image([]) });
  const controller = new AbortController();
  controller.abort();
  assert.equal((await cli(["compare", "a.tar", "a.tar"], { cwd, signal: controller.signal })).code, 130);
});
