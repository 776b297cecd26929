/** What is said of images, without a server: suggestions for each kind of waste, pairs of layers, links in trees, marks of layers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, modeText } from "../../server/src/core/image/browse.ts";
import { fileChanges, layerPairs } from "../../server/src/core/image/changes.ts";
import { costsOf } from "../../server/src/core/image/costs.ts";
import { factsOfImage } from "../../server/src/core/image/facts.ts";
import type { Entry, Image } from "../../server/src/core/image/image.ts";
import { layerRows, originsOf } from "../../server/src/core/image/layer-rows.ts";
import type { LayerRow, Suggestion } from "../../server/src/core/image/rows.ts";
import { suggestionsOf } from "../../server/src/core/image/suggestions.ts";
import { layerView, marksOf, wholeAgainst, wholeView } from "../../server/src/core/image/views.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import type { FolderIndex } from "../../server/src/core/image/folder-index.ts";

type Some = Pick<Entry, "path"> & Partial<Entry>;

const entry = (some: Some): Entry => ({
  ...{ type: "file", size: 0, mtime: 0, mode: 0o644, uid: 0, gid: 0 },
  ...{ link: undefined, device: undefined, sha256: undefined, attributes: undefined },
  ...some,
});
const file = (path: string, size: number, more: Partial<Entry> = {}): Entry =>
  entry({ path, size, sha256: `${path}${size}`, ...more });

function imageOf(layers: readonly (readonly Entry[])[], steps: readonly string[] = []): Image {
  return {
    ...{ digest: undefined, configDigest: undefined, platform: undefined, names: [], config: {} },
    layers: layers.map((entries, at) => ({
      ...{ entries, digest: `${at}`, diffId: `${at}`, compression: "none", storedSize: 0, tarSize: 0 },
    })),
    history: steps.map((createdBy) => ({ createdBy, created: undefined, comment: undefined, empty: false })),
  };
}

const KB = 100_000;

interface Waste {
  readonly why: string;
  readonly text: string;
  readonly layers: readonly (readonly Entry[])[];
  readonly title: string;
  readonly advice: RegExp;
  /** From 1; absent for what no line stores. */
  readonly line?: number;
}

const gone = (path: string): Entry => entry({ path: path.replace(/([^/]+)$/, ".wh.$1") });

const WASTE: readonly Waste[] = [
  {
    why: "a RUN deletes what a RUN wrote",
    text: "FROM scratch\nRUN make big\nRUN rm big\n",
    layers: [[file("opt/big", KB)], [gone("opt/big")]],
    title: "100 kB stored by line 2, deleted by line 3: /opt/big",
    advice: /in the RUN that writes it/,
    line: 2,
  },
  {
    why: "a RUN deletes what was copied",
    text: "FROM scratch\nCOPY a.tgz /\nRUN rm a.tgz\n",
    layers: [[file("a.tgz", KB)], [gone("a.tgz")]],
    title: "100 kB stored by line 2, deleted by line 3: /a.tgz",
    advice: /\.dockerignore/,
    line: 2,
  },
  {
    why: "chown of what was copied",
    text: "FROM scratch\nCOPY a /a\nRUN chown -R 1 /a\n",
    layers: [
      [file("a/x", KB), file("a/y", KB)],
      [file("a/x", KB, { uid: 1 }), file("a/y", KB, { uid: 1 })],
    ],
    title: "200 kB stored by line 2, stored again for owner, mode or time by line 3: 2 files in /a",
    advice: /--chown=… --chmod=…/,
    line: 2,
  },
  {
    why: "chmod of what a RUN wrote",
    text: "FROM scratch\nRUN make a\nRUN chmod 700 /a\n",
    layers: [[file("a", KB)], [file("a", KB, { mode: 0o700 })]],
    title: "100 kB stored by line 2, stored again for owner, mode or time by line 3: /a",
    advice: /in the instruction that writes the files/,
    line: 2,
  },
  {
    why: "copied twice",
    text: "FROM scratch\nCOPY a /a\nCOPY b /a\n",
    layers: [[file("a", KB)], [file("a", 2 * KB)]],
    title: "100 kB stored by line 2, replaced by line 3: /a",
    advice: /Copy each file once/,
    line: 2,
  },
  {
    why: "written by two RUNs",
    text: "FROM scratch\nRUN make a\nRUN make a again\n",
    layers: [[file("a", KB)], [file("a", 2 * KB)]],
    title: "100 kB stored by line 2, replaced by line 3: /a",
    advice: /Write it in one RUN/,
    line: 2,
  },
  {
    why: "a copy over what a RUN wrote",
    text: "FROM scratch\nRUN make a\nCOPY b /a\n",
    layers: [[file("a", KB)], [file("a", 2 * KB)]],
    title: "100 kB stored by line 2, replaced by line 3: /a",
    advice: /written once/,
    line: 2,
  },
  {
    why: "a RUN deletes what the base image has",
    text: "FROM debian:13\nRUN rm /big\n",
    layers: [[file("big", KB)], [gone("big")]],
    title: "100 kB stored by the base image, deleted by line 2: /big",
    advice: /frees nothing/,
    line: 2,
  },
];

