/** What holds of the flow of any text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { needsOf } from "../../server/src/core/model/dockerfile/flow/need.ts";
import { pathFrom, type Places } from "../../server/src/core/model/dockerfile/flow/place.ts";
import { effectsOf, flowOf } from "../../server/src/core/model/dockerfile/flow/walk.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { finalStage } from "../../server/src/core/model/dockerfile/stages.ts";
import { texts } from "../generated-texts.ts";
import { fixturesIn, linesOfTable } from "./cases.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 1500);
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

function checkPlaces(places: Places, what: string): void {
  if (places === "anything") return;
  for (const place of places)
    if (place.kind === "files" && place.realm === "image") {
      assert.ok(place.pattern.startsWith("/"), `${what} has ${place.pattern}`);
      assert.equal(pathFrom("/", place.pattern), place.pattern, `${what} is a plain path`);
    }
}

function check(text: string): void {
  const dockerfile = parseDockerfile(text);
  for (const { effects } of flowOf(dockerfile))
    for (const effect of effects) {
      const { start, end } = effect.command?.span ?? effect.instruction.span;
      assert.ok(0 <= start && start <= end && end <= text.length, "the command is inside the text");
      checkPlaces(effect.reads, text.slice(start, end));
      checkPlaces(effect.writes, text.slice(start, end));
      const isUnknown = effect.does === "unknown";
      assert.equal(isUnknown, effect.unknown !== undefined, "what is unknown says why");
      if (isUnknown) assert.ok(effect.reads === "anything" && effect.writes === "anything");
    }
  const last = finalStage(dockerfile);
  if (!last) return;
  const { answers } = needsOf(dockerfile, last);
  assert.deepEqual(
    answers.map(({ effect }) => effect),
    effectsOf(dockerfile, last),
    "every effect has its answer, in order",
  );
  for (const { need, why, effect } of answers) {
    assert.match(why, /^[^\n]+[^.\n]$/);
    if (effect.does === "unknown") assert.equal(need, "unknown");
  }
}

test("the flow never throws, its spans are inside the text, its places are paths from the root", () => {
  fc.assert(fc.property(texts, check), { numRuns: RUNS * 2 });
});

const commands = fixturesIn("commands", ".txt").flatMap(({ text }) => linesOfTable(text).map(({ command }) => command));
const FRAMES = [
  "FROM node:22",
  "FROM example.com/x",
  "FROM scratch",
  "FROM golang:1.24 AS a",
  "FROM a",
  "ARG X",
  "ENV X=/opt",
];
const LINES = [
  "WORKDIR /app",
  "WORKDIR x",
  "WORKDIR $X",
  "USER app",
  "COPY . .",
  "COPY a $X/",
  'CMD ["x"]',
  "ENTRYPOINT ./run.sh",
  "VOLUME /app",
];
const known = fc
  .array(
    fc.oneof(
      fc.constantFrom(...commands).map((command) => `RUN ${command}`),
      fc.constantFrom(...FRAMES, ...LINES),
    ),
    { maxLength: 20 },
  )
  .map((lines) => `FROM debian:12\n${lines.join("\n")}\n`);

test("nor does that of known commands in any order", () => {
  fc.assert(fc.property(known, check), { numRuns: RUNS });
});

/** Whatever a command's words are cut to, it is read. */
const words = fc
  .tuple(
    fc.constantFrom(...commands),
    fc.nat(8),
    fc.constantFrom("", "$X", '"', "$(ls)", "-", "--", "-o", "~", "**", ">", "< x"),
  )
  .map(([command, length, end]) => `FROM debian:12\nRUN ${[...command.split(" ").slice(0, length), end].join(" ")}\n`);

test("nor does that of commands cut short", () => {
  fc.assert(fc.property(words, check), { numRuns: RUNS * 2 });
});
