/** Where the instructions of a built image stand after edits, and which of them are stale: a table of edits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstUnbuilt, placesOf, stepsIn } from "../../server/src/core/image/built.ts";
import { matchSteps } from "../../server/src/core/image/match.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";

interface Case {
  readonly why: string;
  readonly built: string;
  readonly now: string;
  readonly target?: string;
  /** For each instruction of the built image where it stands now, by line from 1, `-` where it is gone; a star when it is stale. */
  readonly places: string;
}

const ONE = "FROM a\nRUN one\nRUN two\nRUN three\n";

const CASES: readonly Case[] = [
  { why: "nothing was changed", built: ONE, now: ONE, places: "1 2 3 4" },
  {
    why: "comments and blank lines move lines",
    built: ONE,
    now: "# x\n\nFROM a\n\nRUN one\n# y\nRUN two\nRUN three\n",
    places: "3 5 7 8",
  },
  {
    why: "a comment within an instruction",
    built: "FROM a\nRUN one \\\n  && two\nRUN three\n",
    now: "FROM a\nRUN one \\\n# why\n  && two\nRUN three\n",
    places: "1 2 5",
  },
  {
    why: "other line breaks and blanks",
    built: "FROM a\nRUN one && two\n",
    now: "FROM a\nrun one \\\n      && two\n",
    places: "1 2",
  },
  {
    why: "one is changed: it and those below are stale",
    built: ONE,
    now: "FROM a\nRUN one\nRUN 2\nRUN three\n",
    places: "1 2 3* 4*",
  },
  { why: "one is added", built: ONE, now: "FROM a\nRUN one\nCOPY x x\nRUN two\nRUN three\n", places: "1 2 4* 5*" },
  { why: "one is added at the end", built: ONE, now: `${ONE}RUN four\n`, places: "1 2 3 4" },
  { why: "one is gone", built: ONE, now: "FROM a\nRUN two\nRUN three\n", places: "1 -* 2* 3*" },
  { why: "two change places", built: ONE, now: "FROM a\nRUN two\nRUN one\nRUN three\n", places: "1 -* 2* 4*" },
  { why: "the base is another one", built: ONE, now: ONE.replace("FROM a", "FROM b"), places: "1* 2* 3* 4*" },
  {
    why: "the base has another platform",
    built: ONE,
    now: ONE.replace("FROM a", "FROM --platform=linux/arm64 a"),
    places: "1* 2* 3* 4*",
  },
  { why: "a stage gets a name", built: ONE, now: ONE.replace("FROM a", "FROM a AS x"), places: "1 2 3 4" },
  {
    why: "the base's version is in an ARG",
    built: "ARG V=1\nFROM a:$V\nRUN one\n",
    now: "ARG V=2\nFROM a:$V\nRUN one\n",
    places: "2* 3*",
  },
  {
    why: "an ARG above that this image does not use",
    built: "ARG V=1\nFROM a\nRUN one\n",
    now: "ARG V=2\nFROM a\nRUN one\n",
    places: "2 3",
  },
  {
    why: "an ARG takes its default from above",
    built: "ARG V=1\nFROM a\nRUN zero\nARG V\nRUN one\n",
    now: "ARG V=2\nFROM a\nRUN zero\nARG V\nRUN one\n",
    places: "2 3 4* 5*",
  },
  {
    why: "an earlier stage that nothing is taken from",
    built: "FROM b AS x\nRUN one\nFROM a\nRUN two\n",
    now: "FROM b AS x\nRUN 1\nRUN more\nFROM a\nRUN two\n",
    places: "4 5",
  },
  {
    why: "an earlier stage that is copied from",
    built: "FROM b AS x\nRUN one\nFROM a\nRUN two\nCOPY --from=x /y /y\nRUN three\n",
    now: "FROM b AS x\nRUN 1\nFROM a\nRUN two\nCOPY --from=x /y /y\nRUN three\n",
    places: "3 4 5* 6*",
  },
  {
    why: "an earlier stage that is mounted",
    built: "FROM b AS x\nRUN one\nFROM a\nRUN --mount=from=x,target=/x two\n",
    now: "FROM b AS x\nRUN 1\nFROM a\nRUN --mount=from=x,target=/x two\n",
    places: "3 4*",
  },
  {
    why: "an earlier stage that this one is FROM",
    built: "FROM b AS x\nRUN one\nFROM x\nRUN two\n",
    now: "FROM b AS x\nRUN 1\nFROM x\nRUN two\n",
    places: "1 2* 3* 4*",
  },
  {
    why: "a heredoc's line",
    built: "FROM a\nRUN <<E\none\nE\nRUN two\n",
    now: "FROM a\nRUN <<E\n1\nE\nRUN two\n",
    places: "1 2* 5*",
  },
  { why: "another stage below", built: ONE, now: `${ONE}FROM z\nRUN one\n`, target: "0", places: "1 2 3 4" },
  {
    why: "the stage is not there any more",
    built: "FROM a AS x\nRUN one\n",
    now: "FROM a AS y\nRUN one\n",
    target: "x",
    places: "-* -*",
  },
  { why: "the text is empty", built: ONE, now: "", places: "-* -* -* -*" },
];

for (const { why, built, now, target, places } of CASES)
  test(`places: ${why}`, () => {
    const steps = stepsIn(parseDockerfile(built), target);
    const found = placesOf(steps, stepsIn(parseDockerfile(now), target));
    const shown = found.map(({ instruction, stale }) => {
      const line = instruction ? now.slice(0, instruction.span.start).split("\n").length : "-";
      return `${line}${stale ? "*" : ""}`;
    });
    assert.equal(shown.join(" "), places);
  });

const HISTORIES: readonly (readonly [why: string, text: string, history: readonly string[], first: number])[] = [
  [
    "all of it was built",
    "FROM a\nRUN one && two\nCOPY b /c\n",
    ["RUN /bin/sh -c one && two # buildkit", "COPY b /c # buildkit"],
    Infinity,
  ],
  [
    "a RUN says more than was run",
    "FROM a\nRUN one && two\nRUN three\n",
    ["RUN /bin/sh -c one # buildkit", "RUN /bin/sh -c three # buildkit"],
    1,
  ],
  [
    "a COPY made nothing",
    "FROM a\nRUN one\nCOPY b /c\nRUN two\n",
    ["RUN /bin/sh -c one # buildkit", "RUN /bin/sh -c two # buildkit"],
    2,
  ],
  ["a heredoc is not judged", "FROM a\nRUN <<E\none\nE\n", ["RUN /bin/sh -c other # buildkit"], Infinity],
  ["with build arguments", "FROM a\nARG V\nRUN one\n", ["ARG V", "RUN |1 V=1 /bin/sh -c one # buildkit"], Infinity],
  ["the classic builder's", "FROM a\nRUN one   two\n", ["/bin/sh -c one   two"], Infinity],
  ["squashed into one layer", "FROM a\nENV A=b\nRUN one\nCOPY b /c\n", ["ENV A=b", "something"], Infinity],
  ["nothing of it is known", "FROM a\nRUN one\n", ["something"], Infinity],
];

for (const [why, text, history, first] of HISTORIES)
  test(`built before: ${why}`, () => {
    const dockerfile = parseDockerfile(text);
    const steps = history.map((createdBy) => ({ createdBy, created: undefined, comment: undefined, empty: false }));
    assert.equal(firstUnbuilt(stepsIn(dockerfile, undefined), steps, matchSteps(steps, dockerfile)), first);
  });
