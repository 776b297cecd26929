/** Edits at a place of a compose file: what was asked for is there, and nothing else has changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Change, ComposeFile } from "../../server/src/core/model/compose/model.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import {
  addItem,
  addKey,
  copyOf,
  override,
  type Plain,
  removeItem,
  removeKey,
  renameKey,
  reorderItems,
  reorderKeys,
  setQuotes,
  setValue,
  sharedBy,
} from "../../server/src/core/model/compose/patch.ts";
import { applyEdits, type Span } from "../../server/src/core/text/edit.ts";
import type { YamlMap, YamlNode } from "../../server/src/core/text/yaml.ts";
import { commentsOf, fileText, NASTY, plainOf, valueArbitrary } from "./yaml-texts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 1500);
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

type Path = readonly (string | number)[];

function nodeAt(compose: ComposeFile, path: Path): YamlNode {
  const node = path.reduce<YamlNode | undefined>(below, compose.root);
  assert.ok(node, `nothing at ${path.join(".")}`);
  return node;
}

function below(node: YamlNode | undefined, step: string | number): YamlNode | undefined {
  if (node?.kind === "map") return node.entries.find(({ key }) => key === step)?.value;
  return node?.kind === "list" && typeof step === "number" ? node.items[step] : undefined;
}

function mapAt(compose: ComposeFile, ...path: Path): YamlMap {
  const node = nodeAt(compose, path);
  assert.equal(node.kind, "map");
  return node as YamlMap;
}

function listAt(compose: ComposeFile, ...path: Path): Extract<YamlNode, { kind: "list" }> {
  const node = nodeAt(compose, path);
  assert.equal(node.kind, "list");
  return node as Extract<YamlNode, { kind: "list" }>;
}

/** The text after a change; `refusal: …` when there is none. */
const after = (compose: ComposeFile, change: Change): string =>
  "refusal" in change ? `refusal: ${change.refusal}` : applyEdits(compose.text, change.edits);

interface Case {
  readonly title: string;
  readonly text: string;
  readonly change: (compose: ComposeFile) => Change;
  readonly result: string;
}

