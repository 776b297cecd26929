/**
 * A Dockerfile in even layout: continued lines below their instruction, one blank between words, none at line ends, at most one
 * blank line. Line breaks, comments, heredocs and quotes stay; what the file builds stays the same.
 */
import { directiveAt } from "../../model/dockerfile/directives.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import { nextLine, type Reader, skipBlanks } from "../../model/dockerfile/lines.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { minimalEdits } from "../../text/diff.ts";
import { applyEdits, type Edit, type Span, touches } from "../../text/edit.ts";
import { laidOutHead } from "./format-lines.ts";
import type { FormatOptions } from "./format-options.ts";
import { sameInstruction } from "./format-same.ts";
import { tornRuns } from "./format-steps.ts";

/** A stretch of the file and what it becomes. */
interface Region extends Span {
  readonly text: string;
  /** Absent between instructions. */
  readonly instruction?: number;
}

/** With a range: only what stands there. An instruction is laid out as a whole, because its lines go by each other. */
export function formatDockerfile(dockerfile: Dockerfile, options: FormatOptions, range?: Span): Edit[] {
  const { text } = dockerfile;
  if (!isDockerfile(dockerfile)) return [];
  const lines = range && withoutLastBreak(text, range);
  const torn = withSteps(dockerfile, ({ span }) => !lines || touches(span, lines), options);
  const regions = regionsOf(dockerfile, torn, options)
    .filter((region) => !lines || isIn(region, lines))
    .filter((region) => region.text !== text.slice(region.start, region.end));
  // Should a rare form have been misjudged, it stays as it is.
  const sound = soundIn(dockerfile, regions);
  return regions.filter((region) => sound.has(region)).flatMap((region) => editsOf(text, region));
}

/** The regions that say what they said. Instructions are read apart from the rest of the file, and so is what is above the first. */
function soundIn(dockerfile: Dockerfile, regions: readonly Region[]): ReadonlySet<Region> {
  const { text, escape, eol, instructions } = dockerfile;
  const changed = regions.flatMap((region) => {
    const before = region.instruction === undefined ? undefined : instructions[region.instruction];
    return before ? [{ region, before }] : [];
  });
  // What the file ends in the middle of goes to its end.
  const texts = changed.map(
    ({ region, before }) => region.text + text.slice(before.head.end, before.open ? text.length : before.span.end),
  );
  const end = changed.at(-1)?.before.open === true ? [] : [""];
  const apart = parseDockerfile([`# escape=${escape}`, ...texts, ...end].join(eol));
  const isWhole = apart.instructions.length === changed.length;
  const sound = changed.flatMap(({ region, before }, at) => {
    const now = apart.instructions[at];
    return isWhole && now && sameInstruction(dockerfile, before, apart, now) ? [region] : [];
  });
  const others = regions.filter(
    ({ instruction, start, text: put }) => instruction === undefined && (start > 1 || keepsDirectives(dockerfile, put)),
  );
  return new Set([...sound, ...others]);
}

function keepsDirectives(dockerfile: Dockerfile, top: string): boolean {
  const said = (one: Dockerfile): string => one.directives.map(({ name, value }) => `${name}=${value.text}`).join("\n");
  return said(parseDockerfile(top)) === said(dockerfile);
}

/** Whether it begins as one: names such as dockerfile.json are also those of other files. */
export const isDockerfile = ({ instructions }: Dockerfile): boolean => {
  const [first] = instructions;
  return !first || INSTRUCTIONS.has(first.name);
};

/** A range that ends where a line begins does not hold that line. */
const withoutLastBreak = (text: string, { start, end }: Span): Span => ({
  start,
  end: end > start && text.charAt(end - 1) === "\n" ? end - 1 : end,
});

/** Beside the range is enough for an instruction: the range may be empty, or a cursor at its end. */
const isIn = (region: Region, range: Span): boolean =>
  region.instruction === undefined ? region.start < range.end && range.start < region.end : touches(region, range);

const editsOf = (text: string, region: Region): readonly Edit[] =>
  minimalEdits(text.slice(region.start, region.end), region.text).map(({ span, text: put }) => ({
    span: { start: region.start + span.start, end: region.start + span.end },
    text: put,
  }));

