/** What follows Enter and `&&`: `¦` is where Enter is pressed or what was typed ends, `$0` where the cursor is in the result. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatOptions } from "../../server/src/core/features/dockerfile/format-options.ts";
import { editsBehind } from "../../server/src/core/features/dockerfile/format-on-type.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { texts } from "../generated-texts.ts";

interface Case {
  readonly title: string;
  readonly text: string;
  /** What the editor itself puts at the beginning of the new line. */
  readonly indent?: string;
  readonly result: string;
}

const ENTER: readonly Case[] = [
  { title: "behind the first line of an instruction", text: "FROM a\nRUN b \\¦", result: "FROM a\nRUN b \\\n    $0" },
  {
    title: "behind a line that goes on, as far in as that one",
    text: "FROM a\nRUN b \\\n      c \\¦",
    indent: "      ",
    result: "FROM a\nRUN b \\\n      c \\\n      $0",
  },
  {
    title: "behind the sign, in front of more lines",
    text: "FROM a\nRUN b \\¦\n  && c\n",
    result: "FROM a\nRUN b \\\n    $0\n  && c\n",
  },
  { title: "of any instruction", text: "FROM a\nLABEL a=b \\¦", result: "FROM a\nLABEL a=b \\\n    $0" },
  {
    title: "in the middle of a line",
    text: "FROM a\nRUN b \\\n  && c ¦&& d \\\n  && e\n",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  && c \\\n  $0&& d \\\n  && e\n",
  },
  {
    title: "in the middle of the first line",
    text: "FROM a\nRUN b ¦&& c \\\n  && e\n",
    result: "FROM a\nRUN b \\\n    $0&& c \\\n  && e\n",
  },
  {
    title: "in the middle of the last line",
    text: "FROM a\nRUN b \\\n  && c¦ && d\nRUN e\n",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  && c \\\n  $0&& d\nRUN e\n",
  },
  {
    title: "in front of the sign: the new line has it too",
    text: "FROM a\nRUN b \\\n  && c¦ \\\n  && d\n",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  && c \\\n  $0\\\n  && d\n",
  },
  {
    title: "behind an operator at the end",
    text: "FROM a\nRUN b && \\\n  c &&¦\n",
    indent: "  ",
    result: "FROM a\nRUN b && \\\n  c && \\\n  $0\n",
  },
  {
    title: "at the end of the last line the instruction ends",
    text: "FROM a\nRUN b \\\n  && c¦\nRUN d\n",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  && c\n$0\nRUN d\n",
  },
  {
    title: "at the end of the file too",
    text: "FROM a\nRUN b \\\n  && c¦",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  && c\n$0",
  },
  { title: "a RUN on one line is none of several", text: "FROM a\nRUN b ¦&& c\n", result: "FROM a\nRUN b \n$0&& c\n" },
  {
    title: "in a comment",
    text: "FROM a\nRUN b \\\n  # one ¦two\n  && c\n",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  # one \n  $0two\n  && c\n",
  },
  { title: "in a comment on its own", text: "# a \\¦\nFROM a\n", result: "# a \\\n$0\nFROM a\n" },
  {
    title: "in quotes the text stays: only the sign",
    text: "FROM a\nRUN b \\\n  && c 'd ¦e'\n",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  && c 'd \\\n$0e'\n",
  },
  {
    title: "behind the sign in quotes",
    text: 'FROM a\nRUN b "c \\¦\nd"\n',
    result: 'FROM a\nRUN b "c \\\n$0\nd"\n',
  },
  {
    title: "in a heredoc",
    text: "FROM a\nRUN <<EOF\n  b \\¦\n  c\nEOF\n",
    indent: "  ",
    result: "FROM a\nRUN <<EOF\n  b \\\n  $0\n  c\nEOF\n",
  },
  {
    title: "in front of a heredoc",
    text: "FROM a\nRUN b \\\n  <<EOF¦\nEOF\n",
    indent: "  ",
    result: "FROM a\nRUN b \\\n  <<EOF\n  $0\nEOF\n",
  },
  { title: "with another sign", text: "# escape=`\nFROM a\nCOPY b `¦", result: "# escape=`\nFROM a\nCOPY b `\n    $0" },
  { title: "the text of cmd stays", text: "# escape=`\nFROM a\nRUN b `¦", result: "# escape=`\nFROM a\nRUN b `\n$0" },
  { title: "on an empty line", text: "FROM a\n¦\nRUN b\n", result: "FROM a\n\n$0\nRUN b\n" },
  {
    title: "with Windows line ends",
    text: "FROM a\r\nRUN b \\\r\n  && c ¦&& d\r\n",
    indent: "  ",
    result: "FROM a\r\nRUN b \\\r\n  && c \\\n  $0&& d\r\n",
  },
];

for (const { title, text, indent = "", result } of ENTER)
  test(`Enter: ${title}`, () => {
    const at = text.indexOf("¦");
    const entered = `${text.slice(0, at)}\n${indent}${text.slice(at + 1).replace(/^[ \t]+/, "")}`;
    assert.equal(behind(entered, at + 1 + indent.length, "\n"), result);
  });

const AND: readonly Omit<Case, "indent">[] = [
  {
    title: "goes to the other steps",
    text: "FROM a\nRUN b \\\n  && c \\\n      d \\\n      &&¦\n",
    result: "FROM a\nRUN b \\\n  && c \\\n      d \\\n  &&$0\n",
  },
  {
    title: "is one step in where there are none",
    text: "FROM a\nRUN b \\\n        c \\\n        &&¦",
    result: "FROM a\nRUN b \\\n        c \\\n    &&$0",
  },
  { title: "in a line stays", text: "FROM a\nRUN b \\\n      c &&¦", result: "FROM a\nRUN b \\\n      c &&$0" },
  { title: "in quotes stays", text: "FROM a\nRUN b ' \\\n      &&¦ '", result: "FROM a\nRUN b ' \\\n      &&$0 '" },
  {
    title: "in a heredoc stays",
    text: "FROM a\nRUN <<E\n  && a\n    &&¦\nE\n",
    result: "FROM a\nRUN <<E\n  && a\n    &&$0\nE\n",
  },
];

for (const { title, text, result } of AND)
  test(`&&: ${title}`, () => {
    const at = text.indexOf("¦");
    assert.equal(behind(text.replace("¦", ""), at, "&"), result);
  });

/** The text behind the edits, with the cursor in it as an editor keeps it: behind what is put in front of it. */
function behind(text: string, at: number, typed: string): string {
  const edits = editsBehind(parseDockerfile(text), at, typed, formatOptions({}));
  const shift = edits
    .filter(({ span }) => span.end <= at)
    .reduce((sum, { span, text: put }) => sum + put.length - (span.end - span.start), 0);
  const now = applyEdits(text, edits);
  return `${now.slice(0, at + shift)}$0${now.slice(at + shift)}`;
}

test("Enter never touches more than the two lines, anywhere", () => {
  fc.assert(
    fc.property(texts, fc.nat(), (text, seed) => {
      const at = seed % (text.length + 1);
      const entered = `${text.slice(0, at)}\n${text.slice(at)}`;
      const edits = editsBehind(parseDockerfile(entered), at + 1, "\n", formatOptions({}));
      const first = entered.lastIndexOf("\n", at - 1) + 1;
      const last = entered.indexOf("\n", at + 1);
      for (const { span } of edits) {
        assert.ok(span.start >= first && span.end <= (last === -1 ? entered.length : last));
        assert.ok(!entered.slice(span.start, span.end).trim());
      }
    }),
    { numRuns: 1000 },
  );
});
