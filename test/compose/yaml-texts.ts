/** YAML texts as people write them, made at random: widths, lists, quotes, flow forms, comments, blank lines, line endings. */
import fc from "fast-check";
import type { ComposeFile } from "../../server/src/core/model/compose/model.ts";
import type { Plain } from "../../server/src/core/model/compose/patch.ts";
import type { YamlNode } from "../../server/src/core/text/yaml.ts";

const WORDS = [
  "web",
  "a b",
  "80:80",
  "yes",
  "x#y",
  "it's",
  "1.10",
  "012",
  "",
  "${TAG:-1}",
  "- x",
  "a: b",
  "#",
  "é",
  "{}",
];

const scalar = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.integer({ min: -5, max: 70000 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("one\ntwo", "one\n\ntwo\n", "end\n"),
);

export const valueArbitrary: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("image", "ports", "env", "a b", "on", "8o"), tie("value"), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).value;

export const rootArbitrary: fc.Arbitrary<{ readonly [key: string]: Plain }> = fc.dictionary(
  fc.constantFrom("services", "volumes", "x-a", "name", "networks"),
  valueArbitrary,
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);

interface Manner {
  readonly width: number;
  readonly list: number;
  readonly eol: string;
  readonly bom: boolean;
  readonly finalBreak: boolean;
}

const manner: fc.Arbitrary<Manner> = fc.record({
  width: fc.constantFrom(2, 2, 4, 3),
  list: fc.constantFrom(0, 2),
  eol: fc.constantFrom("\n", "\n", "\r\n"),
  bom: fc.boolean(),
  finalBreak: fc.boolean(),
});

export const fileText: fc.Arbitrary<{ readonly text: string }> = fc
  .tuple(rootArbitrary, manner, fc.infiniteStream(fc.nat(99)))
  .map(([root, how, chances]) => {
    const chance = (): number => Number(chances.next().value);
    const lines = blockLines(root, 0, how, chance);
    const text = lines.join(how.eol) + (how.finalBreak ? how.eol : "");
    return { text: (how.bom ? "\uFEFF" : "") + text, toString: () => text };
  });

function blockLines(value: Plain, column: number, how: Manner, chance: () => number): string[] {
  const parts = Array.isArray(value)
    ? (value as readonly Plain[]).map((item) => ["-", item] as const)
    : Object.entries(value as { readonly [key: string]: Plain }).map(
        ([key, each]) => [`${textOf(key, false, chance)}:`, each] as const,
      );
  return parts.flatMap(([mark, each], index) => {
    const indentation = " ".repeat(column);
    const above: string[] = [];
    if (index > 0 && chance() < 15) above.push("");
    if (chance() < 15) above.push(`${indentation}# above ${chance()}`);
    const [first = "", ...rest] = valueLines(mark, each, column, how, chance);
    return [...above, `${indentation}${mark}${first}`, ...rest];
  });
}

const trailing = (chance: () => number): string => (chance() < 15 ? ` # behind ${chance()}` : "");