const CASES: readonly Case[] = [
  {
    title: "a key goes behind the last line of a service, before what is said about the next",
    text: "services:\n  web:\n    image: a # pinned\n    ports:\n      - 80:80\n      # - 81:81\n\n  # the data\n  db:\n    image: b\n",
    change: (compose) => addKey(compose, mapAt(compose, "services", "web"), "restart", "no"),
    result:
      'services:\n  web:\n    image: a # pinned\n    ports:\n      - 80:80\n      # - 81:81\n    restart: "no"\n\n  # the data\n  db:\n    image: b\n',
  },
  {
    title: "a key goes behind the last of those it is to follow",
    text: "services:\n  web:\n    image: a\n    build: .\n    ports: []\n",
    change: (compose) =>
      addKey(compose, mapAt(compose, "services", "web"), "user", "1000", { after: ["image", "build"] }),
    result: 'services:\n  web:\n    image: a\n    build: .\n    user: "1000"\n    ports: []\n',
  },
  {
    title: "lists get the indentation lists have in the file",
    text: "services:\n    web:\n        image: a\n        ports:\n        - 80:80",
    change: (compose) => addKey(compose, mapAt(compose, "services", "web"), "cap_drop", ["ALL"]),
    result: "services:\n    web:\n        image: a\n        ports:\n        - 80:80\n        cap_drop:\n        - ALL",
  },
  {
    title: "mappings get the width mappings have in the file",
    text: "services:\r\n    web:\r\n        image: a\r\n",
    change: (compose) =>
      addKey(compose, mapAt(compose, "services", "web"), "healthcheck", { test: ["CMD", "true"], retries: 3 }),
    result:
      'services:\r\n    web:\r\n        image: a\r\n        healthcheck:\r\n            test:\r\n                - CMD\r\n                - "true"\r\n            retries: 3\r\n',
  },
  {
    title: "a service without a value gets one",
    text: "services:\n  web: # soon\n  db:\n    image: b\n",
    change: (compose) => addKey(compose, nodeAt(compose, ["services", "web"]), "image", "a"),
    result: "services:\n  web: # soon\n    image: a\n  db:\n    image: b\n",
  },
  {
    title: "an empty mapping becomes one with lines",
    text: "services:\n  web: {} # soon\n",
    change: (compose) => addKey(compose, nodeAt(compose, ["services", "web"]), "image", "a"),
    result: "services:\n  web: # soon\n    image: a\n",
  },
  {
    title: "an anchor stays in front of a value that was empty",
    text: "x: &a # here\ny: 1\n",
    change: (compose) => setValue(compose, nodeAt(compose, ["x"]), { b: 1 }),
    result: "x: &a # here\n  b: 1\ny: 1\n",
  },
  {
    title: "a flow mapping stays one",
    text: "services:\n  web: { image: a, build: { context: . } } # short\n",
    change: (compose) => addKey(compose, mapAt(compose, "services", "web"), "cap_drop", ["ALL"]),
    result: "services:\n  web: { image: a, build: { context: . }, cap_drop: [ALL] } # short\n",
  },
  {
    title: "JSON stays JSON",
    text: '{\n  "services": {\n    "web": {\n      "image": "a"\n    }\n  }\n}\n',
    change: (compose) => addKey(compose, mapAt(compose, "services", "web"), "restart", "always"),
    result: '{\n  "services": {\n    "web": {\n      "image": "a",\n      "restart": "always"\n    }\n  }\n}\n',
  },
  {
    title: "a comment behind an item of a flow list stays behind it",
    text: "a: [\n  1, # one\n  2 # two\n]\n",
    change: (compose) => addItem(compose, nodeAt(compose, ["a"]), 3),
    result: "a: [\n  1, # one\n  2, # two\n  3\n]\n",
  },
  {
    title: "an item is quoted as those beside it",
    text: "ports:\n- '80:80'\n- '81:81'\n",
    change: (compose) => addItem(compose, nodeAt(compose, ["ports"]), "a"),
    result: "ports:\n- '80:80'\n- '81:81'\n- 'a'\n",
  },
  {
    title: "a key behind a text that keeps its empty lines",
    text: "a:\n  b: |+\n    x\n\nc: 1\n",
    change: (compose) => addKey(compose, mapAt(compose, "a"), "d", 1),
    result: "a:\n  b: |+\n    x\n\n  d: 1\nc: 1\n",
  },
  {
    title: "a first key stands below what is said about the file",
    text: "# my stack\nservices:\n  web:\n    image: a\n",
    change: (compose) => addKey(compose, mapAt(compose), "name", "stack", { first: true }),
    result: "# my stack\nname: stack\n\nservices:\n  web:\n    image: a\n",
  },
  {
    title: "a top-level key is set apart as the others are",
    text: "services:\n  web:\n    image: a\n\nvolumes:\n  data:\n",
    change: (compose) => addKey(compose, mapAt(compose), "networks", { front: null }),
    result: "services:\n  web:\n    image: a\n\nvolumes:\n  data:\n\nnetworks:\n  front: null\n",
  },
  {
    title: "comments above and behind what goes stay",
    text: "services:\n  web:\n    # why\n    privileged: true # hm\n    image: a\n",
    change: (compose) => removeKey(compose, mapAt(compose, "services", "web"), "privileged"),
    result: "services:\n  web:\n    # why\n    # hm\n    image: a\n",
  },
  {
    title: "the blank line behind a first key goes with it",
    text: "version: '3'\n\nservices:\n  web:\n    image: a\n",
    change: (compose) => removeKey(compose, mapAt(compose), "version"),
    result: "services:\n  web:\n    image: a\n",
  },
  {
    title: "the blank line in front of a last key goes with it",
    text: "services:\n  web:\n    image: a\n\nversion: '3'",
    change: (compose) => removeKey(compose, mapAt(compose), "version"),
    result: "services:\n  web:\n    image: a",
  },
  {
    title: "the key behind a dash goes, the next one moves up",
    text: "a:\n  - b: 1\n    c: 2\n",
    change: (compose) => removeKey(compose, mapAt(compose, "a", 0), "b"),
    result: "a:\n  - c: 2\n",
  },
  {
    title: "what stands between the key behind a dash and the next one stays",
    text: "a:\n  - b: 1\n    # two\n    c: 2\n",
    change: (compose) => removeKey(compose, mapAt(compose, "a", 0), "b"),
    result: "a:\n  -\n    # two\n    c: 2\n",
  },
  {
    title: "the only key is not taken away",
    text: "a:\n  b: 1\n",
    change: (compose) => removeKey(compose, mapAt(compose, "a"), "b"),
    result: "refusal: nothing else is there",
  },
  {
    title: "an anchor that is used elsewhere is not taken away",
    text: "a:\n  b: &b 1\n  c: 2\nd: *b\n",
    change: (compose) => removeKey(compose, mapAt(compose, "a"), "b"),
    result: "refusal: the anchor &b in it is used elsewhere",
  },
  {
    title: "the comma goes with the last line of a flow list, its comment stays",
    text: "a: [\n  1,\n  2 # two\n]\n",
    change: (compose) => removeItem(compose, listAt(compose, "a"), nodeAt(compose, ["a", 1])),
    result: "a: [\n  1\n  # two\n]\n",
  },
  {
    title: "a text keeps its quotes",
    text: "a: 'b' # c\n",
    change: (compose) => setValue(compose, nodeAt(compose, ["a"]), "it's"),
    result: "a: 'it''s' # c\n",
  },
  {
    title: "a text without quotes gets them where it needs them",
    text: "a: b\nc: 'd'\n",
    change: (compose) => setValue(compose, nodeAt(compose, ["a"]), "22:22"),
    result: "a: '22:22'\nc: 'd'\n",
  },
  {
    title: "a text of several lines stays one",
    text: "a:\n  b: |  # script\n    one\n    two\n  c: 1\n",
    change: (compose) => setValue(compose, nodeAt(compose, ["a", "b"]), "one\nthree"),
    result: "a:\n  b: |-  # script\n    one\n    three\n  c: 1\n",
  },
  {
    title: "a list becomes a mapping, the comment behind its key stays",
    text: "a:\n  depends_on: # first\n    - db\n  b: 1\n",
    change: (compose) =>
      setValue(compose, nodeAt(compose, ["a", "depends_on"]), { db: { condition: "service_healthy" } }),
    result: "a:\n  depends_on: # first\n    db:\n      condition: service_healthy\n  b: 1\n",
  },
  {
    title: "comments in what is replaced are not lost",
    text: "a:\n  - 1 # one\n  - 2\n",
    change: (compose) => setValue(compose, nodeAt(compose, ["a"]), 1),
    result: "refusal: there are comments in it",
  },
  {
    title: "an alias is not edited where it is used",
    text: "x: &x\n  a: 1\ny: *x\n",
    change: (compose) => addKey(compose, mapAt(compose, "y"), "b", 2),
    result: "refusal: it comes from the anchor &x",
  },
  {
    title: "what others use is not edited in passing",
    text: "x: &x\n  a: 1\ny:\n  <<: *x\n",
    change: (compose) => addKey(compose, mapAt(compose, "x"), "b", 2),
    result: "refusal: it is shared through &x, so the change would be felt elsewhere too",
  },
  {
    title: "what others use is edited when that is what is wanted",
    text: "x: &x\n  a: 1\ny:\n  <<: *x\n",
    change: (compose) => addKey(compose, mapAt(compose, "x"), "b", 2, {}, { shared: true }),
    result: "x: &x\n  a: 1\n  b: 2\ny:\n  <<: *x\n",
  },
  {
    title: "a service that merges an anchor has keys of its own",
    text: "x: &x\n  a: 1\ny:\n  <<: *x\n",
    change: (compose) => addKey(compose, mapAt(compose, "y"), "a", 2),
    result: "x: &x\n  a: 1\ny:\n  <<: *x\n  a: 2\n",
  },
  {
    title: "a value of its own instead of an alias",
    text: "x: &x\n  - a\ny:\n  l: *x # both\n",
    change: (compose) =>
      override(compose, mapAt(compose, "y"), "l", [...(copyOf(nodeAt(compose, ["x"])) as Plain[]), "b"]),
    result: "x: &x\n  - a\ny:\n  l: # both\n    - a\n    - b\n",
  },
  {
    title: "a key is renamed in its quotes",
    text: 'a:\n  "b" : 1\n',
    change: (compose) => {
      const [entry] = mapAt(compose, "a").written;
      assert.ok(entry);
      return renameKey(compose, entry, "c");
    },
    result: 'a:\n  "c" : 1\n',
  },
  {
    title: "entries move with what is said above, behind and below them; blank lines stay where they are",
    text: "services:\n  # the web\n  web:\n    image: a # w\n    # ports: []\n\n  # the data\n  db:\n    image: b",
    change: (compose) => reorderKeys(compose, mapAt(compose, "services"), ["db", "web"]),
    result: "services:\n  # the data\n  db:\n    image: b\n\n  # the web\n  web:\n    image: a # w\n    # ports: []",
  },
  {
    title: "what is said at the head of the file stays there",
    text: "# my stack\nb: 1\na: 2\n",
    change: (compose) => reorderKeys(compose, mapAt(compose), ["a", "b"]),
    result: "# my stack\na: 2\nb: 1\n",
  },
  {
    title: "an anchor does not move behind its use",
    text: "a:\n  z: &z 1\n  b: *z\n",
    change: (compose) => reorderKeys(compose, mapAt(compose, "a"), ["b", "z"]),
    result: "refusal: the anchor &z would come behind its use",
  },
  {
    title: "the keys behind a dash change places",
    text: "a:\n  - target: 80 # t\n    # p\n    published: 81\n  - x\n",
    change: (compose) => reorderKeys(compose, mapAt(compose, "a", 0), ["published", "target"]),
    result: "a:\n  - # p\n    published: 81\n    target: 80 # t\n  - x\n",
  },
  {
    title: "items of a flow list change places",
    text: "a: [ c, b,  a ]\n",
    change: (compose) => reorderItems(compose, listAt(compose, "a"), [2, 1, 0]),
    result: "a: [ a, b,  c ]\n",
  },
  {
    title: "quotes are not taken from a text that would be something else without",
    text: 'a: "yes"\n',
    change: (compose) => {
      const node = nodeAt(compose, ["a"]);
      assert.equal(node.kind, "scalar");
      return setQuotes(compose, node as Extract<YamlNode, { kind: "scalar" }>, "plain");
    },
    result: "refusal: without quotes it would mean something else",
  },
  {
    title: "a file that is no YAML is left alone",
    text: "a: [1\nb: 2\n",
    change: (compose) => addKey(compose, mapAt(compose), "c", 1),
    result: "refusal: the file is not valid YAML as it is",
  },
];

