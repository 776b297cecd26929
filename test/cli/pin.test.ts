/** `dockwright pin`: what is asked of registries and what becomes of the file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { AnswerCache } from "../../server/src/effects/answers.ts";
import { answersFrom, cli, folderWith } from "./harness.ts";

const NODE = `sha256:${"a".repeat(64)}`;
const ALPINE = `sha256:${"b".repeat(64)}`;
const parts = { answers: async () => answersFrom({ "node:22": NODE, alpine: ALPINE }) };

const runs: readonly {
  readonly name: string;
  readonly args?: readonly string[];
  readonly before: string;
  readonly after: string;
  readonly stdout: string;
  readonly stderr?: string;
  readonly code: number;
}[] = [
  {
    name: "every image, and nothing else",
    before: "FROM node:22 AS a\nLABEL a=bad\nFROM alpine\n",
    after: `FROM node:22@${NODE} AS a\nLABEL a=bad\nFROM alpine@${ALPINE}\n`,
    stdout: `Dockerfile: node:22 is ${NODE}\nDockerfile: alpine is ${ALPINE}\n`,
    code: 0,
  },
  {
    name: "what is not pinned yet",
    before: `FROM node:22@${NODE}\n`,
    after: `FROM node:22@${NODE}\n`,
    stdout: "Dockerfile: nothing to pin\n",
    code: 0,
  },
  {
    name: "those it can, and names the others",
    before: "FROM node:22\nFROM gone:1\n",
    after: `FROM node:22@${NODE}\nFROM gone:1\n`,
    stdout: `Dockerfile: node:22 is ${NODE}\n`,
    stderr: "dockwright: Dockerfile: gone:1 was not pinned: no such image\n",
    code: 2,
  },
  {
    name: "nothing when none can be",
    before: "FROM gone:1\r\n",
    after: "FROM gone:1\r\n",
    stdout: "",
    stderr: "dockwright: Dockerfile: gone:1 was not pinned: no such image\n",
    code: 2,
  },
  {
    name: "no image that is to be ignored",
    before: "# dockwright ignore=base-digest-unpinned ours\nFROM gone:1\nFROM alpine\n",
    after: `# dockwright ignore=base-digest-unpinned ours\nFROM gone:1\nFROM alpine@${ALPINE}\n`,
    stdout: `Dockerfile: alpine is ${ALPINE}\n`,
    code: 0,
  },
  {
    name: "on paper with --diff",
    args: ["--diff"],
    before: "FROM alpine\n",
    after: "FROM alpine\n",
    stdout: `--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,1 +1,1 @@\n-FROM alpine\n+FROM alpine@${ALPINE}\n`,
    stderr: `Dockerfile: alpine is ${ALPINE}\n`,
    code: 1,
  },
  {
    name: "nothing on paper when all is pinned",
    args: ["--diff"],
    before: `FROM alpine@${ALPINE}\n`,
    after: `FROM alpine@${ALPINE}\n`,
    stdout: "",
    stderr: "Dockerfile: nothing to pin\n",
    code: 0,
  },
  {
    name: "nothing offline",
    args: ["--offline"],
    before: "FROM alpine\n",
    after: "FROM alpine\n",
    stdout: "",
    stderr: "dockwright: pin has to ask registries; leave --offline out\n",
    code: 2,
  },
];

for (const { name, args = [], before, after, stdout, stderr = "", code } of runs) {
  test(`pin pins ${name}`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: before });
    const outcome = await cli(["pin", ...args], { cwd, parts });
    assert.deepEqual(outcome, { code, stdout, stderr });
    assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), after);
  });
}

test("Ctrl+C ends the wait for a registry with 130 and leaves the file alone", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM slow:1\n" });
  const controller = new AbortController();
  const answers = async (): Promise<AnswerCache> => ({
    ask: (_question, _folder, signal) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => reject(signal.reason));
      setImmediate(() => controller.abort());
      return promise;
    },
    known: () => new Map(),
  });
  const outcome = await cli(["pin"], { cwd, parts: { answers }, signal: controller.signal });
  assert.deepEqual(outcome, { code: 130, stdout: "", stderr: "dockwright: stopped\n" });
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), "FROM slow:1\n");
});
