/** `dockwright pin`: what is asked of registries and what becomes of the file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { AnswerCache } from "../../server/src/effects/answers.ts";
import type { Parts } from "../../server/src/cli/parts.ts";
import { answersFrom, cli, folderWith } from "./harness.ts";

const NODE = `sha256:${"a".repeat(64)}`;
const OLD = `sha256:${"c".repeat(64)}`;
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
    name: "nothing with two wishes that exclude each other",
    args: ["--update", "--offline"],
    before: "FROM alpine\n",
    after: "FROM alpine\n",
    stdout: "",
    stderr: "dockwright: --update has to ask registries; leave --offline out\n",
    code: 2,
  },
  {
    name: "nothing where it only checks",
    args: ["--check", "--update"],
    before: "FROM alpine\n",
    after: "FROM alpine\n",
    stdout: "",
    stderr: "dockwright: --check writes nothing; leave it out, or --update\n",
    code: 2,
  },
  {
    name: "digests anew with --update, and says what they were",
    args: ["--update"],
    before: `# syntax=docker/dockerfile:1\nFROM node:22@${OLD} AS a\nFROM alpine\nCOPY --from=node:22@${NODE} /a /b\nFROM alpine@${OLD}\n`,
    after: `# syntax=docker/dockerfile:1\nFROM node:22@${NODE} AS a\nFROM alpine@${ALPINE}\nCOPY --from=node:22@${NODE} /a /b\nFROM alpine@${OLD}\n`,
    stdout: `Dockerfile: alpine is ${ALPINE}\nDockerfile: node:22 is ${NODE}, it was ${OLD}\n`,
    code: 0,
  },
  {
    name: "nothing anew where the tag still is what it was",
    args: ["--update"],
    before: `FROM node:22@${NODE}\n`,
    after: `FROM node:22@${NODE}\n`,
    stdout: "Dockerfile: nothing to pin\n",
    code: 0,
  },
  {
    name: "nothing anew without --update",
    before: `FROM node:22@${OLD}\n`,
    after: `FROM node:22@${OLD}\n`,
    stdout: "Dockerfile: nothing to pin\n",
    code: 0,
  },
  {
    name: "no image whose tag is gone",
    args: ["--update"],
    before: `FROM gone:1@${OLD}\n`,
    after: `FROM gone:1@${OLD}\n`,
    stdout: "",
    stderr: "dockwright: Dockerfile: gone:1 was not pinned: no such image\n",
    code: 2,
  },
  {
    name: "nothing with --check, and exits 1 for what floats and what is behind",
    args: ["--check"],
    before: `FROM node:22@${OLD} AS a\nFROM alpine\nFROM node:22@${NODE}\n`,
    after: `FROM node:22@${OLD} AS a\nFROM alpine\nFROM node:22@${NODE}\n`,
    stdout: `Dockerfile:1: node:22 points at ${NODE} today, no longer at ${OLD}\nDockerfile:2: alpine has no digest\n`,
    code: 1,
  },
  {
    name: "nothing with --check when all is well",
    args: ["--check"],
    before: `FROM node:22@${NODE}\nFROM scratch\n`,
    after: `FROM node:22@${NODE}\nFROM scratch\n`,
    stdout: "",
    code: 0,
  },
  {
    name: "nothing with --check, and says what it could not look up",
    args: ["--check"],
    before: `FROM gone:1@${OLD}\nFROM other-gone\n`,
    after: `FROM gone:1@${OLD}\nFROM other-gone\n`,
    stdout: "Dockerfile:2: other-gone has no digest\n",
    stderr: "dockwright: Dockerfile: gone:1 was not looked up: no such image\n",
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

test("what registries are to be asked for is what the options say", async (t) => {
  const plain = { offline: false, anew: false, mirrors: {}, insecureRegistries: [] };
  const mirrors = { "docker.io": ["https://a.example", "b.example:5000"], "ghcr.io": ["c.example"] };
  for (const [args, wishes] of [
    [[], plain],
    [["--offline"], { ...plain, offline: true }],
    [["--no-cache"], { ...plain, anew: true }],
    [["--update"], { ...plain, anew: true }],
    [
      ["--mirror=docker.io=https://a.example", "--mirror=docker.io=b.example:5000", "--mirror=ghcr.io=c.example"],
      { ...plain, mirrors },
    ],
    [["--insecure-registry=old.example:5000"], { ...plain, insecureRegistries: ["old.example:5000"] }],
  ] as const) {
    const cwd = folderWith(t, { Dockerfile: "FROM alpine\n" });
    const seen: unknown[] = [];
    const answers: Parts["answers"] = async ({ offline, anew, mirrors, insecureRegistries } = {}) => {
      seen.push({ offline, anew, mirrors, insecureRegistries });
      return answersFrom({ alpine: ALPINE });
    };
    assert.equal((await cli(["pin", ...args], { cwd, parts: { answers } })).code, 0);
    assert.deepEqual(seen, [wishes]);
  }
});

test("compose: --update renews what is written plainly, for all services of an image", async (t) => {
  const before = `services:\n  a:\n    image: &i "node:22@${OLD}"\n  b:\n    image: node:22@${OLD}\n  c:\n    build: .\n    image: alpine:1@${OLD}\n`;
  const cwd = folderWith(t, { "compose.yaml": before });
  const outcome = await cli(["pin", "--update", "compose.yaml"], { cwd, parts: { ...parts, rules: [] } });
  const after = readFileSync(join(cwd, "compose.yaml"), "utf8");
  assert.equal(after, before.replaceAll(`node:22@${OLD}`, `node:22@${NODE}`), outcome.stderr);
  assert.deepEqual(outcome.stdout, `compose.yaml: node:22 is ${NODE}, it was ${OLD}\n`);
});

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