for (const { title, text, change, result } of CASES)
  test(title, () => {
    const compose = parseCompose(text);
    assert.equal(after(compose, change(compose)), result);
  });

test("who shares a node is known", () => {
  const compose = parseCompose("x: &x\n  a: &a 1\ny: *x\nz: *a\n");
  assert.equal(sharedBy(compose, nodeAt(compose, ["x", "a"]))?.anchor.name, "a");
  assert.equal(sharedBy(compose, nodeAt(compose, ["x"]))?.uses.length, 1);
  assert.equal(sharedBy(compose, mapAt(compose)), undefined);
});

/** Texts that some reader of YAML takes for something else when they stand there without quotes. */
const MISREAD = [
  "yes",
  "on",
  "n",
  "True",
  "null",
  "~",
  "",
  " a",
  "a ",
  "1e3",
  "0x1",
  "010",
  "0o7",
  "22:22",
  "1_000",
  ".5",
  "+1",
  "-.inf",
  "*a",
  "&a",
  "!a",
  "a: b",
  "a:",
  "a #b",
  "#a",
  "- a",
  "-",
  "? a",
  ": a",
  "@a",
  "`a",
  "%a",
  "|",
  ">",
  "[a",
  "]",
  "{a",
  "}",
  ",a",
  "'a",
  '"a',
  "---",
  "--- a",
  "2020-01-01",
  "=",
  "<<",
  "a\tb",
  "a\nb",
  "\u0085",
  "a\u2028b",
  "\uFEFF",
  "a\n",
  "\n",
  "\u{1F433}",
  "\u0000",
  "a\\b",
  "it's",
  'say "hi"',
]; // prettier-ignore