const STEPS = /^(?:RUN|COPY) .*$/gm;

for (const { why, text, layers, title, advice, line } of WASTE)
  test(`waste: ${why}`, () => {
    const dockerfile = parseDockerfile(text);
    const base = text.startsWith("FROM scratch") ? [] : ["/bin/sh -c #(nop) ADD file:00 in / "];
    const built = (text.match(STEPS) ?? []).map((step) => step.replace("RUN ", "RUN /bin/sh -c ") + " # buildkit");
    const image = imageOf(layers, [...base, ...built]);
    const facts = factsOfImage(image, costsOf(image));
    const origins = originsOf(facts, { dockerfile, target: undefined });
    const lineOf = ({ start }: { readonly start: number }) => {
      const at = text.slice(0, start).split("\n").length - 1;
      return { line: at, endLine: at };
    };
    const found = suggestionsOf(facts, origins, { findings: [], lineOf, offers: false });
    assert.deepEqual(
      found.map((each: Suggestion) => [each.title, (each.line ?? -1) + 1]),
      [[title, line ?? 0]],
    );
    assert.match(found[0]?.advice ?? "", advice);
  });

test("what the base image does to its own files is no suggestion", () => {
  const image = imageOf([[file("a", KB)], [gone("a")], []], ["ADD file:00 in /", "RUN rm a", "RUN x"]);
  const facts = factsOfImage(image, costsOf(image));
  const source = { dockerfile: parseDockerfile("FROM a\nRUN x\n"), target: undefined };
  assert.deepEqual(suggestionsOf(facts, originsOf(facts, source), undefined), []);
});

test("what is there twice is a suggestion where a line put it, and none within the base image", () => {
  const same = (path: string): Entry => file(path, KB, { sha256: "the same" });
  const source = { dockerfile: parseDockerfile("FROM a\nCOPY x /\n"), target: undefined };
  const titles = (...layers: readonly (readonly Entry[])[]): readonly string[] => {
    const image = imageOf(layers, ["ADD file:00 in /", "COPY x / # buildkit"]);
    const facts = factsOfImage(image, costsOf(image));
    return suggestionsOf(facts, originsOf(facts, source), undefined).map(({ title, layer }) => `${layer}: ${title}`);
  };
  assert.deepEqual(titles([same("a")], [same("b")]), ["1: 100 kB of the same content: /b is there 2 times"]);
  assert.deepEqual(titles([same("a"), same("b")], [file("c", 1)]), []);
});

