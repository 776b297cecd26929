/** What is made of RUN instructions says the same to real shells: the same output, and a failure where there was one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { run, which } from "../../../scripts/process.ts";
import { inParallel } from "../../../scripts/setup/compose.ts";
import { REFACTORINGS, rewriteAll, rewriteAt } from "../../../server/src/core/assists/dockerfile/index.ts";
import { isRefusal } from "../../../server/src/core/assists/rewrite.ts";
import { parseDockerfile } from "../../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../../server/src/core/text/edit.ts";

const TEXTS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const AT_ONCE = 3;

const { list, member } = fc.letrec<{ list: string; member: string }>((tie) => ({
  member: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(
      "true",
      "false",
      "echo a",
      "echo b",
      'echo "[${X-}]"',
      "X=1",
      "cd /",
      "pwd",
      "umask 077",
      "umask",
      "exit 0",
      "echo 'it is' x",
    ),
    tie("list").map((inner) => `(${inner})`),
    tie("list").map((inner) => `{ ${inner}; }`),
    tie("list").map((inner) => `for i in 1 2; do ${inner}; done`),
    tie("list").map((inner) => `if ${inner}; then echo yes; fi`),
    tie("member").map((inner) => `! ${inner.replace(/^! /, "")}`),
    fc
      .tuple(tie("member"), tie("member"))
      .map(([one, other]) => `${one.replace(/^! /, "")} | ${other.replace(/^! /, "")}`),
  ),
  list: fc
    .tuple(
      tie("member"),
      fc.array(fc.tuple(fc.constantFrom(" && ", " && ", " && \\\n    ", " || ", "; "), tie("member")), {
        maxLength: 3,
      }),
    )
    .map(([first, rest]) => first + rest.flat().join("")),
}));

const instruction = fc
  .tuple(fc.constantFrom("", "", "", "set -e; ", "set -eu; \\\n  ", "set -u && "), list)
  .map(([options, commands]) => `RUN ${options}${commands}\n`);
const heredoc = fc
  .tuple(
    fc.constantFrom("set -e\n", "set -e\n", "set -eu\n", ""),
    fc.array(
      fc.oneof(
        member,
        fc.tuple(member, member).map((two) => two.join(" || ")),
        list,
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([options, lines]) => `RUN <<EOF\n${options}${lines.join("\n")}\nEOF\n`);

const SHELLS = ["dash", "bash"].filter((shell) => which(shell));

test("there is a shell to ask", () => {
  assert.ok(SHELLS.length > 0);
});

for (const [id, texts] of [
  ["merge-run", fc.array(instruction, { minLength: 2, maxLength: 3 }).map((all) => all.join(""))],
  ["split-run", fc.oneof(instruction, heredoc)],
  ["to-heredoc", instruction],
  ["from-heredoc", heredoc],
] as const)
  test(`${id}: the same to ${SHELLS.join(" and ")}`, async () => {
    const samples = fc
      .sample(texts, { seed: SEED, numRuns: TEXTS * 8 })
      .flatMap((text) => changed(id, `FROM debian:13\n${text}`))
      .slice(0, TEXTS);
    assert.ok(samples.length > TEXTS / 5, `only ${samples.length} can be changed`);
    const wrong = await inParallel(samples, AT_ONCE, async ({ before, after }) => {
      for (const shell of SHELLS) {
        const [one, other] = [await outputOf(shell, before), await outputOf(shell, after)];
        if (one !== other) return `${shell}\n${before}${one}\n→\n${after}${other}\n`;
      }
      return "";
    });
    assert.deepEqual(
      wrong.filter((each) => each !== ""),
      [],
    );
  });

interface Sample {
  readonly before: string;
  readonly after: string;
}

function changed(id: string, before: string): readonly Sample[] {
  const refactoring = REFACTORINGS.find((each) => each.id === id);
  assert.ok(refactoring);
  const dockerfile = parseDockerfile(before);
  const nothing = (): undefined => undefined;
  const places = refactoring.everywhere
    ? [rewriteAll(dockerfile, refactoring, nothing)]
    : [...before.matchAll(/(?:&&|;|\n)\s*\\?\s*/g)].map(({ 0: operator, index }) => {
        const at = index + operator.length;
        return rewriteAt(dockerfile, refactoring, { start: at, end: at }, nothing);
      });
  const texts = places.flatMap((made) => (made && !isRefusal(made) ? [applyEdits(before, made.edits)] : []));
  return [...new Set(texts)].map((after) => ({ before, after }));
}

/** What the RUNs print, each in a shell of its own, up to the first that fails. */
async function outputOf(shell: string, text: string): Promise<string> {
  let output = "";
  for (const { name, heredocs, body } of parseDockerfile(text).instructions) {
    if (name !== "RUN") continue;
    const [first] = heredocs;
    const script = first ? text.slice(first.body.start, first.body.end) : body.text;
    const { code, stdout } = await run(shell, ["-c", script], { cwd: "/tmp", timeoutMs: 10_000 });
    output += stdout;
    if (code !== 0) return `${output}failed\n`;
  }
  return output;
}