test("texts that could be misread are quoted, as values, items and keys, in block and flow form", () => {
  for (const text of MISREAD)
    for (const source of ["a: x\nb: ['x']\n", 'a: x\nb: ["x"]\nc: "y"\n']) {
      const compose = parseCompose(source);
      const changes = [
        setValue(compose, nodeAt(compose, ["a"]), text),
        addItem(compose, nodeAt(compose, ["b"]), text),
        setValue(compose, nodeAt(compose, ["b", 0]), text),
        addKey(compose, mapAt(compose), "k", [text, { a: [text] }]),
        addKey(compose, mapAt(compose), `k${text}`, text),
      ];
      const values = [["a"], ["b", 1], ["b", 0], ["k", 1, "a", 0], [`k${text}`]];
      for (const [index, change] of changes.entries()) {
        const result = parseCompose(after(compose, change));
        assert.deepEqual(result.problems, [], result.text);
        assert.equal(plainOf(nodeAt(result, values[index] ?? [])), text, result.text);
      }
    }
});

/** One change, what it asks for, and what it may take along. */
interface Trial {
  readonly change: Change;
  readonly expected: Plain;
  readonly mayLose: boolean;
  /** Where edits may be. */
  readonly within: Span;
}

interface Spot {
  readonly node: YamlNode;
  readonly path: Path;
  readonly parent?: YamlNode;
}