/** An instruction in the text it stands in. */
interface Place {
  readonly dockerfile: Dockerfile;
  readonly instruction: Instruction;
}

/** RUNs with new lines in them, by their index. They are read apart from the rest, in the shell they have: another POSIX one reads the same. */
function withSteps(
  dockerfile: Dockerfile,
  wanted: (instruction: Instruction) => boolean,
  options: FormatOptions,
): ReadonlyMap<number, Place> {
  const { text, escape, eol } = dockerfile;
  const torn = tornRuns(dockerfile, wanted, options);
  const runs = torn.map(({ instruction: { span }, edits }) =>
    applyEdits(
      text.slice(span.start, span.end),
      edits.map((edit) => ({
        span: { start: edit.span.start - span.start, end: edit.span.end - span.start },
        text: edit.text,
      })),
    ),
  );
  const apart = parseDockerfile([`# escape=${escape}`, 'SHELL ["sh"]', ...runs, ""].join(eol));
  const [, ...instructions] = apart.instructions;
  if (instructions.length !== runs.length) return new Map();
  return new Map(
    torn.flatMap(({ instruction: { index } }, at) => {
      const instruction = instructions[at];
      return instruction ? [[index, { dockerfile: apart, instruction }] as const] : [];
    }),
  );
}

function regionsOf(
  dockerfile: Dockerfile,
  torn: ReadonlyMap<number, Place>,
  options: FormatOptions,
): readonly Region[] {
  const { text, eol } = dockerfile;
  const regions: Region[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  for (const [index, instruction] of dockerfile.instructions.entries()) {
    const { span, head, open } = instruction;
    regions.push({
      start: at,
      end: span.start,
      text: between(dockerfile, { start: at, end: span.start }, "instruction"),
    });
    const now = torn.get(index) ?? { dockerfile, instruction };
    regions.push({ ...head, text: laidOutHead(now.dockerfile, now.instruction, options), instruction: index });
    if (open) return regions;
    const newline = text.indexOf("\n", span.end);
    at = newline === -1 ? text.length : newline + 1;
    if (newline === -1) regions.push({ start: span.end, end: at, text: eol });
  }
  if (text.slice(at).trim() !== "" || dockerfile.instructions.length > 0)
    regions.push({ start: at, end: text.length, text: between(dockerfile, { start: at, end: text.length }, "end") });
  return regions;
}

/** Comments and blank lines, up to an instruction or the end of the file. */
function between({ text, eol }: Dockerfile, { start, end }: Span, next: "instruction" | "end"): string {
  const reader: Reader = { text: text.slice(0, end), at: start };
  const isTop = start <= 1;
  const out: string[] = [];
  let blanks = isTop && !keepsTop(text) ? 1 : 0;
  let inDirectives = isTop;
  for (let line = nextLine(reader); line; line = nextLine(reader)) {
    const content = skipBlanks(text, line.start, line.end);
    if (content === end && next === "instruction" && line.next === end) break;
    if (content === line.end) {
      inDirectives = false;
      blanks++;
      if (blanks === 1) out.push(text.slice(line.end, line.next) || eol);
      continue;
    }
    blanks = 0;
    // A directive is only one where it stands: not a blank more or less in front of it.
    inDirectives &&= directiveAt(text, { start: content, end: line.end }) !== undefined;
    const from = inDirectives ? line.start : content;
    out.push(text.slice(from, line.end).trimEnd() + (text.slice(line.end, line.next) || eol));
  }
  if (next === "end") while (/^\s*$/.test(out.at(-1) ?? "x")) out.pop();
  return out.join("");
}

/** A blank line in front of them is why these lines are comments. */
function keepsTop(text: string): boolean {
  const lines = text.replace(/^\uFEFF?\s*\n/, "").split("\n", 50);
  for (const line of lines) {
    const comment = line.trim();
    if (!comment.startsWith("#")) return false;
    if (comment.startsWith("#!") || directiveAt(comment, { start: 0, end: comment.length })) return true;
  }
  return false;
}
