/** The cache of answers: one request, kept for a while, given up when nobody waits. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Answer, Question } from "../../server/src/core/rule.ts";
import { type AnswerCache, createAnswers } from "../../server/src/effects/answers.ts";
import { existsInFolder } from "../../server/src/effects/files/context.ts";

const DIGEST: Question = { ask: "digest", image: "node:22" };
const FILE: Question = { ask: "exists", path: "app.js" };

interface World {
  readonly cache: AnswerCache;
  readonly calls: string[];
  answer: Answer;
  now: number;
}

function world(): World {
  const calls: string[] = [];
  const it: World = {
    calls,
    answer: "sha256:1",
    now: 0,
    cache: createAnswers(
      {
        digest: async ({ image }) => {
          calls.push(`digest ${image}`);
          return it.answer;
        },
        "version-tag": async ({ image }) => {
          calls.push(`version-tag ${image}`);
          return it.answer;
        },
        exists: async ({ path }, { folder }) => {
          calls.push(`exists ${folder} ${path}`);
          return it.answer;
        },
      },
      () => it.now,
    ),
  };
  return it;
}

const never = (): AbortSignal => new AbortController().signal;

test("asked at once by many, the world is asked once", async () => {
  const { cache, calls } = world();
  const answers = await Promise.all([1, 2, 3].map(() => cache.ask(DIGEST, "/a", never())));
  assert.deepEqual(answers, ["sha256:1", "sha256:1", "sha256:1"]);
  assert.deepEqual(calls, ["digest node:22"]);
});

const LIFETIMES: readonly { readonly question: Question; readonly answer: Answer; readonly ms: number }[] = [
  { question: DIGEST, answer: "sha256:1", ms: 600_000 },
  { question: { ask: "version-tag", image: "node" }, answer: "22.1.0", ms: 600_000 },
  { question: FILE, answer: "yes", ms: 2_000 },
  { question: DIGEST, answer: { unknown: "no network" }, ms: 15_000 },
  { question: FILE, answer: { unknown: "no access" }, ms: 15_000 },
];
for (const { question, answer, ms } of LIFETIMES)
  test(`${question.ask} ${typeof answer === "string" ? "answered" : "failed"} is kept for ${ms} ms`, async () => {
    const it = world();
    it.answer = answer;
    await it.cache.ask(question, "/a", never());
    it.now = ms - 1;
    assert.deepEqual(await it.cache.ask(question, "/a", never()), answer);
    assert.equal(it.calls.length, 1);
    it.now = ms;
    await it.cache.ask(question, "/a", never());
    assert.equal(it.calls.length, 2);
  });

test("what is known is shown until it is too old; what was seen on disk until somebody looks again", async () => {
  const it = world();
  await it.cache.ask(DIGEST, "/a", never());
  it.answer = "yes";
  await it.cache.ask(FILE, "/a", never());
  assert.deepEqual(
    [...it.cache.known("/a")],
    [
      ["digest:node:22", "sha256:1"],
      ["exists:app.js", "yes"],
    ],
  );
  it.now = 600_000;
  assert.deepEqual([...it.cache.known("/a")], [["exists:app.js", "yes"]]);
});

test("a digest is the same everywhere, a path is another in another folder", async () => {
  const it = world();
  await it.cache.ask(DIGEST, "/a", never());
  await it.cache.ask(FILE, "/a", never());
  assert.deepEqual([...it.cache.known("/b").keys()], ["digest:node:22"]);
  await it.cache.ask(DIGEST, "/b", never());
  await it.cache.ask(FILE, "/b", never());
  assert.deepEqual(it.calls, ["digest node:22", "exists /a app.js", "exists /b app.js"]);
});

test("a text that is not on disk has no folder to look into", async () => {
  const it = world();
  assert.deepEqual(await it.cache.ask(FILE, undefined, never()), {
    unknown: "the file is not in a folder on disk",
  });
  assert.deepEqual(it.calls, []);
});

test("the world is given up when the last one leaves, not before, and asked anew afterwards", async () => {
  const signals: AbortSignal[] = [];
  const cache = createAnswers({
    digest: (_question, { signal }) => {
      signals.push(signal);
      return new Promise<Answer>((resolve) => signal.addEventListener("abort", () => resolve("too late")));
    },
  });
  const first = new AbortController();
  const second = new AbortController();
  const one = cache.ask(DIGEST, undefined, first.signal);
  const two = cache.ask(DIGEST, undefined, second.signal);
  first.abort();
  await assert.rejects(one, { name: "AbortError" });
  assert.equal(signals[0]?.aborted, false);
  second.abort();
  await assert.rejects(two, { name: "AbortError" });
  assert.equal(signals[0]?.aborted, true);
  assert.equal(cache.known(undefined).size, 0);
  const third = new AbortController();
  const three = cache.ask(DIGEST, undefined, third.signal);
  assert.equal(signals.length, 2);
  third.abort();
  await assert.rejects(three, { name: "AbortError" });
  await assert.rejects(cache.ask(DIGEST, undefined, third.signal), { name: "AbortError" });
  assert.equal(signals.length, 2);
});

const folder = mkdtempSync(join(tmpdir(), "dockwright-answers-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "context/src"), { recursive: true });
writeFileSync(join(folder, "outside"), "");
writeFileSync(join(folder, "context/app.js"), "");
symlinkSync("app.js", join(folder, "context/inner"));
symlinkSync("../outside", join(folder, "context/escape"));
symlinkSync("..", join(folder, "context/up"));

const PATHS: readonly (readonly [string, "yes" | "no" | "unknown"])[] = [
  ["app.js", "yes"],
  ["/app.js", "yes"],
  ["./src/", "yes"],
  [".", "yes"],
  ["inner", "yes"],
  ["src/../app.js", "yes"],
  ["missing", "no"],
  ["app.js/below", "no"],
  ["../outside", "no"], // BuildKit too keeps `..` inside the context
  ["escape", "unknown"],
  ["up/outside", "unknown"],
  ["a\0b", "unknown"],
];
for (const [path, expected] of PATHS)
  test(`${JSON.stringify(path)} in the folder: ${expected}`, async () => {
    const answer = existsInFolder(join(folder, "context"), path);
    assert.equal(typeof answer === "string" ? answer : "unknown", expected);
  });
