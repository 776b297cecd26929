/** A command in shell form as a JSON array: which words are a program, and the edits that write them so. */
import type { Word } from "./model.ts";
import { type Edit, replace } from "../../text/edit.ts";

/** Words the shell itself carries out: there is no program of that name, or another one. */
export const BUILTINS: ReadonlySet<string> = new Set(
  (
    ". : alias bg break case cd command continue do done elif else esac eval exec exit export fc fg fi for function getopts hash if in jobs " +
    "let local read readonly return select set shift source then time times trap type typeset declare ulimit umask unalias unset until wait while"
  ).split(" "),
);

export const isProgram = ([first]: readonly Word[]): boolean =>
  first !== undefined && first.text !== "" && !BUILTINS.has(first.text) && !first.text.includes("=");

/** One JSON string per word; what stands between the words, continuation lines too, stays. `from` is where the array begins. */
export const jsonEdits = (program: readonly Word[], from = program[0]?.span.start ?? 0): Edit[] =>
  program.map(({ text, span }, at): Edit => {
    const whole = at === 0 ? { start: from, end: span.end } : span;
    return replace(whole, `${at === 0 ? "[" : ""}${JSON.stringify(text)}${at === program.length - 1 ? "]" : ","}`);
  });
