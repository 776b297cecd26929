/** Every program that the RUN instructions start, in whichever form: rules ask for theirs by name instead of looking through all. */
import { tailOf } from "./logical.ts";
import { isSystemManager } from "./managers.ts";
import { perDocument, perInstruction } from "./memo.ts";
import type { Dockerfile, Instruction, Logical } from "./model.ts";
import { isPosixShell, programsOf, type ShellCommand, type ShellWord } from "./shell.ts";
import { allNamed } from "./named.ts";

export interface Program {
  readonly command: ShellCommand;
  readonly instruction: Instruction;
}

/** What a RUN runs, the scripts of `sh -c "…"` and what `xargs` starts included. */
export const programsWithin = perInstruction((dockerfile, instruction): readonly Program[] =>
  programsOf(dockerfile, instruction).flatMap((command): readonly Program[] => {
    const script = innerScript(instruction, command);
    const inner = script ? programsWithin(dockerfile, script) : [];
    const started = startedByXargs(command);
    return [{ command, instruction }, ...inner, ...(started ? [{ command: started, instruction }] : [])];
  }),
);

/** The script of `sh -c "…"` as a RUN of its own in the same place; undefined where escapes keep its offsets from being ours. */
function innerScript(instruction: Instruction, { name, args }: ShellCommand): Instruction | undefined {
  if (name === undefined || !isPosixShell(name)) return undefined;
  const option = args.findIndex(({ value }) => /^-[A-Za-z]*c[A-Za-z]*$/.test(value));
  const script = option === -1 ? undefined : args[option + 1];
  const body = script && logicalOf(instruction.body, script);
  return body && asRun(instruction, body);
}

/** A text in an instruction as the shell form of a RUN of its own, in the same place. */
export const asRun = (instruction: Instruction, body: Logical): Instruction => ({
  ...instruction,
  json: undefined,
  name: "RUN",
  body,
  args: { text: body.text, span: body.span(0, body.text.length) },
  heredocs: [],
});

/** The word without its quotes. */
function logicalOf(body: Logical, { value, span }: ShellWord): Logical | undefined {
  if (value === "") return undefined;
  for (let at = body.text.indexOf(value); at !== -1; at = body.text.indexOf(value, at + 1)) {
    const start = body.sourceAt(at);
    if (start >= span.end) return undefined;
    if (start >= span.start) return tailOf(body, at, at + value.length);
  }
  return undefined;
}

/** `xargs apt-get install`: the packages come from elsewhere, the options stand here. */
function startedByXargs(command: ShellCommand): ShellCommand | undefined {
  if (command.name !== "xargs") return undefined;
  const at = command.args.findIndex(({ value }) => isSystemManager(value) || /^pip[\d.]*$/.test(value));
  const nameWord = command.args[at];
  return (
    nameWord && {
      ...command,
      nameWord,
      name: nameWord.value,
      args: command.args.slice(at + 1),
      span: { start: nameWord.span.start, end: command.span.end },
      wrappers: [...command.wrappers, "xargs"],
    }
  );
}

const byName = perDocument((dockerfile): ReadonlyMap<string, readonly Program[]> => {
  const found = new Map<string, Program[]>();
  for (const instruction of allNamed(dockerfile, "RUN")) {
    for (const program of programsWithin(dockerfile, instruction)) {
      const { name } = program.command;
      if (name === undefined) continue;
      const same = found.get(name);
      if (same) same.push(program);
      else found.set(name, [program]);
    }
  }
  return found;
});

/** The calls of one program in RUN, ONBUILD RUN and heredocs, in either form, those inside `sh -c "…"` included; in source order. */
export const programsCalled = (dockerfile: Dockerfile, name: string): readonly Program[] =>
  byName(dockerfile).get(name) ?? [];
