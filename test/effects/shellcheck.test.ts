/**
 * The real ShellCheck: what it says is placed exactly, its fixes work, fixtures hold its true words, what is left out changes
 * nothing, and threads that are stuck or crash are replaced.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { type Answer, type Answers, type Finding, keyOf } from "../../server/src/core/rule.ts";
import shellcheck from "../../server/src/core/rules/dockerfile/shellcheck.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { createDisk } from "../../server/src/effects/shellcheck/disk.ts";
import { shellcheckPlace } from "../../server/src/effects/shellcheck/place.ts";
import { createPool } from "../../server/src/effects/shellcheck/pool.ts";
import { type ShellcheckOptions, shellcheckFinders } from "../../server/src/effects/shellcheck/shellcheck.ts";
import { caseOf, everything, fixtures, rewritten, wishedFor } from "../rule-cases.ts";

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "dockwright-shellcheck-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const asker =
  (options: ShellcheckOptions = {}) =>
  async (shell: string, script: string): Promise<Answer> => {
    const finder = finders(options).shellcheck;
    assert.ok(finder);
    return finder({ ask: "shellcheck", shell, script }, { folder: undefined, signal: never });
  };

const made = new Map<string, ReturnType<typeof shellcheckFinders>>();
function finders(options: ShellcheckOptions): ReturnType<typeof shellcheckFinders> {
  const key = JSON.stringify(options);
  const known = made.get(key) ?? shellcheckFinders(options);
  made.set(key, known);
  return known;
}

const ask = asker({ atOnce: 2 });

/** The findings with every question answered by the real thing. */
async function findingsIn(text: string): Promise<readonly Finding[]> {
  return inspect(text, [shellcheck], everything, await answersFor(text)).findings;
}

async function answersFor(text: string, known: Answers = new Map()): Promise<Answers> {
  const answers = new Map(known);
  for (const question of inspect(text, [shellcheck], everything, answers).questions)
    if (question.ask === "shellcheck") answers.set(keyOf(question), await ask(question.shell, question.script));
  return answers;
}

const shown = (text: string, findings: readonly Finding[]): string[] =>
  findings.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);

test("the same instance checks many scripts, also odd ones", async () => {
  for (let round = 0; round < 60; round++)
    for (const script of ["echo $a", "if", "", "\0", "échec 🐳 $x", "a".repeat(3000)]) {
      const answer = await ask("bash", script);
      assert.equal(typeof answer, "string", JSON.stringify(answer));
    }
});

for (const eol of ["\n", "\r\n"])
  test(`a place is exact behind continuations, comments and tabs, ${JSON.stringify(eol)}`, async () => {
    const text = [
      "FROM debian:13",
      "RUN echo \\",
      "\t\t$a \\",
      "  # a comment, and an empty line",
      "",
      "\t🐳 \t$b; \\",
      "    cd /x; \\",
      "    rm *.o",
      "RUN <<EOF",
      "\techo $c",
      "EOF",
      "",
    ].join(eol);
    assert.deepEqual(shown(text, await findingsIn(text)), [
      "SC2154 $a",
      "SC2086 $a",
      "SC2154 $b",
      "SC2086 $b",
      "SC2164 cd /x",
      "SC2035 *",
      "SC2154 $c",
      "SC2086 $c",
    ]);
  });

test("every fix does its work, alone: the finding is gone, and nothing else changes", async () => {
  const text = [
    "FROM debian:13",
    "RUN a=`date` && \\",
    "    rm -rf $a/x \\",
    "      $HOME_OF && \\",
    "    cat x | grep $a; \\",
    "    cd /src; \\",
    "    rm *.o; read x",
    "RUN <<EOF",
    "cd `dirname $x`",
    "EOF",
    "",
  ].join("\n");
  const findings = await findingsIn(text);
  const fixable = findings.filter(({ fixes }) => fixes.length > 0);
  assert.ok(fixable.length >= 8, shown(text, fixable).join("\n"));
  for (const { code, span, fixes } of fixable) {
    const [fix] = fixes;
    assert.ok(fix);
    const result = applyEdits(text, fix.edits);
    const left = await findingsIn(result);
    const same = (each: Finding): boolean => each.code === code;
    assert.ok(
      left.filter(same).length < findings.filter(same).length,
      `${code} at ${span.start} is still there:\n${result}`,
    );
    assert.equal(result.split("\n").length, text.split("\n").length);
  }
});

const update = process.env["UPDATE"] !== undefined;
for (const fixture of fixtures().filter(({ rule }) => rule === shellcheck.id))
  test("the fixture holds what ShellCheck really says", async () => {
    const sections: string[] = [];
    for (const section of fixture.sections) {
      const found = caseOf(section);
      if (!found) {
        sections.push(section);
        continue;
      }
      const answers = Object.fromEntries(await answersFor(found.input));
      const block = `\`\`\`answers\n${JSON.stringify(answers, null, 1)}\n\`\`\`\n\n`;
      const bare = section.replace(/^```answers\n[\s\S]*?^```\n\n?/m, "");
      const at = bare.indexOf("```\n", bare.indexOf("```dockerfile") + 3) + 4;
      const wanted =
        Object.keys(answers).length === 0 ? bare : `${bare.slice(0, at)}\n${block}${bare.slice(at).trimStart()}`;
      if (update) sections.push(rewritten(wanted, shellcheck));
      else {
        assert.deepEqual(Object.fromEntries(found.answers), answers);
        assert.ok(inspect(found.input, [shellcheck], wishedFor(shellcheck, found.wishes), found.answers));
      }
    }
    if (update) writeFileSync(fixture.file, `${sections.join("").trimEnd()}\n`);
  });

