/** Layers over each other: whiteouts, opaque folders, links; and two of them compared. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { adviceFor } from "../../server/src/core/image/causes.ts";
import { compareImages, entryDifferences } from "../../server/src/core/image/compare.ts";
import { cleanPath, type Entry, type Image, type Layer } from "../../server/src/core/image/image.ts";
import { reportOf } from "../../server/src/core/image/report.ts";
import { lookUp, type Node, treeOf, walk } from "../../server/src/core/image/tree.ts";
import { whiteoutAt } from "../../server/src/core/image/whiteouts.ts";
import { entry, folder, hardlink, image, layer, symlink } from "./entries.ts";

function pathsOf(root: Node): readonly string[] {
  const paths: string[] = [];
  walk(root, (path) => void paths.push(path));
  return paths.slice(1);
}
const shown = (...layers: readonly (readonly Entry[])[]): readonly string[] => pathsOf(treeOf(layers));

describe("paths", () => {
  for (const [name, clean] of [
    ["etc/passwd", "etc/passwd"],
    ["./etc/", "etc"],
    ["/etc//x", "etc/x"],
    ["../../etc", "etc"],
    ["a/b/../../../c", "c"],
    ["./", ""],
    [".", ""],
    ["..", ""],
    ["a..b/.c/d.", "a..b/.c/d."],
  ] as const)
    test(`${name} is ${clean === "" ? "the root" : clean}`, () => assert.equal(cleanPath(name), clean));
});

describe("whiteouts", () => {
  test("which names are", () => {
    assert.deepEqual(whiteoutAt("a/.wh.b"), { kind: "gone", path: "a/b" });
    assert.deepEqual(whiteoutAt(".wh.b"), { kind: "gone", path: "b" });
    assert.deepEqual(whiteoutAt("a/.wh..wh..opq"), { kind: "opaque", path: "a" });
    for (const path of ["a/.wh..wh.plnk", "a/.wh.", "a.wh.b", "a/x.wh.b"]) assert.equal(whiteoutAt(path), undefined);
  });

  test("a file, and a folder with all that is in it", () => {
    const below = [folder("a"), entry("a/b"), folder("a/c"), entry("a/c/d"), entry("e")];
    assert.deepEqual(shown(below, [entry("a/.wh.b")]), ["a", "a/c", "a/c/d", "e"]);
    assert.deepEqual(shown(below, [entry(".wh.a")]), ["e"]);
  });

  test("hide layers below only, wherever they stand in theirs", () => {
    assert.deepEqual(shown([entry("a/old")], [entry("a/new"), entry("a/.wh..wh..opq")]), ["a", "a/new"]);
    assert.deepEqual(shown([entry("b")], [entry("b", { size: 1 }), entry(".wh.b")]), ["b"]);
  });

  test("of the folder that the layer below ended with", () => {
    assert.deepEqual(shown([folder("d"), entry("d/a")], [entry(".wh.d"), entry("d/b")]), ["d", "d/b"]);
  });

  test("of what is not there hide nothing", () => {
    assert.deepEqual(shown([entry("a")], [entry(".wh.b"), entry("c/.wh..wh..opq"), entry("c/.wh..wh.plnk")]), ["a"]);
  });
});

describe("layers over each other", () => {
  test("a folder keeps what is in it, a file over it does not", () => {
    const below = [folder("a"), entry("a/b")];
    assert.deepEqual(shown(below, [folder("a")]), ["a", "a/b"]);
    assert.deepEqual(shown(below, [entry("a")]), ["a"]);
    assert.deepEqual(shown([entry("a")], [entry("a/b")]), ["a", "a/b"]);
  });

  test("a path through a symbolic link stands where that leads", () => {
    const merged = [folder("usr/lib"), symlink("lib", "usr/lib")];
    assert.deepEqual(shown(merged, [entry("lib/x")]), ["lib", "usr", "usr/lib", "usr/lib/x"]);
    assert.deepEqual(shown([...merged, entry("usr/lib/x")], [entry("lib/.wh.x")]), ["lib", "usr", "usr/lib"]);
    assert.deepEqual(shown([folder("usr/lib"), symlink("lib", "/../usr/lib")], [entry("lib/x")]).at(-1), "usr/lib/x");
  });

  test("links in a circle end", () => {
    const loop = [symlink("a", "b"), symlink("b", "a"), symlink("self", "self"), symlink("deep", "deep/deep/deep")];
    const tree = treeOf([loop, [entry("a/x"), entry("self/y"), entry("deep/z"), entry("self/.wh.y")]]);
    assert.deepEqual(pathsOf(tree), ["a", "b", "deep", "self"]);
    assert.equal(lookUp(tree, "a"), undefined);
  });

  test("hard links share content, also with a layer below", () => {
    const tree = treeOf([
      [entry("a", { size: 5 })],
      [hardlink("b", "a"), hardlink("c", "b"), hardlink("d", "nothing")],
    ]);
    assert.equal(lookUp(tree, "c")?.content?.size, 5);
    assert.equal(lookUp(tree, "d")?.content, undefined);
  });

  test("very deep paths are left out", () => {
    assert.equal(shown([entry(Array.from({ length: 5_000 }, () => "d").join("/"))]).length, 0);
  });
});

describe("two layers", () => {
  const one = (a: Partial<Entry>, b: Partial<Entry>): readonly string[] =>
    entryDifferences([entry("x", a)], [entry("x", b)], 0).flatMap(({ aspects }) =>
      aspects.map((each) => `${each.what}: ${each.a} → ${each.b}`),
    );

  test("what differs is named", () => {
    assert.deepEqual(one({}, {}), []);
    assert.deepEqual(one({ sha256: "a", size: 1 }, { sha256: "b", size: 1 }), [
      "content: 1 bytes, sha256 a → 1 bytes, sha256 b",
    ]);
    assert.deepEqual(one({ mtime: 1 }, { mtime: 1.5 }), ["mtime: 1 → 1.5"]);
    assert.deepEqual(one({ mode: 0o644 }, { mode: 0o4755 }), ["mode: 0644 → 4755"]);
    assert.deepEqual(one({ uid: 1 }, { gid: 2 }), ["owner: 1:0 → 0:2"]);
    assert.deepEqual(one({ attributes: "user.a=1" }, {}), ["attributes: user.a=1 → "]);
    assert.deepEqual(one({ type: "symlink", link: "a" }, { type: "symlink", link: "b" }), ["link: a → b"]);
    assert.deepEqual(one({ type: "directory" }, { type: "file" }), ["type: directory → file"]);
    assert.deepEqual(one({ type: "fifo" }, { type: "character-device", device: "1:3" }), [
      "type: fifo → character-device",
    ]);
  });

  test("files added and removed, by name", () => {
    const found = entryDifferences([entry("a"), entry("b")], [entry("b"), entry("c"), entry(".wh.d")], 3);
    assert.deepEqual(
      found.map(({ path, change, layer }) => [path, change, layer]),
      [
        [".wh.d", "added", 3],
        ["a", "removed", 3],
        ["c", "added", 3],
      ],
    );
  });
});

describe("two images", () => {
  const base = layer([folder("etc"), entry("etc/a")], "base");

  test("made by the same steps: layer by layer, also what a later layer hides", () => {
    const steps = ["COPY a / # buildkit", "RUN date > /x", "RUN rm /x"];
    const gone = layer([entry(".wh.x")], "gone");
    const at = (time: string): Image => image([base, layer([entry("x", { sha256: time })], time), gone], steps);
    const found = compareImages(at("1"), at("2"));
    assert.deepEqual([found.identical, found.by], [false, "layers"]);
    assert.deepEqual(
      found.files.map((file) => [file.path, file.layer]),
      [["x", 1]],
    );
    assert.deepEqual(
      found.layers.map((each) => [each.layer, each.only]),
      [[1, undefined]],
    );
    assert.equal(compareImages(at("1"), at("1")).identical, true);
  });

  test("made in other ways: what they show in the end", () => {
    const a = image([base, layer([entry("x"), hardlink("y", "x")], "1")], ["COPY a /", "RUN make"]);
    const b = image(
      [layer([folder("etc"), entry("etc/a"), entry("y", { sha256: "content of x" }), hardlink("x", "y")], "2")],
      ["COPY . /"],
    );
    const found = compareImages(a, b);
    assert.deepEqual([found.by, found.files], ["files", []], "which of two names is the link is the same");
    const c = image([base, base, layer([entry(".wh.etc"), entry("z")], "3")], ["COPY a /", "RUN a", "RUN b"]);
    assert.deepEqual(
      compareImages(a, c).files.map(({ path, change, layer: at }) => [path, change, at]),
      [
        ["etc", "removed", 0],
        ["etc/a", "removed", 0],
        ["x", "removed", 1],
        ["y", "removed", 1],
        ["z", "added", 2],
      ],
    );
  });

  test("layers whose files are the same", () => {
    const steps = ["COPY a /"];
    const of = (other: Layer): unknown => compareImages(image([base], steps), image([other], steps)).layers[0]?.only;
    assert.equal(of(layer(base.entries, "packed", "base")), "compression");
    assert.equal(of(layer(base.entries.toReversed(), "2")), "order");
    assert.equal(of(layer(base.entries, "3")), "headers");
  });

  test("the configuration, but not what follows from the layers", () => {
    const of = (config: unknown): Image => image([base], ["COPY a /"], config);
    const found = compareImages(
      of({ created: "1", config: { Env: ["A=1", "B=2"], User: "x" }, rootfs: { diff_ids: ["1"] } }),
      of({ created: "2", config: { Env: ["A=1", "B=3"] }, rootfs: { diff_ids: ["2"] } }),
    );
    assert.deepEqual(
      found.config.map(({ key, a, b }) => `${key}: ${a} → ${b}`),
      ['created: "1" → "2"', 'config.Env[1]: "B=2" → "B=3"', 'config.User: "x" → '],
    );
  });
});

test("of many files those that differ in more than their time are shown, whichever layer they are in", () => {
  const touched = (time: number): readonly Entry[] =>
    Array.from({ length: 20 }, (_, at) => entry(`a${at}`, { mtime: time }));
  const at = (time: number): Image =>
    image(
      [layer(touched(time), `1 ${time}`), layer([entry("x", { sha256: String(time) })], `2 ${time}`)],
      ["RUN a", "RUN b"],
    );
  const [a, b] = [at(1), at(2)];
  const report = reportOf({ a, b, comparison: compareImages(a, b) }, undefined, 5);
  assert.deepEqual([report.count, report.timeOnly], [21, 20]);
  assert.deepEqual(
    report.layers.map(({ files, count }) => [files.length, count]),
    [
      [4, 20],
      [1, 1],
    ],
  );
});

test("files known to differ come with what helps", () => {
  assert.match(adviceFor("var/log/apt/history.log") ?? "", /log of the package manager/);
  assert.match(adviceFor("usr/lib/python3/x/__pycache__/a.cpython-311.pyc") ?? "", /PYTHONDONTWRITEBYTECODE/);
  assert.match(adviceFor("var/lib/apt/lists/.wh.x") ?? "", /package index/);
  assert.equal(adviceFor("srv/app/main"), undefined);
});