function valueLines(mark: string, value: Plain, column: number, how: Manner, chance: () => number): string[] {
  const isItem = mark === "-";
  if (typeof value === "object" && value !== null) {
    if (Object.keys(value).length === 0 || chance() < 25) return [` ${flow(value, chance)}${trailing(chance)}`];
    if (isItem && chance() < 70) {
      const lines = blockLines(value, column + 2, how, chance);
      if (!/^\s*(?:#|$)/.test(lines[0] ?? "")) return [` ${(lines[0] ?? "").trimStart()}`, ...lines.slice(1)];
    }
    const step = Array.isArray(value) && !isItem ? how.list : how.width;
    const below = blockLines(value, column + step, how, chance);
    return [
      trailing(chance),
      ...below,
      ...(chance() < 10 ? [`${" ".repeat(column + step + 1)}# below ${chance()}`] : []),
    ];
  }
  if (value === null && chance() < 50) return [trailing(chance)];
  if (typeof value === "string" && /[^\n]\n/.test(value) && chance() < 80) {
    const mode = value.endsWith("\n") ? (chance() < 30 ? "+" : "") : "-";
    const body = value.replace(/\n$/, "").split("\n");
    return [` |${mode}${trailing(chance)}`, ...body.map((line) => line && " ".repeat(column + how.width) + line)];
  }
  return [` ${textOf(value, false, chance)}${trailing(chance)}`];
}

function flow(value: Plain, chance: () => number): string {
  if (typeof value !== "object" || value === null) return textOf(value, true, chance);
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map((item) => flow(item, chance)).join(", ")}]`;
  const parts = Object.entries(value).map(
    ([key, each]) => `${textOf(key, true, chance)}: ${flow(each as Plain, chance)}`,
  );
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function textOf(value: Plain, inFlow: boolean, chance: () => number): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const safe = /^[a-z][a-z #'é]*$/.test(value) && !value.includes(" #") && !["yes", "on"].includes(value) && !inFlow;
  const quote = chance();
  if (safe && quote < 60) return value;
  return quote < 30 && !value.includes("\n") ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

/** What a node says. */
export function plainOf(node: YamlNode): Plain {
  if (node.kind === "list") return node.items.map(plainOf);
  if (node.kind === "map") return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value)]));
  return node.value;
}

/** The comments of a file, in alphabetical order. */
export const commentsOf = ({ comments }: ComposeFile): string[] => comments.map(({ text }) => text).sort();

/** Forms that are rare, and right. */
export const NASTY: readonly string[] = [
  "a: &a # on the key\n  b: 1\n\n  # alone\n\n  c: *a2\n".replace("*a2", "2"),
  "x-a: &a\n  k: [1, 2]\ny:\n  <<: *a\n  own: &o {p: q}\nz: *a\nw: *o\n",
  "y:\n  <<: [{a: 1}, {b: 2}]\n  c: 3\n",
  "a:   |2-  # comment\n    two blanks\n   three\n\nb: >+\n  folded\n  text\n\n\nc: |+\n\n",
  "a: plain text\n  goes on\n  here # end\nb: 'single\n  goes on'\nc: \"double \\\n  goes on\"\n",
  "a:\n  # only a comment\n\nb: # and one here\n# at the margin\n  c:\n",
  "a:\n    - 1\n    -   2 # far\n    -\n      b: 3\n    - - 4\n      - 5\n    - # six\n      6\n    -\n",
  "a:\n- b: 1\n  c:\n  - d\n  - e\n# between\n- f\ng:\n- h\n",
  "a: [1, # one\n    2, {b: c, d}, [e: f], ] # end\nb: {\n  # first\n  c: 1,\n  d: 2,\n}\n",
  "? a\n: b\n? c\n: d\n",
  "a: !!str 5\nb: !override\n  - 1\nc: !reset null\nd: !!int 7\n&k e: 1\n\"f\": 'g'\n",
  "---\na: 1\nb: 2\n...\n",
  "%YAML 1.2\n---\n# head\na: {}\nb: []\nc: ~\nd: ''\n",
  "{}\n",
  "{a: 1, b: {c: 2}}",
  '{"a":1,"b":["c","d"]}',
  "a : 1\nb\t: 2\nc:\t3\n",
  "a: 1   \nb: 2\t# tab\nc:\n  d: 3  \n  \n  e: 4\n    \n",
  "a: &x 1\nb: *x # same\nc: [*x, *x]\n*x : d\n",
  "a:\n  b: 1\n\n\n\n  c: 2\n\n\n\nd: 3\n\n\n",
  "# head\n\n# about a\na: 1\n# about b\nb: 2\n# tail",
  "a:\n  b:\n    c:\n      d: 1\n      # deep\n    # less\n  # least\n# none\n",
  "\"a b\": 1\n'c''d': 2\ne f: 3\n",
  "a:\n  - &i\n    b: 1\n  - *i\n  - &j !t\n    c: 2\n",
];

/** In the order they stand in, without blanks behind them. */
export const trimmedComments = ({ comments }: ComposeFile): string[] => comments.map(({ text }) => text.trimEnd());
