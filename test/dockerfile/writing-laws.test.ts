/** What holds at every place of any text: completion, hover and signatures never throw, and keep to the text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { completionsAt } from "../../server/src/core/features/dockerfile/completion.ts";
import { placeAt } from "../../server/src/core/features/dockerfile/cursor.ts";
import { hoverAt } from "../../server/src/core/features/dockerfile/hover.ts";
import { signatureAt } from "../../server/src/core/features/dockerfile/signature.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { texts } from "../generated-texts.ts";
import { surroundings } from "./cursor-texts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 400);
// The same texts at every run, so that a red one is about the change. FUZZ_SEED and FUZZ_RUNS go looking for more.
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

/** Beginnings of what completion knows, put together at random and cut anywhere. */
const HALF = [
  "FROM node:22 AS build\n",
  "from build as x\n",
  "ARG A=1\n",
  "ENV PORT=80 DIR=/x\n",
  "RUN ",
  "COPY ",
  "ADD ",
  "ONBUILD ",
  "HEALTHCHECK ",
  "USER ",
  "EXPOSE ",
  "LABEL ",
  "SHELL ",
  "CMD ",
  "WORKDIR ",
  "VOLUME ",
  "--",
  "--mount=",
  "type=cache,",
  "target=/x,",
  'target="/a,b",',
  "type=secret,id=",
  "sharing=",
  "--from=",
  "build",
  "--chown=",
  "--network=",
  "--link ",
  "src/",
  '["',
  '", "',
  '"]',
  "'",
  '"',
  "$",
  "${",
  "${A:-",
  "}",
  "\\\n",
  "\\\r\n  ",
  "\\ ",
  "\n",
  "\r\n",
  "\n\n",
  "  # hadolint ignore=",
  "# check=skip=",
  "# dockwright ignore=sudo,",
  "# syntax=",
  "# escape=`\n",
  "`\n",
  "<<EOF",
  "<<-'E' /x",
  "EOF\n",
  "useradd app",
  "npm ci",
  "=",
  ",",
  "/",
  ":",
  " ",
  "\t",
  "💡",
  "\uFEFF",
];
const half = fc.array(fc.constantFrom(...HALF), { maxLength: 20, size: "max" }).map((pieces) => pieces.join(""));

const inside = ({ text }: Dockerfile, { start, end }: { readonly start: number; readonly end: number }): boolean =>
  0 <= start && start <= end && end <= text.length;

function completionFaults(dockerfile: Dockerfile, at: number): readonly string[] {
  const { text } = dockerfile;
  return completionsAt(dockerfile, at, surroundings).flatMap(({ label, span, text: newText, snippet, filter }) => {
    const faults: string[] = [];
    if (!inside(dockerfile, span)) faults.push(`${label} is outside of the text`);
    if (span.start > at || at > span.end) faults.push(`${label} does not cover the cursor`);
    if (text.slice(span.start, span.end).includes("\n")) faults.push(`${label} replaces several lines`);
    if (label === "" || filter === "" || newText.includes("undefined") || (snippet ?? "").includes("undefined"))
      faults.push(`${label} is written as nothing`);
    return faults;
  });
}

function placeFaults(dockerfile: Dockerfile, at: number): readonly string[] {
  const place = placeAt(dockerfile, at);
  if (!place || place.at === "heredoc") return [];
  const { typed, span } = place.at === "instruction" ? place.part : place;
  if (!inside(dockerfile, span)) return ["the word is outside of the text"];
  const written = dockerfile.text.slice(span.start, at);
  // What a continuation cuts has no place, and so nothing is offered for it.
  return written === typed || (written === "" && span.end === at)
    ? []
    : [`${typed} is not what is written: ${written}`];
}

function otherFaults(dockerfile: Dockerfile, at: number): readonly string[] {
  const hover = hoverAt(dockerfile, at);
  const signature = signatureAt(dockerfile, at);
  const faults: string[] = [];
  if (hover && (!inside(dockerfile, hover.span) || hover.span.start > at || at > hover.span.end))
    faults.push(`a hover at ${at} is about ${hover.span.start}-${hover.span.end}`);
  if (hover?.text.trim() === "" || hover?.text.includes("undefined")) faults.push(`a hover says ${hover.text}`);
  const active = signature?.signatures[signature.active];
  if (signature && !active) faults.push("no form is active");
  if (active && signature.parameter !== undefined && !active.parameters[signature.parameter])
    faults.push("the active part is none of the form's");
  return faults;
}

for (const [what, all] of [
  ["half-written", half],
  ["any text", texts],
] as const)
  test(`at every place: ${what}`, () => {
    fc.assert(
      fc.property(all, (text) => {
        const dockerfile = parseDockerfile(text.slice(0, 400), "Dockerfile");
        for (let at = 0; at <= dockerfile.text.length; at++) {
          assert.deepEqual(placeFaults(dockerfile, at), []);
          assert.deepEqual(completionFaults(dockerfile, at), []);
          assert.deepEqual(otherFaults(dockerfile, at), []);
        }
      }),
      { numRuns: RUNS },
    );
  });

test("a text in which something was taken can be gone on with", () => {
  fc.assert(
    fc.property(half, fc.nat(), (text, seed) => {
      const dockerfile = parseDockerfile(text.slice(0, 400), "Dockerfile");
      const at = seed % (dockerfile.text.length + 1);
      for (const { span, text: newText } of completionsAt(dockerfile, at, surroundings).slice(0, 5)) {
        const after = dockerfile.text.slice(0, span.start) + newText + dockerfile.text.slice(span.end);
        assert.doesNotThrow(() => completionsAt(parseDockerfile(after), span.start + newText.length, surroundings));
      }
    }),
    { numRuns: RUNS },
  );
});
