/**
 * In a RUN that stands on several lines each command of its `&&` gets a line of its own; those of a pipeline and of `||` do where
 * some of them have one already. What stands on one line stays there.
 */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { type Edit, replace } from "../../text/edit.ts";
import { gapsOf } from "./format-gaps.ts";
import { type Joint, jointsOf } from "./format-joints.ts";
import { columnOf, headLines } from "./format-lines.ts";
import type { FormatOptions } from "./format-options.ts";

/** New lines. How far they are in is only told from the others of the RUN: what lays out the lines comes behind this. */
export function stepEdits(
  dockerfile: Dockerfile,
  wanted: (instruction: Instruction) => boolean,
  options: FormatOptions,
): readonly Edit[] {
  const runs = dockerfile.instructions.flatMap((instruction) => {
    const joints = instruction.name === "RUN" && wanted(instruction) ? jointsOf(dockerfile, instruction) : [];
    return joints.length > 0 ? [{ instruction, joints }] : [];
  });
  const styles = runs.flatMap(({ joints }) => joints.flat().filter(({ broken }) => broken));
  const usual = leadsIn(styles, true);
  return runs.flatMap(({ instruction, joints }) => {
    const broken = joints.flat().filter((joint) => joint.broken);
    const leads = leadsIn(broken, usual);
    const torn = joints.flatMap((row) => row.filter((joint) => isToBreak(dockerfile, joint, row)));
    return torn.length === 0 ? [] : breaks(dockerfile, instruction, { torn, broken, leads, options });
  });
}

const leadsIn = (joints: readonly Joint[], otherwise: boolean): boolean => {
  const leading = joints.filter(({ leads }) => leads).length;
  return leading * 2 === joints.length ? otherwise : leading * 2 > joints.length;
};

function isToBreak({ text }: Dockerfile, joint: Joint, row: readonly Joint[]): boolean {
  if (joint.broken || (joint.operator !== "&&" && !row.some(({ broken }) => broken))) return false;
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
