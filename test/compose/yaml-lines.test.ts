/** Brackets and quotes over lines that YAML 1.2 wants indented and compose does not: read as on one line, with every offset kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseYaml } from "../../server/src/core/text/yaml.ts";
import { onOneLine } from "../../server/src/core/text/yaml-lines.ts";

describe("a collection or text on one line", () => {
  const cases: readonly (readonly [text: string, start: number, expected: string | undefined])[] = [
    ["a: [x,\n y]\nb: 1\n", 3, "a: [x,  y]\nb: 1\n"],
    ["a: [x, # ]\n y]\n", 3, "a: [x,      y]\n"],
    ['a: ["]\n", y]\n', 3, 'a: ["] ", y]\n'],
    ["a: {b: [1,\r\n2]}\r\n", 3, "a: {b: [1,  2]}\r\n"],
    ["a: 'it''s\n so'\n", 3, "a: 'it''s  so'\n"],
    ['a: "b\\"\nc"\n', 3, 'a: "b\\" c"\n'],
    ["a: [it's,\n b]\n", 3, "a: [it's,  b]\n"],
    ["a: [x]\n", 3, undefined],
    ["a: [x\nb: 1\n", 3, undefined],
    ['a: "x\nb: 1\n', 3, undefined],
  ];
  for (const [text, start, expected] of cases)
    test(JSON.stringify(text), () => {
      const found = onOneLine(text, start);
      assert.equal(found, expected);
      if (found !== undefined) assert.equal(found.length, text.length);
    });
});

test("only a tolerant reading takes them, and spans are those of the text", () => {
  const text = "a:\n  b: [x,\ny]\n  c: [\n{d: e}]# f\n  g: 1\n";
  assert.ok(parseYaml(text).problems.length > 0);
  const { root, problems, comments } = parseYaml(text, { tolerant: true });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    comments.map((comment) => comment.text),
    ["f"],
  );
  const inner = root?.kind === "map" ? root.entries[0]?.value : undefined;
  assert.equal(inner?.kind, "map");
  assert.deepEqual(inner?.kind === "map" && inner.entries.map(({ key }) => key), ["b", "c", "g"]);
  const list = inner?.kind === "map" ? inner.entries[0]?.value : undefined;
  assert.equal(list && text.slice(list.span.start, list.span.end), "[x,\ny]");
});

test("a repeated key beside them is the only problem", () => {
  const { problems } = parseYaml("a: 1\nb:\n  c: [x,\n  y]\na: 2\n", { tolerant: true });
  assert.deepEqual(
    problems.map(({ code }) => code),
    ["DUPLICATE_KEY"],
  );
});
