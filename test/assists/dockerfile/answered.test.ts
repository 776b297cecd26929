/** Refactorings that need answers: each case comes to what it says, settles, and asks before it guesses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dockerfileAssists, isRefusal } from "../../../server/src/core/assists/dockerfile/index.ts";
import type { Dockerfile } from "../../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../../server/src/core/model/dockerfile/parse.ts";
import { type Answer, keyOf, type Question } from "../../../server/src/core/rule.ts";
import { applyEdits, type Span } from "../../../server/src/core/text/edit.ts";
import { type Case, CASES } from "./answered-cases.ts";

const lineSpan = ({ text }: Dockerfile, line: number): Span => {
  const start =
    text
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length + (line > 1 ? 1 : 0);
  return { start, end: text.indexOf("\n", start) };
};

function attempt(text: string, { refactoring, line, title = "", answers = {} }: Case) {
  const asked: string[] = [];
  const lookup = (question: Question): Answer | undefined => {
    const answer = answers[keyOf(question)];
    if (answer === undefined) asked.push(keyOf(question));
    return answer;
  };
  const dockerfile = parseDockerfile(text, "Dockerfile");
  const assist = dockerfileAssists(dockerfile, lineSpan(dockerfile, line), lookup).find(
    (each) => each.id === refactoring && each.title.startsWith(title),
  );
  asked.length = 0;
  const made = assist && (assist.refusal === undefined ? assist.rewrite() : { refusal: assist.refusal });
  return { made, asked };
}

for (const each of CASES)
  test(`${each.refactoring}: ${each.name}`, () => {
    const { made, asked } = attempt(each.text, each);
    for (const key of each.asks ?? []) assert.ok(asked.includes(key), `asked ${asked.join(", ")}`);
    if (each.becomes === "nothing") return assert.equal(made, undefined);
    assert.ok(made, "it is not offered");
    if ("refusal" in each.becomes) {
      assert.ok(isRefusal(made), isRefusal(made) ? "" : applyEdits(each.text, made.edits));
      return assert.match(made.refusal, each.becomes.refusal);
    }
    assert.ok(!isRefusal(made), isRefusal(made) ? made.refusal : "");
    const text = applyEdits(each.text, made.edits);
    assert.equal(text, each.becomes.text);
    assert.deepEqual(parseDockerfile(text).problems, []);
    for (const remark of each.left ?? []) assert.match((made.left ?? []).join("\n"), remark);
    const again = attempt(text, each).made;
    return assert.ok(!again || isRefusal(again), "a second run changes it again");
  });
