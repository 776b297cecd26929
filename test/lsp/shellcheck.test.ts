/** ShellCheck in the editor: other findings do not wait for it, and nothing asks it while somebody types. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { PublishDiagnosticsParams } from "vscode-languageserver/node";
import shellcheck from "../../server/src/core/rules/dockerfile/shellcheck.ts";
import type { Answer, Question } from "../../server/src/core/rule.ts";
import { startEditor } from "./editor.ts";
import { rules as testRules } from "./rules.ts";

const rules = [...testRules, shellcheck];
const TEXT = "FROM scratch\nrun cd /src; make\n";
const FOUND = JSON.stringify({
  comments: [
    { line: 1, column: 1, endLine: 1, endColumn: 8, level: "warning", code: 2164, message: "cd may fail", fix: null },
  ],
});

const scripts = (asked: readonly Question[]): string[] =>
  asked.flatMap((question) => (question.ask === "shellcheck" ? [question.script] : []));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 100; round++) {
    if (await holds()) return;
    await sleep(30);
  }
  assert.fail("it did not come");
}

for (const pull of [true, false])
  test(`other findings are there first, ${pull ? "pulled" : "pushed"}`, async () => {
    const answer = Promise.withResolvers<Answer>();
    const editor = await startEditor({ rules, world: () => answer.promise, can: { pull } });
    editor.open(TEXT);
    const codes = async (): Promise<unknown[]> => {
      const pulled = await editor.diagnostics();
      const [pushed] = editor.wire.received("textDocument/publishDiagnostics").slice(-1) as PublishDiagnosticsParams[];
      return (pushed?.diagnostics ?? pulled).map(({ code }) => code);
    };
    assert.deepEqual(await codes(), ["keyword-case"]);
    await until(() => scripts(editor.asked).length === 1);
    assert.deepEqual(await codes(), ["keyword-case"]);
    answer.resolve(FOUND);
    await until(async () => (await codes()).includes("shellcheck"));
    assert.deepEqual(await codes(), ["keyword-case", "shellcheck"]);
  });

test("while somebody types ShellCheck is not asked, and each script once", async () => {
  const editor = await startEditor({ rules, world: async () => FOUND });
  editor.open(TEXT);
  for (let at = 0; at < 6; at++) {
    editor.type(TEXT.length - 1 + at, 0, "x");
    await sleep(20);
  }
  assert.deepEqual(scripts(editor.asked), []);
  await until(() => scripts(editor.asked).length > 0);
  editor.type(0, 0, "\n");
  await sleep(600);
  assert.deepEqual(scripts(editor.asked), ["cd /src; makexxxxxx"]);
});

test("without trust the one that comes along runs, a program does not", async () => {
  for (const [settings, times] of [
    [{}, 1],
    [{ shellcheck: "shellcheck" }, 0],
  ] as const) {
    const editor = await startEditor({
      rules,
      settings,
      world: async () => FOUND,
      initializationOptions: { trusted: false },
    });
    editor.open(TEXT);
    await editor.diagnostics();
    await sleep(600);
    assert.equal(scripts(editor.asked).length, times, JSON.stringify(settings));
  }
});

test("an editor that asks no registry still runs ShellCheck", async () => {
  const editor = await startEditor({ rules, settings: { offline: true }, world: async () => FOUND });
  editor.open(TEXT);
  await until(async () => (await editor.diagnostics()).length === 2);
});
