/** What holds for navigation in any text: nothing throws, spans are inside, ranges nest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lensesOf } from "../../server/src/core/features/compose/code-lens.ts";
import { definitionAt } from "../../server/src/core/features/compose/definition.ts";
import { foldsOf } from "../../server/src/core/features/compose/folding.ts";
import { linksOf } from "../../server/src/core/features/compose/links.ts";
import { highlightsAt, referencesAt } from "../../server/src/core/features/compose/references.ts";
import { renameAt } from "../../server/src/core/features/compose/rename.ts";
import { selectionsAt } from "../../server/src/core/features/compose/selection.ts";
import { outlineOf, type OutlineSymbol } from "../../server/src/core/features/compose/symbols.ts";
import { namesOf } from "../../server/src/core/model/compose/name-index.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { applyEdits, contains, type Span } from "../../server/src/core/text/edit.ts";
import { filesFrom } from "./project-files.ts";

const PATH = "/p/compose.yaml";

const SEED = `include: [a.yaml, {path: [b.yaml], env_file: .env}]
x-a: &base {image: "x:\${TAG:-\${T}}", volumes: ["data:/d"]}
services:
  web:
    <<: *base
    depends_on: {db: {condition: service_started}, 'cache': }
    network_mode: "service:db"
    command: |
      echo $HOME
  db: &db
    build: {context: ., target: prod, args: [A=1], additional_contexts: {x: "service:web"}}
    extends: {file: a.yaml, service: web}
    secrets: [k, {source: "k\\u0065y"}]
  cache: *db
volumes:
  data: &d # here
networks: {default: , ? back : }
`;

/** The text with pieces of it taken out, doubled, or replaced by what YAML is touchy about. */
const texts = fc
  .array(
    fc.record({
      at: fc.nat({ max: SEED.length }),
      length: fc.nat({ max: 12 }),
      put: fc.constantFrom(
        "",
        "\n",
        ": ",
        "&",
        "*",
        "*base",
        "<<: ",
        "- ",
        "[",
        "}",
        '"',
        "'",
        "\t",
        "|\n",
        "#",
        "\r\n",
        "$",
        "!x ",
        "? ",
        "é",
        "💥",
      ),
    }),
    { maxLength: 5 },
  )
  .map((cuts) => cuts.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), SEED));

const inside = (text: string, { start, end }: Span): void =>
  assert.ok(0 <= start && start <= end && end <= text.length, `${start}–${end} of ${text.length}`);

const nested = (text: string, symbols: readonly OutlineSymbol[]): void => {
  for (const { span, nameSpan, children } of symbols) {
    inside(text, span);
    assert.ok(contains(span, nameSpan));
    nested(text, children);
  }
};

test("nothing throws, and spans are inside the text, whatever it is", () => {
  fc.assert(
    fc.property(texts, fc.nat({ max: SEED.length }), (text, place) => {
      const compose = parseCompose(text, "compose.yaml");
      const offset = Math.min(place, text.length);
      const files = filesFrom({
        [PATH]: text,
        "/p/a.yaml": SEED,
        "/p/Dockerfile": "FROM a AS prod\nARG A\n",
        "/p/.env": "T=1\n",
      });
      for (const { span } of namesOf(compose).places) inside(text, span);
      for (const { span } of foldsOf(compose)) inside(text, span);
      for (const { span } of linksOf(PATH, compose, files)) inside(text, span);
      for (const { span } of lensesOf(compose)) inside(text, span);
      for (const { span } of highlightsAt(compose, offset)) inside(text, span);
      nested(text, outlineOf(compose));
      const selections = selectionsAt(compose, offset);
      for (const [index, span] of selections.entries()) {
        inside(text, span);
        assert.ok(span.start <= offset && offset <= span.end);
        const wider = selections[index + 1];
        assert.ok(!wider || contains(wider, span));
      }
      definitionAt(PATH, offset, files);
      referencesAt(PATH, offset, files, { declarations: true });
      const renaming = renameAt(PATH, offset, "renamed", files);
      if (renaming && "edits" in renaming)
        for (const [path, edits] of renaming.edits) applyEdits(files.text(path) ?? "", edits);
    }),
    { numRuns: 1_500 },
  );
});