/** Every node that is written where it holds, with its path, the root first. */
function walk(node: YamlNode, path: Path = [], parent?: YamlNode): readonly Spot[] {
  const here = { node, path, ...(parent && { parent }) };
  if (node.via || node.kind === "scalar") return [here];
  const children =
    node.kind === "map"
      ? node.entries.filter(({ via }) => !via).map(({ key, value }) => [key, value] as const)
      : [...node.items.entries()];
  return [here, ...children.flatMap(([step, child]) => walk(child, [...path, step], node))];
}

/** A value with another in its place; `undefined` takes it away. */
function withAt(value: Plain, [step, ...rest]: Path, change: (old: Plain) => Plain | undefined): Plain {
  if (step === undefined) return change(value) ?? null;
  if (Array.isArray(value)) {
    const items = value as readonly Plain[];
    return items.flatMap((item, index) => {
      if (index !== step) return [item];
      const next = rest.length === 0 ? change(item) : withAt(item, rest, change);
      return next === undefined ? [] : [next];
    });
  }
  const entries = Object.entries(value as { readonly [key: string]: Plain }).flatMap(
    ([key, each]): [string, Plain][] => {
      if (key !== step) return [[key, each]];
      const next = rest.length === 0 ? change(each) : withAt(each, rest, change);
      return next === undefined ? [] : [[key, next]];
    },
  );
  return Object.fromEntries(entries);
}

