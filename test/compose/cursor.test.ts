/** The place told from the lines around a cursor is that of the model, for every text that parses; other texts do no harm. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { completionsAt } from "../../server/src/core/features/compose/completion.ts";
import { type Cursor, glanceAt, type Path } from "../../server/src/core/features/compose/cursor.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import type { YamlNode } from "../../server/src/core/text/yaml.ts";
import { fileText } from "./yaml-texts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 400);
// The same texts at every run, so that a red one is about the change. FUZZ_SEED and FUZZ_RUNS go looking for more.
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

interface Known {
  readonly at: number;
  readonly path: Path;
  readonly kinds: readonly Cursor["at"][];
}

/** Offsets within keys and scalars of one line, and the paths of those. */
function* placesBelow(text: string, node: YamlNode, path: Path): Generator<Known> {
  if (node.kind === "map")
    for (const { key, keySpan, value } of node.written) {
      if (keySpan.end - keySpan.start > 1) yield { at: keySpan.start + 1, path, kinds: ["key", "item"] };
      yield* placesOf(text, value, [...path, key], "value");
    }
  if (node.kind === "list") for (const item of node.items) yield* placesOf(text, item, [...path, 0], "item");
}

function* placesOf(text: string, node: YamlNode, path: Path, kind: Cursor["at"]): Generator<Known> {
  if (node.kind !== "scalar") return yield* placesBelow(text, node, path);
  const source = text.slice(node.span.start, node.span.end);
  const isBlock = node.style === "literal" || node.style === "folded";
  if (source.length > 1 && !isBlock && !/[\r\n]/.test(source)) yield { at: node.span.start + 1, path, kinds: [kind] };
}

test("lines tell the same as the model", () => {
  let places = 0;
  fc.assert(
    fc.property(fileText, ({ text }) => {
      const { root, problems } = parseCompose(text);
      if (!root || problems.length > 0) return;
      for (const { at, path, kinds } of placesBelow(text, root, [])) {
        places++;
        const { cursor } = glanceAt(text, at);
        const around = JSON.stringify(text.slice(Math.max(0, at - 60), at + 20));
        assert.ok(cursor, `there is a place at ${at}: ${around}`);
        assert.deepEqual(cursor.path, path, around);
        assert.ok(kinds.includes(cursor.at), `${cursor.at} at ${around}`);
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(places > 1000);
});

const DAMAGE = [
  "[",
  "{",
  "]",
  "}",
  '"',
  "'",
  "- ",
  ": ",
  "\n",
  "\r\n",
  "|\n",
  ">",
  "${",
  "#",
  "\t",
  ",",
  "&a ",
  "*a",
  "<<: ",
  "---\n",
];

test("damaged texts have completions or none, on the cursor's line and around it", () => {
  const look = (): { readonly unknown: string } => ({ unknown: "no files here" });
  const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...DAMAGE), fc.nat(3)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fileText, damage, fc.nat(), (file, wounds, place) => {
      let { text } = file;
      for (const [where, what, length] of wounds) {
        const at = where % (text.length + 1);
        text = text.slice(0, at) + what + text.slice(at + length);
      }
      const at = place % (text.length + 1);
      for (const { span, label } of completionsAt(text, at, look, parseCompose(file.text))) {
        assert.ok(span.start <= at && at <= span.end && span.end <= text.length, label);
        assert.doesNotMatch(text.slice(span.start, span.end), /[\r\n]/, label);
      }
    }),
    { numRuns: RUNS },
  );
});
