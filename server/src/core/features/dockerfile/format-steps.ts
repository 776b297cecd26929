/**
 * In a RUN that stands on several lines each command of its `&&` gets a line of its own; those of a pipeline, of `||`, and of an `&&`
 * beside other statements do where some of them have one already. What stands on one line stays there.
 */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { type Edit, replace } from "../../text/edit.ts";
import { gapsOf } from "./format-gaps.ts";
import { type Joint, type Row, rowsOf } from "./format-joints.ts";
import { columnOf, headLines } from "./format-lines.ts";
import type { FormatOptions } from "./format-options.ts";

/** A RUN and the edits that give its steps lines of their own. */
export interface Torn {
  readonly instruction: Instruction;
  readonly edits: readonly Edit[];
}

/** How far in the new lines are is only told from the others of the RUN: what lays out the lines comes behind this. */
export function tornRuns(
  dockerfile: Dockerfile,
  wanted: (instruction: Instruction) => boolean,
  options: FormatOptions,
): readonly Torn[] {
  const usual = usuallyLeads(dockerfile);
  return dockerfile.instructions.flatMap((instruction) => {
    if (instruction.name !== "RUN" || !wanted(instruction) || !mayBeTorn(dockerfile, instruction)) return [];
    const rows = rowsOf(dockerfile, instruction);
    const torn = rows.flatMap((row) => row.joints.filter((joint) => isToBreak(dockerfile, joint, row)));
    if (torn.length === 0) return [];
    const broken = rows.flatMap(({ joints }) => joints.filter((joint) => joint.broken));
    const edits = breaks(dockerfile, instruction, { torn, broken, leads: leadsIn(broken, usual), options });
    return [{ instruction, edits }];
  });
}

/** To read the commands takes longer than all the rest: `&&` in the middle of a line, or `|` there and at the end of another. */
const AND_INSIDE = /[^\s&|][ \t]*&&(?![ \t]*[\\`][ \t]*\r?$)[ \t]*\S/m;
const OR_INSIDE = /[^\s&|][ \t]*\|\|?(?![ \t]*[\\`][ \t]*\r?$)[ \t]*\S/m;
const OR_BROKEN = /^[ \t]*\||\|[ \t]*[\\`][ \t]*\r?$/m;

function mayBeTorn({ text }: Dockerfile, { head }: Instruction): boolean {
  const own = text.slice(head.start, head.end);
  return own.includes("\n") && (AND_INSIDE.test(own) || (OR_BROKEN.test(own) && OR_INSIDE.test(own)));
}

/** Whether more lines of the file begin with an operator than end in one. */
const usuallyLeads = ({ text }: Dockerfile): boolean =>
  (text.match(/^[ \t]*(?:&&|\|\|)/gm)?.length ?? 0) >= (text.match(/(?:&&|\|\|)[ \t]*[\\`][ \t]*\r?$/gm)?.length ?? 0);

const leadsIn = (joints: readonly Joint[], otherwise: boolean): boolean => {
  const leading = joints.filter(({ leads }) => leads).length;
  return leading * 2 === joints.length ? otherwise : leading * 2 > joints.length;
};

function isToBreak({ text }: Dockerfile, joint: Joint, { joints, whole }: Row): boolean {
  const isSteps = joint.operator === "&&" && whole;
  if (joint.broken || (!isSteps && !joints.some(({ broken }) => broken))) return false;
  return text.slice(joint.start, joint.end).trim() === joint.operator;
}

interface Tearing {
  readonly torn: readonly Joint[];
  readonly broken: readonly Joint[];
  readonly leads: boolean;
  readonly options: FormatOptions;
}

function breaks(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { torn, broken, leads, options }: Tearing,
): readonly Edit[] {
  const { text, escape, eol } = dockerfile;
  const { tabSize } = options;
  const lines = headLines(
    dockerfile,
    instruction,
    gapsOf(dockerfile, instruction).toSorted((a, b) => a.start - b.start),
  );
  const free = lines.flatMap(({ kind, freeStart, start }) => {
    if (kind !== "code" || !freeStart) return [];
    const blanks = /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
    return [{ start, content: start + blanks.length, column: columnOf(blanks, tabSize) }];
  });
  const begin = instruction.body.sourceAt(0);
  const stepStarts = new Set(broken.map(({ lineStart }) => lineStart));
  const ofSteps = free.filter(({ content }) => stepStarts.has(content)).map(({ column }) => column);
  const all = free.filter(({ content }) => content > begin).map(({ column }) => column);
  const column = Math.min(...(ofSteps.length > 0 ? ofSteps : all.length > 0 ? all : [tabSize]));
  const indent = " ".repeat(column);
  const ends = torn.map(({ start, end, operator }) =>
    replace({ start, end }, leads ? ` ${escape}${eol}${indent}${operator} ` : ` ${operator} ${escape}${eol}${indent}`),
  );
  // What goes on below a command that has a line of its own now stands further in than that.
  const deeper = torn.flatMap(({ command }) => {
    const own = free.filter(({ content }) => content > command.start && content < command.end);
    const least = Math.min(...own.map((line) => line.column));
    return least > column
      ? []
      : own.map((line) =>
          replace({ start: line.start, end: line.content }, " ".repeat(line.column - least + column + tabSize)),
        );
  });
  return [...ends, ...deeper];
}