test("a stuck thread is ended, its script unanswered, and the next one answered", async () => {
  const stuck = join(folder, "stuck.mjs");
  writeFileSync(
    stuck,
    `import { parentPort } from "node:worker_threads";
     parentPort.postMessage({});
     parentPort.on("message", ({ script }) => {
       if (script === "stuck") for (;;);
       if (script === "crash") throw new Error("out of bounds");
       if (script === "exit") process.exit(3);
       parentPort.postMessage({ json: script });
     });`,
  );
  const pool = createPool({ worker: stuck, start: async () => ({}), size: 1, deadlineMs: 300, idleMs: 50 });
  const run = (script: string): Promise<string> => pool.run({ shell: "sh", script }, never);
  const results = await Promise.allSettled(["a", "stuck", "b", "crash", "c", "exit", "d"].map(run));
  assert.deepEqual(
    results.map((result) => (result.status === "fulfilled" ? result.value : String(result.reason))),
    [
      "a",
      "Error: there was no answer within 0.3 seconds",
      "b",
      "Error: out of bounds",
      "c",
      "Error: its thread ended",
      "d",
    ],
  );
});

test("of the scripts that wait, the longest is begun first; of those as long, the first", async () => {
  const echo = join(folder, "echo.mjs");
  writeFileSync(
    echo,
    `import { parentPort } from "node:worker_threads";
     parentPort.postMessage({});
     parentPort.on("message", ({ script }) => parentPort.postMessage({ json: script }));`,
  );
  const pool = createPool({ worker: echo, start: async () => ({}), size: 1, deadlineMs: 5000, idleMs: 50 });
  const order: string[] = [];
  const run = async (script: string): Promise<void> => {
    order.push(await pool.run({ shell: "sh", script }, never));
  };
  await Promise.all(["b", "ccc", "a", "dd"].map(run));
  assert.deepEqual(order, ["ccc", "dd", "b", "a"]);
});

test("what nobody waits for is not begun", async () => {
  const pool = createPool({
    worker: shellcheckPlace().worker,
    start: () => new Promise(() => {}),
    size: 1,
    deadlineMs: 1000,
    idleMs: 1000,
  });
  const controller = new AbortController();
  const result = pool.run({ shell: "sh", script: "true" }, controller.signal);
  controller.abort(new Error("typed on"));
  await assert.rejects(result, /typed on/);
});

test("a module that cannot be loaded is an answer, and not tried for ever", async () => {
  const place = { ...shellcheckPlace(), wasm: join(folder, "nothing.wasm") };
  const broken = asker({ place });
  for (let round = 0; round < 3; round++) {
    const answer = await broken("sh", `echo $${round}`);
    assert.ok(typeof answer !== "string" && /ENOENT/.test(answer.unknown), JSON.stringify(answer));
  }
});

test("off is off", async () => {
  assert.deepEqual(await asker({ use: "off" })("sh", "echo $x"), { unknown: "ShellCheck is switched off" });
});

test("a program is run with arguments and answers on its output", { skip: process.platform === "win32" }, async () => {
  const program = join(folder, "shellcheck");
  writeFileSync(
    program,
    `#!/bin/sh
printf '{"comments":[{"file":"-","line":1,"endLine":1,"column":1,"endColumn":2,"level":"info","code":2086,"message":"%s %s","fix":null}]}' "$*" "$(cat)"
exit 1
`,
  );
  chmodSync(program, 0o755);
  assert.deepEqual(
    await asker({ use: program })("dash", "echo hello"),
    JSON.stringify({
      comments: [
        {
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 2,
          level: "info",
          code: 2086,
          message: "--norc --format=json1 --shell=dash - echo hello",
          fix: null,
        },
      ],
    }),
  );
  const missing = await asker({ use: join(folder, "none") })("sh", "true");
  assert.ok(typeof missing !== "string" && /could not check/.test(missing.unknown));
});

test("answers are kept on disk, as many as fit", async () => {
  const cache = join(folder, "cache");
  const first = await asker({ cache })("sh", "echo $kept");
  assert.equal(readdirSync(cache).length, 1);
  const place = { ...shellcheckPlace(), wasm: join(folder, "nothing.wasm") };
  assert.equal(await asker({ cache, place })("sh", "echo $kept"), first, "without any ShellCheck");

  const few = join(folder, "few");
  for (let at = 0; at < 9; at++) await createDisk(few, 4).write(`key ${at}`, "answer");
  assert.ok(readdirSync(few).length <= 5, readdirSync(few).join(" "));
  assert.equal(await createDisk(few).read("key 8"), "answer");
  assert.equal(await createDisk(join(program(), "x")).read("key"), undefined);
});

/** A file where a folder would have to be. */
function program(): string {
  const path = join(folder, "file");
  writeFileSync(path, "");
  readFileSync(path);
  return path;
}
