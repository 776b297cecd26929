/** Comments that switch rules off in compose files, and the edits that write them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ignoreHere, ignoreInFile } from "../../server/src/core/findings/ignore.ts";
import { type Inspection, inspect } from "../../server/src/core/findings/inspect.ts";
import { defaultSettings } from "../../server/src/core/findings/settings.ts";
import { fieldOf } from "../../server/src/core/model/compose/fields.ts";
import { type ComposeRule, defineComposeRule } from "../../server/src/core/rule.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";

/** Reports a key of every service. */
const about = (key: string, sameAs: readonly string[]): ComposeRule =>
  defineComposeRule({
    id: `compose-${key}`,
    summary: key,
    severity: "warning",
    profile: "recommended",
    fixable: "never",
    since: "0.1.0",
    sameAs,
    why: "",
    examples: [],
    check({ compose, report }) {
      for (const { map } of compose.services) {
        const found = fieldOf(map, key);
        if (found) report(found.keySpan, { message: key });
      }
    },
  });
const rules = [about("image", ["dclint:explicit-tag", "kics:Image"]), about("privileged", ["kics:Privileged"])];

const look = (text: string): Inspection =>
  inspect(text, rules, defaultSettings, new Map(), { language: "compose", name: "compose.yaml" });
const left = (text: string): string =>
  look(text)
    .findings.map(({ rule, span }) => `${rule} ${text.slice(0, span.start).split("\n").length}`)
    .join(", ");

const FILE = "services:\n  a:\n    image: x\n    privileged: true\n  b:\n    image: y\n";
const cases: readonly (readonly [name: string, text: string, left: string])[] = [
  ["none", FILE, "compose-image 3, compose-privileged 4, compose-image 6"],
  [
    "above a key",
    FILE.replace("    image: x", "    # dockwright ignore=compose-image why\n    image: x"),
    "compose-privileged 5, compose-image 7",
  ],
  [
    "behind a key",
    FILE.replace("image: x", "image: x # dockwright ignore=image,compose-image"),
    "compose-privileged 4, compose-image 6",
  ],
  [
    "above a service: all of it",
    FILE.replace("  a:", "  # dockwright ignore=compose-image,compose-privileged\n  a:"),
    "compose-image 7",
  ],
  ["for the file", `# dockwright global ignore=compose-image\n${FILE}`, "compose-privileged 5"],
  ["a peer's code", `# dockwright global ignore=explicit-tag\n${FILE}`, "compose-privileged 5"],
  [
    "dclint, a line",
    FILE.replace("image: x", "image: x # dclint disable-line"),
    "compose-privileged 4, compose-image 6",
  ],
  [
    "dclint, the line below",
    FILE.replace("    image: x", "    # dclint disable-line explicit-tag\n    image: x"),
    "compose-privileged 5, compose-image 7",
  ],
  [
    "dclint, the line of a service is not all of it",
    FILE.replace("  a:", "  a: # dclint disable-line"),
    "compose-image 3, compose-privileged 4, compose-image 6",
  ],
  ["dclint, the file", `---\n\n# dclint disable other explicit-tag\n${FILE}`, "compose-privileged 7"],
  [
    "dclint, not above all",
    FILE.replace("services:", "services:\n  # dclint disable"),
    "compose-image 4, compose-privileged 5, compose-image 7",
  ],
  [
    "KICS, the line below",
    FILE.replace("    image: x", "    # kics-scan ignore-line\n    image: x"),
    "compose-privileged 5, compose-image 7",
  ],
  ["KICS, a block", FILE.replace("  a:", "  # kics-scan ignore-block\n  a:"), "compose-image 7"],
  ["KICS, the file", `# kics-scan ignore\n${FILE}`, ""],
];
for (const [name, text, expected] of cases) {
  test(`compose suppression: ${name}`, () => assert.equal(left(text), expected));
  test(`compose suppression: ${name}, CRLF`, () => assert.equal(left(text.replaceAll("\n", "\r\n")), expected));
}

const ignored = (text: string, at: number): string => {
  const { document, findings } = look(text);
  const finding = findings[at];
  assert.ok(finding);
  const edit = ignoreHere(document, finding);
  assert.ok(edit);
  return applyEdits(text, [edit]);
};

test("ignoring here writes a comment above the key, and a second name into it", () => {
  const once = ignored(FILE, 0);
  assert.equal(once, FILE.replace("    image: x", "    # dockwright ignore=compose-image\n    image: x"));
  assert.equal(left(once), "compose-privileged 5, compose-image 7");
  const flow = "services: {a: {image: x, privileged: true}}\n";
  const both = ignored(ignored(flow, 0), 0);
  assert.equal(both, `# dockwright ignore=compose-image,compose-privileged\n${flow}`);
  assert.equal(left(both), "");
});

test("ignoring in the file", () => {
  const { document } = look(FILE);
  const text = applyEdits(FILE, [ignoreInFile(document, "compose-image")]);
  assert.equal(text, `# dockwright global ignore=compose-image\n${FILE}`);
  assert.equal(
    applyEdits(text, [ignoreInFile(look(text).document, "x")]).split("\n")[0],
    "# dockwright global ignore=compose-image,x",
  );
});
