/** The formatter: its cases, and what holds for any text: a second run finds nothing to do, and the file says the same. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { formatDockerfile } from "../../server/src/core/features/dockerfile/format.ts";
import { formatOptions } from "../../server/src/core/features/dockerfile/format-options.ts";
import { sameInstruction } from "../../server/src/core/features/dockerfile/format-same.ts";
import type { FormatWish } from "../../server/src/core/model/format-wish.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits, contains } from "../../server/src/core/text/edit.ts";
import { texts } from "../generated-texts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 2000);
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

const formatted = (text: string, wish: FormatWish = {}): string =>
  applyEdits(text, formatDockerfile(parseDockerfile(text), formatOptions(wish)));

const FILE = join(import.meta.dirname, "format-cases.md");
const WISHES: Readonly<Record<string, FormatWish>> = {
  "": {},
  tab: { indent: "tab" },
  "2": { indent: "2" },
  upper: { keywordCase: "upper" },
  lower: { keywordCase: "lower" },
};
const MARKS: readonly (readonly [string, string])[] = [
  ["␠", " "],
  ["␉", "\t"],
  ["␍", "\r"],
];

const written = (text: string): string =>
  MARKS.reduce((so, [mark, meant]) => so.replaceAll(mark, meant), text).replace(/␤\n$/, "");

/** With marks for what a person would not see. */
const shown = (text: string): string =>
  text
    .replaceAll("\t", "␉")
    .replaceAll("\r", "␍")
    .replace(/ +(?=␍?(?:\n|$))/g, (blanks) => "␠".repeat(blanks.length)) +
  (text.endsWith("\n") || text === "" ? "" : "␤\n");

const [head = "", ...sections] = readFileSync(FILE, "utf8").split(/^## /m);
const cases = sections.map((section) => {
  const [, title = "", wish = ""] = /^([^\n[]*?)(?: \[(.*)\])?\n/.exec(section) ?? [];
  const [before = "", result = before] = Array.from(
    section.matchAll(/^````\n([^]*?)^````$/gm),
    ([, text = ""]) => text,
  );
  return { title, wish, before, result };
});

for (const { title, wish, before, result } of cases)
  test(`${title}${wish === "" ? "" : ` (${wish})`}`, { skip: process.env["UPDATE"] === "1" }, () => {
    const options = WISHES[wish];
    assert.ok(options, wish);
    const text = written(before);
    assert.equal(shown(formatted(text, options)), shown(written(result)));
    assert.equal(formatted(written(result), options), written(result), "a second time");
  });

after(() => {
  if (process.env["UPDATE"] !== "1") return;
  const anew = cases.map(({ title, wish, before }) => {
    const now = shown(formatted(written(before), WISHES[wish]));
    const bodies = now === before ? [before] : [before, now];
    return `${title}${wish === "" ? "" : ` [${wish}]`}\n\n${bodies.map((body) => `\`\`\`\`\n${body}\`\`\`\`\n`).join("\n")}`;
  });
  writeFileSync(
    FILE,
    [head, ...anew.map((section, at) => `## ${section}${at < anew.length - 1 ? "\n" : ""}`)].join(""),
  );
});

/** What stands outside of instructions, and how many of those there are. */
const frameOf = ({ escape, directives, comments, instructions, problems }: Dockerfile): unknown => ({
  escape,
  directives: directives.map(({ name, value }) => `${name}=${value.text}`),
  comments: comments.map(({ text }) => text),
  instructions: instructions.length,
  problems: problems.map(({ kind }) => kind),
});

test("any text: nothing is left to do, and it says the same", () => {
  const wishes = fc.constantFrom(...Object.values(WISHES));
  fc.assert(
    fc.property(texts, wishes, (text, wish) => {
      const once = formatted(text, wish);
      assert.equal(formatted(once, wish), once);
      const [before, now] = [parseDockerfile(text), parseDockerfile(once)];
      assert.deepEqual(frameOf(now), frameOf(before));
      for (const [at, instruction] of before.instructions.entries()) {
        const other = now.instructions[at];
        assert.ok(other && sameInstruction(before, instruction, now, other), instruction.name);
      }
    }),
    { numRuns: RUNS },
  );
});

test("any text: with Windows line ends and a byte order mark the layout is the same", () => {
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(!text.includes("\r") && !text.includes("\uFEFF") && text.includes("\n"));
      assert.equal(
        formatted(`\uFEFF${text.replaceAll("\n", "\r\n")}`),
        `\uFEFF${formatted(text).replaceAll("\n", "\r\n")}`,
      );
    }),
    { numRuns: RUNS / 2 },
  );
});

test("of a range only the instructions that stand there are laid out", () => {
  const text = "FROM   a\nRUN  b \\\n  c\n\n\n\nRUN   d\n";
  const dockerfile = parseDockerfile(text);
  const at = text.indexOf("c");
  const edits = formatDockerfile(dockerfile, formatOptions({}), { start: at, end: at + 1 });
  assert.equal(applyEdits(text, edits), "FROM   a\nRUN b \\\n    c\n\n\n\nRUN   d\n");
  const line = { start: 0, end: text.indexOf("RUN") };
  assert.equal(
    applyEdits(text, formatDockerfile(dockerfile, formatOptions({}), line)),
    text.replace("FROM   a", "FROM a"),
  );
});

test("edits are the smallest: what stays is not replaced", () => {
  const text = `FROM a\nRUN b \\\n  c\n${"RUN d\n".repeat(50)}`;
  const edits = formatDockerfile(parseDockerfile(text), formatOptions({}));
  assert.equal(edits.length, 1);
  assert.ok(edits.every(({ span }) => contains({ start: text.indexOf("\\"), end: text.indexOf("RUN d") }, span)));
});

test("docs/formatting.md shows what happens", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/formatting.md"), "utf8");
  const [before = "", after = ""] = Array.from(page.matchAll(/```dockerfile\n([^]*?)```/g), ([, text = ""]) => text);
  assert.equal(formatted(before), after);
});

test("the project's wish wins over the editor's settings", () => {
  const editor = { tabSize: 8, insertSpaces: false };
  assert.deepEqual(formatOptions({}, editor), { tabSize: 8, insertSpaces: false, keywordCase: "preserve" });
  assert.deepEqual(formatOptions({ indent: "2", keywordCase: "upper" }, editor), {
    tabSize: 2,
    insertSpaces: true,
    keywordCase: "upper",
  });
  assert.deepEqual(formatOptions({ indent: "tab" }, { tabSize: 3, insertSpaces: true }), {
    tabSize: 3,
    insertSpaces: false,
    keywordCase: "preserve",
  });
  assert.deepEqual(formatOptions({}, { tabSize: Number.NaN }), {
    tabSize: 4,
    insertSpaces: true,
    keywordCase: "preserve",
  });
});
