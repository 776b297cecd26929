/** Suppression comments, settings, and the edits that write suppressions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../server/src/core/findings/settings.ts";
import { ignoreHere, ignoreInFile } from "../server/src/core/findings/suppress.ts";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { defineRule, type Rule } from "../server/src/core/rule.ts";
import { applyEdits } from "../server/src/core/text/edit.ts";

/** Reports every RUN, and every RUN that says weak only to the strict. */
const runs = rule("runs", ["hadolint:DL3004", "buildkit:RunRule"]);
const users = rule("users", ["hadolint:DL3002"], "USER");

function rule(id: string, sameAs: readonly string[], name = "RUN"): Rule {
  return defineRule({
    id,
    summary: id,
    severity: "warning",
    profile: "recommended",
    fixable: "never",
    since: "0.1.0",
    sameAs,
    why: "",
    examples: [],
    check({ dockerfile, report }) {
      for (const instruction of dockerfile.instructions.filter((each) => each.name === name))
        report(instruction.keyword.span, {
          message: instruction.args.text,
          ...(instruction.args.text === "weak" && { profile: "strict" as const }),
        });
    },
  });
}

const left = (text: string, settings: Settings = defaultSettings): string[] =>
  inspect(text, [runs, users], settings, new Map()).findings.map(({ rule: id, message }) => `${id} ${message}`);

const CASES: readonly (readonly [title: string, text: string, left: readonly string[]])[] = [
  ["next instruction only", "# dockwright ignore=runs because\nRUN a\nRUN b\n", ["runs b"]],
  ["several ids", "# dockwright ignore=runs, users\nUSER a\nUSER b\n", ["users b"]],
  ["other comments between", "# dockwright ignore=runs\n# note\n\nRUN a\n", []],
  ["another rule", "# dockwright ignore=users\nRUN a\n", ["runs a"]],
  ["file", "RUN a\n# dockwright global ignore=runs\nRUN b\nUSER c\n", ["users c"]],
  ["stage", "FROM a\nRUN a\n# dockwright stage ignore=runs\nFROM b\nRUN b\nFROM c\nRUN c\n", ["runs a", "runs c"]],
  ["hadolint code", "# hadolint ignore=DL3004,SC2086\nRUN a\nRUN b\n", ["runs b"]],
  ["hadolint, with a reason", "# hadolint ignore=DL3004 # they want it\nRUN a\n", []],
  ["hadolint, whole file", "RUN a\n# hadolint global ignore=DL3004\n", []],
  ["hadolint does not know our ids", "# hadolint ignore=runs\nRUN a\n", ["runs a"]],
  ["check directive", "# check=skip=RunRule;error=true\nRUN a\nUSER b\n", ["users b"]],
  ["check directive, all of BuildKit's", "# check=skip=all\nRUN a\nUSER b\n", ["users b"]],
  ["check above one instruction", "FROM a\n# check=skip=RunRule // reason\nRUN a\nRUN b\n", ["runs b"]],
  ["inside a continuation it is no suppression", "RUN a \\\n# dockwright ignore=runs\n b\n", ["runs a  b"]],
  ["CRLF", "# dockwright ignore=runs\r\nRUN a\r\n", []],
];
for (const [title, text, expected] of CASES)
  test(`suppression: ${title}`, () => assert.deepEqual(left(text), expected));

test("settings switch rules on and off, and change severities", () => {
  const text = "RUN a\nRUN weak\nUSER b\n";
  assert.deepEqual(left(text), ["runs a", "users b"]);
  assert.deepEqual(left(text, { ...defaultSettings, profile: "strict" }), ["runs a", "runs weak", "users b"]);
  assert.deepEqual(left(text, { ...defaultSettings, rules: { runs: "off" } }), ["users b"]);
  const loud = inspect(text, [runs], { ...defaultSettings, rules: { runs: "error" } }, new Map()).findings;
  assert.deepEqual(
    loud.map(({ severity, message }) => `${severity} ${message}`),
    ["error a", "error weak"],
  );
});

const IGNORE_HERE: readonly (readonly [title: string, text: string, after: string])[] = [
  ["plain", "FROM a\nRUN b\n", "FROM a\n# dockwright ignore=runs\nRUN b\n"],
  ["indented, CRLF", "FROM a\r\n  RUN b\r\n", "FROM a\r\n  # dockwright ignore=runs\r\n  RUN b\r\n"],
  ["beside another id", "# dockwright ignore=users why\nRUN b\n", "# dockwright ignore=users,runs why\nRUN b\n"],
  ["first line, with BOM", "\uFEFFRUN b\n", "\uFEFF# dockwright ignore=runs\nRUN b\n"],
];
for (const [title, text, after] of IGNORE_HERE)
  test(`ignore here: ${title}`, () => {
    const dockerfile = parseDockerfile(text);
    const [finding] = inspect(text, [runs], defaultSettings, new Map()).findings;
    assert.ok(finding);
    const edit = ignoreHere(dockerfile, finding);
    assert.ok(edit);
    const written = applyEdits(text, [edit]);
    assert.equal(written, after);
    assert.deepEqual(inspect(written, [runs], defaultSettings, new Map()).findings, []);
  });

const IGNORE_IN_FILE: readonly (readonly [title: string, text: string, after: string])[] = [
  ["plain", "FROM a\nRUN b\n", "# dockwright global ignore=runs\nFROM a\nRUN b\n"],
  [
    "below the directives",
    "# syntax=x\n# escape=`\nRUN b\n",
    "# syntax=x\n# escape=`\n# dockwright global ignore=runs\nRUN b\n",
  ],
  ["beside another id", "RUN b\n# dockwright global ignore=users\n", "RUN b\n# dockwright global ignore=users,runs\n"],
  ["with BOM", "\uFEFFRUN b\n", "\uFEFF# dockwright global ignore=runs\nRUN b\n"],
];
for (const [title, text, after] of IGNORE_IN_FILE)
  test(`ignore in file: ${title}`, () => {
    const written = applyEdits(text, [ignoreInFile(parseDockerfile(text), "runs")]);
    assert.equal(written, after);
    assert.deepEqual(left(written), []);
  });
