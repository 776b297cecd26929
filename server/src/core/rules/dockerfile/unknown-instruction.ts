import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import { nearest } from "../../text/nearest.ts";

export default defineRule({
  id: "unknown-instruction",
  summary: "a line that begins with no known instruction",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL1000",
    "dockerfilelint:invalid_command",
    "dockerfilelint:invalid_line",
    "dockerfile-utils:UNKNOWN_INSTRUCTION",
    "dockerfile-utils:INVALID_SYNTAX",
  ],
  why: `
The build stops at it. Usually the word is misspelt, or the line belongs to the instruction above, whose last line lost its \`\\\`.
A file whose \`# syntax=\` names a frontend other than Docker's may have instructions of its own: there it is a hint.`,
  fixSafety: "Unsafe: the nearest keyword, or that the line belongs to the one above, is a guess.",
  examples: [
    { bad: "FROM alpine:3.22\nRNU apk upgrade\n", fixed: "FROM alpine:3.22\nRUN apk upgrade\n" },
    {
      bad: "FROM alpine:3.22\nRUN apk update\n    && apk upgrade\n",
      fixed: "FROM alpine:3.22\nRUN apk update \\\n    && apk upgrade\n",
    },
    { good: "FROM alpine:3.22\nRUN apk upgrade\n" },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    for (const instruction of dockerfile.all) {
      const { keyword, name, words } = instruction;
      if (INSTRUCTIONS.has(name)) continue;
      // A known keyword with nothing but the escape character behind it: argument-count says what is missing.
      if (words.length === 0 && name.endsWith(dockerfile.escape) && INSTRUCTIONS.get(name.slice(0, -1))?.least)
        continue;
      const guess = guessOf(dockerfile, instruction);
      report(keyword.span, {
        message: `${shown(keyword.text)} is no Dockerfile instruction${guess === undefined ? "" : `; ${guess.question}`}`,
        ...(guess && { fixes: [guess.fix] }),
        ...certainty,
      });
    }
  },
});

/** A file that is no Dockerfile may have a first word of any length. */
const shown = (word: string): string => (word.length > 40 ? `${word.slice(0, 40)}…` : word);

interface Guess {
  readonly question: string;
  readonly fix: Fix;
}

function guessOf(dockerfile: Dockerfile, { index, keyword, triggered }: Instruction): Guess | undefined {
  const before = dockerfile.instructions[index - 1];
  if (/^(?:&&|\|\|?|;)/.test(keyword.text) && before && !triggered && before.heredocs.length === 0)
    return {
      question: `did the line above lose its ${dockerfile.escape}?`,
      fix: unsafeFix("Continue the line above", continued(dockerfile, before.head.end, keyword.span.start)),
    };
  // A keyword that runs into its argument: `EXPOSE8080`, `COPY./app`.
  const glued = /^([A-Za-z]+)[^A-Za-z\s:;,]/.exec(keyword.text)?.[1];
  if (glued !== undefined && INSTRUCTIONS.has(glued.toUpperCase()) && isOnePiece(keyword))
    return {
      question: `is there a blank missing behind ${glued}?`,
      fix: unsafeFix(`Put a blank behind ${glued}`, insert(keyword.span.start + glued.length, " ")),
    };
  const candidates = [...INSTRUCTIONS.values()].filter(({ trigger }) => trigger || !triggered);
  const near = nearest(
    keyword.text,
    candidates.map(({ name }) => name),
  );
  if (near === undefined) return undefined;
  const written = keyword.text === keyword.text.toLowerCase() ? near.toLowerCase() : near;
  return {
    question: `did you mean ${written}?`,
    fix: unsafeFix(`Replace with ${written}`, replace(keyword.span, written)),
  };
}

/** Blank lines between the two would be empty continuation lines: they go. */
function continued({ text, escape, eol }: Dockerfile, from: number, to: number): Edit {
  const blanks = /^(?:[ \t]*\r?\n){2,}/.exec(text.slice(from, to))?.[0];
  return blanks === undefined
    ? insert(from, ` ${escape}`)
    : replace({ start: from, end: from + blanks.length }, ` ${escape}${eol}`);
}

const isOnePiece = ({ text, span }: Instruction["keyword"]): boolean => span.end - span.start === text.length;
