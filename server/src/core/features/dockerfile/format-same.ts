/** Whether a Dockerfile still says the same behind a change of its layout: what the formatter holds itself to. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { sameCommands } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { behindFirstWord } from "../../model/dockerfile/words.ts";
import { blanksIn } from "./format-gaps.ts";

/** Whether two instructions are the same to BuildKit and to the shell it starts. */
export function sameInstruction(before: Dockerfile, one: Instruction, after: Dockerfile, other: Instruction): boolean {
  if (one.name !== other.name || one.open !== other.open || (one.json === undefined) !== (other.json === undefined))
    return false;
  if (!sameTexts(saidIn(before, one), saidIn(after, other))) return false;
  if (!isScript(one)) return true;
  const { name } = shellAt(before, one);
  const blanks = blanksIn(name);
  if (!blanks) return one.body.text === other.body.text;
  if (name === "powershell" || name === "pwsh") return withOneBlank(one.body.text) === withOneBlank(other.body.text);
  return sameCommands(withHeredocs(before, one), withHeredocs(after, other));

  function withOneBlank(text: string): string {
    return (blanks?.(text) ?? []).reduceRight((so, { start, end }) => `${so.slice(0, start)} ${so.slice(end)}`, text);
  }
}

const isScript = ({ name, json }: Instruction): boolean => name === "RUN" && !json;

/** The shell gets the bodies too. */
const withHeredocs = ({ text }: Dockerfile, { body, head, span }: Instruction): string =>
  span.end > head.end ? body.text + text.slice(head.end, span.end) : body.text;

/** Everything but the text of a RUN. */
function saidIn({ text }: Dockerfile, instruction: Instruction): readonly string[] {
  const { flags, json, pairs, heredocs, comments } = instruction;
  return [
    ...flags.map(({ name, value }) => `${name}=${value?.text ?? ""}`),
    ...comments.map((comment) => comment.text),
    ...heredocs.map(
      ({ name, chomp, expand, descriptor, body, terminator }) =>
        `${descriptor}<<${chomp}${expand}${name}\n${text.slice(body.start, terminator?.end ?? body.end)}`,
    ),
    ...pairs.map(({ key, value, legacy }) => `${key.text}${legacy ? " " : "="}${value?.text ?? ""}`),
    ...(json?.elements.map((element) => element.text) ?? []),
    ...argumentsOf(instruction),
  ];
}

const WORDS: ReadonlySet<string> = new Set(["FROM", "COPY", "ADD", "EXPOSE", "VOLUME", "ENV", "LABEL", "ARG"]);

/** As BuildKit splits them; one text where it does not. */
function argumentsOf(instruction: Instruction): readonly string[] {
  const { name, body, words, pairs } = instruction;
  if (isScript(instruction)) return [];
  if (name === "FROM") return words.map(({ text }) => (/^as$/i.test(text) ? "AS" : text));
  if (pairs.some(({ legacy }) => legacy)) return [];
  if (instruction.json || WORDS.has(name)) return words.map(({ text }) => text);
  const split = name === "HEALTHCHECK" ? behindFirstWord(body) : undefined;
  return split ? [split.first.text.toUpperCase(), split.rest.text.trimStart()] : [body.text];
}

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, at) => text === other[at]);