const BASES: readonly (readonly [why: string, text: string, steps: readonly string[], base: number])[] = [
  ["below the first instruction", "FROM a\nRUN x\n", ["ADD f in /", "RUN b", "RUN x"], 2],
  ["nothing but FROM", "FROM a\n", ["ADD f in /", "RUN b"], 2],
  ["scratch has none", "FROM scratch\nCOPY x /\n", ["COPY x /"], 0],
  ["nothing of the Dockerfile is found", "FROM a\nRUN x\n", ["", ""], 0],
  ["a stage that is FROM another stage", "FROM a AS b\nRUN x\nFROM b\nRUN y\n", ["ADD f in /", "RUN x", "RUN y"], 1],
];

for (const [why, text, steps, base] of BASES)
  test(`base layers: ${why}`, () => {
    const image = imageOf(
      steps.map(() => []),
      steps,
    );
    const facts = factsOfImage(image, costsOf(image));
    assert.equal(originsOf(facts, { dockerfile: parseDockerfile(text), target: undefined }).baseLayers, base);
  });

const rows = (...layers: readonly (readonly [text: string, bytes: number, diffId: string])[]): readonly LayerRow[] => {
  const image = imageOf(
    layers.map(([, bytes]) => [file("f", bytes)]),
    layers.map(([text]) => text),
  );
  const facts = factsOfImage(image, costsOf(image));
  const made = layerRows(facts, originsOf(facts, undefined), () => ({ line: 0, endLine: 0 }));
  return made.map((row, at) => ({ ...row, diffId: layers[at]?.[2] ?? "" }));
};

const PAIRS: readonly (readonly [
  why: string,
  a: readonly LayerRow[],
  b: readonly LayerRow[],
  pairs: readonly string[],
])[] = [
  ["the same", rows(["RUN a", 1, "x"]), rows(["RUN a", 1, "x"]), ["0=0"]],
  [
    "one is changed",
    rows(["RUN make a", 1, "x"], ["RUN b", 1, "y"]),
    rows(["RUN make a c", 5, "z"], ["RUN b", 1, "w"]),
    ["0~0", "1~1"],
  ],
  [
    "one came",
    rows(["RUN a", 1, "x"], ["RUN b", 1, "y"]),
    rows(["RUN a", 1, "x"], ["COPY c /", 1, "z"], ["RUN b", 1, "y"]),
    ["0=0", "-1", "1=2"],
  ],
  ["one went", rows(["RUN a", 1, "x"], ["RUN b", 1, "y"]), rows(["RUN b", 1, "y"]), ["0-", "1=0"]],
  ["nothing in common", rows(["RUN a", 1, "x"]), rows(["COPY b /", 1, "y"]), ["0-", "-0"]],
  ["other words", rows(["RUN a", 1, "x"]), rows(["RUN b", 1, "y"]), ["0-", "-0"]],
];

for (const [why, a, b, expected] of PAIRS)
  test(`pairs of layers: ${why}`, () => {
    const shown = layerPairs(a, b).map((pair) => {
      const sign = pair.same ? "=" : pair.a !== undefined && pair.b !== undefined ? "~" : "-";
      return `${pair.a ?? ""}${sign}${pair.b ?? ""}`;
    });
    assert.deepEqual(shown, expected);
  });

const list = (index: FolderIndex, path = "", onlyWasted = false): readonly unknown[] =>
  createBrowser(index)({ path, sort: "name", onlyWasted, from: 0, count: 50 }).rows.map(
    ({ name, bytes, files, change, wastedBytes }) => [name, bytes, files, change, wastedBytes],
  );

test("a hard link's content counts once, at the first link where its file is gone", () => {
  const link = (path: string, to: string): Entry => entry({ path, type: "hardlink", link: to });
  const first = [file("d/a", 10), link("d/b", "d/a"), link("e/c", "d/a")];
  assert.deepEqual(list(wholeView([first], [])), [
    ["d", 10, 2, undefined, undefined],
    ["e", 0, 1, undefined, undefined],
  ]);
  const image = imageOf([first, [gone("d/a")]]);
  const layers = image.layers.map(({ entries }) => entries);
  const index = wholeView(layers, costsOf(image).wasted);
  assert.equal(index.bytesOf(0), 10);
  assert.equal(index.wastedOf(0), 0);
});