/** A node with its key or dash, the blank lines around it, and comments below it; all of the text where that is hard to tell. */
function surroundings({ text }: ComposeFile, { node, path, parent }: Spot): Span {
  const key = parent?.kind === "map" && parent.written.find((entry) => entry.key === path.at(-1));
  const first = key ? key.keySpan.start : node.span.start;
  const above = text.slice(0, first).replace(key ? /\s+$/ : /\s*-\s*$/, "");
  if (!parent || parent.kind === "scalar" || parent.flow || (!key && above.length === first))
    return { start: 0, end: text.length };
  const rest = /^[^\n]*\n?(?:[ \t\r]*(?:#[^\n]*)?(?:\n|$))*[ \t]*/.exec(text.slice(node.span.end))?.[0].length ?? 0;
  return { start: above.length, end: node.span.end + rest };
}

const KINDS = ["add", "set", "remove", "reorder"] as const;

function trial(
  compose: ComposeFile,
  { node, path, parent }: Spot,
  kind: (typeof KINDS)[number],
  value: Plain,
  pick: number,
): Trial | undefined {
  const whole = compose.root && plainOf(compose.root);
  if (whole === undefined) return undefined;
  const asked = (change: Change, next: (old: Plain) => Plain | undefined, mayLose = false): Trial => ({
    change,
    expected: withAt(whole, path, next),
    mayLose,
    within: surroundings(compose, { node, path, ...(parent && { parent }) }),
  });
  if (kind === "add" && node.kind === "list")
    return asked(addItem(compose, node, value), (old) => [...(old as Plain[]), value]);
  if (kind === "add" && node.kind === "map") {
    const after = [node.written[pick % 3]?.key ?? ""];
    return asked(addKey(compose, node, "added", value, { after, first: pick % 4 === 0 }), (old) => ({
      ...(old as object),
      added: value,
    }));
  }
  if (kind === "set" && parent) return asked(setValue(compose, node, value), () => value);
  if (kind === "remove" && parent?.kind === "list")
    return asked(removeItem(compose, parent, node), () => undefined, true);
  // Without a key of its own, a mapping may have the one that is merged in.
  if (kind === "remove" && parent?.kind === "map" && parent.entries === parent.written)
    return asked(removeKey(compose, parent, String(path.at(-1))), () => undefined, true);
  if (kind === "reorder" && node.kind === "map")
    return asked(reorderKeys(compose, node, node.written.map(({ key }) => key).reverse()), (old) => old);
  if (kind === "reorder" && node.kind === "list")
    return asked(reorderItems(compose, node, [...node.items.keys()].reverse()), (old) =>
      [...(old as Plain[])].reverse(),
    );
  return undefined;
}

/** Whether the change was made. */
function holds(compose: ComposeFile, { change, expected, mayLose, within }: Trial): boolean {
  if ("refusal" in change) return false;
  const { text } = compose;
  for (const { span } of change.edits)
    assert.ok(
      within.start <= span.start && span.end <= within.end,
      `${JSON.stringify([within, change.edits])}\n${text}`,
    );
  const result = parseCompose(applyEdits(text, change.edits));
  assert.deepEqual(result.problems, [], result.text);
  assert.ok(result.root);
  assert.deepEqual(plainOf(result.root), expected, result.text);
  if (!mayLose) assert.deepEqual(commentsOf(result), commentsOf(compose), result.text);
  assert.equal(result.text.startsWith("\uFEFF"), text.startsWith("\uFEFF"));
  if (text.includes("\r\n")) assert.doesNotMatch(result.text, /[^\r]\n/);
  // Empty lines are part of a text that keeps them.
  if (!/[|>]\d?\+/.test(text))
    assert.equal(result.text.endsWith("\n"), text.endsWith("\n"), JSON.stringify(result.text));
  return true;
}

test("whatever is asked for is there, everything else says what it said, all comments are kept", () => {
  let refused = 0;
  let made = 0;
  fc.assert(
    fc.property(fileText, fc.nat(), fc.constantFrom(...KINDS), valueArbitrary, ({ text }, pick, kind, value) => {
      const compose = parseCompose(text);
      assert.deepEqual(compose.problems, [], `generated: ${text}`);
      assert.ok(compose.root);
      const spots = walk(compose.root);
      const spot = spots[pick % spots.length];
      const asked = spot && trial(compose, spot, kind, value, pick);
      if (!asked) return;
      if (holds(compose, asked)) made++;
      else refused++;
    }),
    { numRuns: RUNS },
  );
  assert.ok(made > refused * 2, `${refused} of ${made + refused} refused`);
});

test("rare forms are edited rightly or left alone", () => {
  const values: readonly Plain[] = ["t", "yes", 5, null, [], {}, ["i", { k: "v" }], { k: { l: ["m"] } }, "one\ntwo\n"];
  for (const unix of NASTY)
    for (const text of [unix, unix.replaceAll("\n", "\r\n"), `\uFEFF${unix}`, unix.trimEnd()]) {
      const compose = parseCompose(text);
      const spots = compose.root ? walk(compose.root) : [];
      for (const [index, spot] of spots.entries())
        for (const kind of KINDS)
          for (const value of kind === "add" || kind === "set" ? values : [null]) {
            const asked = trial(compose, spot, kind, value, index);
            if (asked) holds(compose, asked);
          }
    }
});
