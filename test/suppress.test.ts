/** Suppression comments, settings, and the edits that write suppressions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../server/src/core/findings/settings.ts";
import { ignoreHere, ignoreInFile, skipCheck } from "../server/src/core/findings/ignore.ts";
import { REMEDY_THREW } from "../server/src/core/lint.ts";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { defineRule, type DockerfileRule } from "../server/src/core/rule.ts";
import { applyEdits } from "../server/src/core/text/edit.ts";

/** Reports every RUN, and every RUN that says weak only to the strict. */
const runs = rule("runs", ["hadolint:DL3004", "buildkit:RunRule"]);
const users = rule("users", ["hadolint:DL3002"], "USER");

function rule(id: string, sameAs: readonly string[], name = "RUN"): DockerfileRule {
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
  ["a peer's code without the peer, in our comment", "# dockwright ignore=DL3004\nRUN a\n", []],
  ["a check comment behind another is not heard", "FROM a\n# check=skip=X\n# check=skip=RunRule\nRUN a\n", ["runs a"]],
  ["blank lines do not part a check comment from its instruction", "FROM a\n# check=skip=RunRule\n\n# b\nRUN a\n", []],
  ["an empty comment does", "FROM a\n# check=skip=RunRule\n#\nRUN a\n", ["runs a"]],
  ["an indented check comment is not heard", "FROM a\n  # check=skip=RunRule\nRUN a\n", ["runs a"]],
  ["a check comment of the instruction before", "FROM a\n# check=skip=RunRule\nUSER b\nRUN a\n", ["users b", "runs a"]],
  ["several parts of a check directive", "# check=error=true;skip=Other,RunRule\nRUN a\n", []],
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
  [
    "above hadolint's pragma, which counts for the very next line",
    "FROM a\n# note\n# hadolint ignore=DL3008\nRUN b\n",
    "FROM a\n# note\n# dockwright ignore=runs\n# hadolint ignore=DL3008\nRUN b\n",
  ],
  [
    "below a comment that is not about the instruction alone",
    "FROM a\n# hadolint ignore=DL3008\n\nRUN b\n",
    "FROM a\n# hadolint ignore=DL3008\n\n# dockwright ignore=runs\nRUN b\n",
  ],
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

const SKIP_CHECK: readonly (readonly [title: string, text: string, after: string])[] = [
  ["plain", "FROM a\nRUN b\n", "# check=skip=RunRule\nFROM a\nRUN b\n"],
  ["below other directives", "# syntax=x\n\nRUN b\n", "# syntax=x\n# check=skip=RunRule\n\nRUN b\n"],
  ["above a comment, which would end the directives", "# about\nRUN b\n", "# check=skip=RunRule\n# about\nRUN b\n"],
  ["into what is skipped", "# check=skip=A,B;error=true\nRUN b\n", "# check=skip=A,B,RunRule;error=true\nRUN b\n"],
  ["beside something else", "# check=error=true\nRUN b\n", "# check=skip=RunRule;error=true\nRUN b\n"],
  ["skipped already", "# check=skip=all\nRUN b\n", "# check=skip=all\nRUN b\n"],
  ["CRLF, BOM", "\uFEFFRUN b\r\n", "\uFEFF# check=skip=RunRule\r\nRUN b\r\n"],
  ["no line ending", "# syntax=x", "# syntax=x\n# check=skip=RunRule"],
];
for (const [title, text, after] of SKIP_CHECK)
  test(`skip a check: ${title}`, () => {
    const edit = skipCheck(parseDockerfile(text), "RunRule");
    const written = applyEdits(text, edit ? [edit] : []);
    assert.equal(written, after);
    const { directives, problems } = parseDockerfile(written);
    assert.deepEqual(problems, []);
    assert.equal(directives.filter(({ name }) => name === "check").length, 1);
    assert.deepEqual(left(written), []);
  });

test("`# check=error=true` makes BuildKit's checks errors; what a person wished wins", () => {
  const severities = (text: string, settings: Settings = defaultSettings): string[] =>
    inspect(text, [runs, users], settings, new Map()).findings.map(({ rule: id, severity }) => `${id} ${severity}`);
  const text = "# check=skip=Other;error=true\nRUN a\nUSER b\n";
  assert.deepEqual(severities(text), ["runs error", "users warning"]);
  assert.deepEqual(severities(text.replace("true", "false")), ["runs warning", "users warning"]);
  assert.deepEqual(severities(text, { ...defaultSettings, rules: { runs: "hint" } }), ["runs hint", "users warning"]);
});

test("a remedy is worked out when somebody looks at it, once; one that throws leaves the finding and says so", () => {
  let asked = 0;
  const lazy = (fails: boolean): DockerfileRule => ({
    ...runs,
    check({ dockerfile, report }) {
      const [first] = dockerfile.instructions;
      if (first)
        report(first.span, {
          message: "a finding with a remedy",
          remedy() {
            asked++;
            if (fails) throw new Error("boom");
            return { refusal: "not here" };
          },
        });
    },
  });
  const find = (fails: boolean, settings = defaultSettings) =>
    inspect("RUN a\n", [lazy(fails)], settings, new Map()).findings[0];
  const found = find(false);
  assert.equal(asked, 0);
  assert.deepEqual([found?.refusal, found?.fixes, found?.offers, asked], ["not here", [], [], 1]);
  assert.equal(find(true)?.refusal, `${REMEDY_THREW}: Error: boom`);

  asked = 0;
  const wished = find(false, { ...defaultSettings, rules: { runs: "hint" } });
  assert.deepEqual([wished?.severity, asked], ["hint", 0]);
  assert.deepEqual([wished?.refusal, wished?.fixes, wished?.offers, asked], ["not here", [], [], 1]);
});