test("a layer that deletes a folder shows what was in it; one that fills an opaque folder anew shows what changed", () => {
  const layers = [
    [entry({ path: "d", type: "directory" }), file("d/a", 1), file("d/b", 2), file("d/e/c", 3)],
    [entry({ path: "d", type: "directory" }), entry({ path: "d/.wh..wh..opq" }), file("d/a", 9)],
    [gone("d")],
  ];
  const marks = marksOf(layers);
  assert.deepEqual(list(layerView(layers, 1, marks, []), "d"), [
    ["e", 0, 0, "modified", undefined],
    ["a", 9, 1, "modified", undefined],
    ["b", 2, 1, "removed", undefined],
  ]);
  assert.deepEqual(list(layerView(layers, 1, marks, []), "d/e"), [["c", 3, 1, "removed", undefined]]);
  assert.deepEqual(list(layerView(layers, 2, marks, []), "d"), [["a", 9, 1, "removed", undefined]]);
});

test("a folder that is stored again is changed when its mode or owner is", () => {
  const folder = (mode: number): Entry => entry({ path: "d", type: "directory", mode });
  const layers = [[folder(0o755)], [folder(0o755), file("d/a", 1)], [folder(0o700)]];
  const marks = marksOf(layers);
  const change = (layer: number): unknown => layerView(layers, layer, marks, []).changeOf(1);
  assert.deepEqual([0, 1, 2].map(change), ["added", "modified", "modified"]);
  assert.deepEqual(
    layerView([[folder(0o755)], [folder(0o755)]], 1, marksOf([[folder(0o755)], [folder(0o755)]]), []).changeOf(1),
    undefined,
  );
});

test("against another image: what came, went and changed, whatever only its time is", () => {
  const [before, now] = [
    [file("a", 1), file("b", 2), file("c", 3, { mtime: 1 }), file("x/y", 4)],
    [file("b", 5), file("c", 3, { mtime: 2 }), file("d", 6), file("z/y", 4)],
  ].map((entries) => wholeView([entries], []));
  assert.ok(before && now);
  assert.deepEqual(list(wholeAgainst(now, before)), [
    ["x", 4, 1, "removed", undefined],
    ["z", 4, 1, "added", undefined],
    ["a", 1, 1, "removed", undefined],
    ["b", 5, 1, "modified", undefined],
    ["c", 3, 1, undefined, undefined],
    ["d", 6, 1, "added", undefined],
  ]);
  const changes = fileChanges(before, now);
  assert.deepEqual(
    [changes.added, changes.removed, changes.grown, changes.shrunk].map(({ rows: files }) =>
      files.map(({ path }) => path),
    ),
    [["d", "z/y"], ["x/y", "a"], ["b"], []],
  );
});

test("of more changes than are listed the largest are", () => {
  const entries = Array.from({ length: 3_000 }, (_, at) => file(`f${at}`, (at * 7_919) % 3_001));
  const { added } = fileChanges(wholeView([[]], []), wholeView([entries], []));
  const sizes = entries.map(({ size }) => size).toSorted((a, b) => b - a);
  assert.deepEqual(
    added.rows.map(({ bytesB }) => bytesB),
    sizes.slice(0, 500),
  );
  assert.deepEqual([added.count, added.bytes], [3_000, sizes.reduce((sum, each) => sum + each, 0)]);
});

test("modes as ls writes them", () => {
  assert.deepEqual(
    [
      modeText("file", 0o644),
      modeText("directory", 0o1777),
      modeText("file", 0o4755),
      modeText("file", 0o2644),
      modeText("symlink", 0o777),
    ],
    ["-rw-r--r--", "drwxrwxrwt", "-rwsr-xr-x", "-rw-r-Sr--", "lrwxrwxrwx"],
  );
});
