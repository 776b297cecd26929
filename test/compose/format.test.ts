/** The formatter: the layout is even, what the file says and its comments are the same, and a second run finds nothing to do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatCompose } from "../../server/src/core/features/compose/format.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { fileText, NASTY, plainOf, trimmedComments } from "./yaml-texts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 1500);
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

const formatted = (text: string): string => applyEdits(text, formatCompose(text, { tabSize: 2 }));

const CASES: readonly { readonly title: string; readonly text: string; readonly result: string }[] = [
  {
    title: "blanks behind colons and dashes, at line ends, and blank lines",
    text: "\n\nservices :  \n  web:\n    image:   nginx   # pinned\n    ports:\n      -   80\n\n\n\n  db:   &db\n    image: b\n\n\n",
    result: "services:\n  web:\n    image: nginx   # pinned\n    ports:\n      - 80\n\n  db: &db\n    image: b\n",
  },
  {
    title: "the width most of the file has",
    text: "services:\n    web:\n        image: a\n    db:\n      image: b\n      build:\n          context: .\n",
    result:
      "services:\n    web:\n        image: a\n    db:\n        image: b\n        build:\n            context: .\n",
  },
  {
    title: "lists where most of them are",
    text: "a:\n  b:\n  - 1\n  c:\n    - 2\n  d:\n  - 3\n",
    result: "a:\n  b:\n  - 1\n  c:\n  - 2\n  d:\n  - 3\n",
  },
  {
    title: "keys behind a dash",
    text: "a:\n  -   b: 1\n      c:\n        -   d\n  - - e\n    - f\n",
    result: "a:\n  - b: 1\n    c:\n      - d\n  - - e\n    - f\n",
  },
  {
    title: "texts of several lines keep what they say",
    text: "a:\n    b:   |\n        one\n          two\n   \n        three  \n    c: >-\n       folded\n    d: plain\n       goes on\n    e: |2\n        x\n",
    result:
      "a:\n    b: |\n        one\n          two\n\n        three  \n    c: >-\n        folded\n    d: plain\n       goes on\n    e: |2\n        x\n",
  },
  {
    title: "flow collections stay as they are, further in or out",
    text: "a:\n  b:\n      c: {x:   1,\n          y: [2,  3]}\n  d:\n    e: 1\n  f:\n    g: 1\n",
    result: "a:\n  b:\n    c: {x:   1,\n        y: [2,  3]}\n  d:\n    e: 1\n  f:\n    g: 1\n",
  },
  {
    title: "comments go with what they stand above, or in",
    text: "# head\nservices:\n# first\n   web:\n       # image\n       image: a\n       ports:\n           - 1\n           # - 2\n\n   # data\n   db:\n       image: b\n#       user: c\n",
    result:
      "# head\nservices:\n    # first\n    web:\n        # image\n        image: a\n        ports:\n            - 1\n            # - 2\n\n    # data\n    db:\n        image: b\n#       user: c\n",
  },
  {
    title: "anchors, tags and merge keys",
    text: "x: &x   !!map\n    a: 1\ny:\n    <<:   *x\n    b: !override   [1]\n",
    result: "x: &x !!map\n    a: 1\ny:\n    <<: *x\n    b: !override [1]\n",
  },
  { title: "Windows line endings", text: "a :\r\n\r\n\r\n  b:  1\r\n", result: "a:\r\n\r\n  b: 1\r\n" },
  { title: "a last line without an end", text: "a:  1", result: "a: 1\n" },
  { title: "a last text to which a line break would be added", text: "a:  |\n  b", result: "a: |\n  b" },
  { title: "a byte order mark", text: "\uFEFFa:  1\n", result: "\uFEFFa: 1\n" },
  { title: "tabs that make it no YAML", text: "a:\n\tb:  1\n", result: "a:\n\tb:  1\n" },
  { title: "JSON", text: '{ "a":1 }\n', result: '{ "a":1 }\n' },
];

for (const { title, text, result } of CASES)
  test(`format: ${title}`, () => {
    assert.equal(formatted(text), result);
    assert.equal(formatted(result), result);
  });

test("the width of an editor holds where the file does not tell", () => {
  const text = "services: {}\nx-a:\n- 1\n";
  assert.deepEqual(formatCompose(text, { tabSize: 4 }), []);
});

function holds(text: string): void {
  const before = parseCompose(text);
  const once = formatted(text);
  const after = parseCompose(once);
  assert.ok(before.root && after.root);
  assert.deepEqual(after.problems, [], once);
  assert.deepEqual(plainOf(after.root), plainOf(before.root), once);
  assert.deepEqual(trimmedComments(after), trimmedComments(before), once);
  assert.equal(formatted(once), once);
}

test("format: the same is said, by the same comments, and a second run changes nothing", () => {
  fc.assert(
    fc.property(fileText, ({ text }) => {
      holds(text);
    }),
    { numRuns: RUNS },
  );
});

test("format: rare forms", () => {
  for (const text of NASTY)
    for (const each of [text, text.replaceAll("\n", "\r\n"), `\uFEFF${text}`, text.trimEnd()]) holds(each);
});
