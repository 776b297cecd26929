/** Package manager calls of RUN: what is asked of which manager, with which options, about what. */
import { insert, type Edit } from "../../text/edit.ts";
import { type Manager, managerOf, type Syntax, SYNTAX } from "./managers.ts";
import { perDocument, perInstruction } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { programsWithin } from "./programs.ts";
import { expandIn } from "./scope.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";
import { allNamed } from "./named.ts";

export interface PackageOption {
  /** One option: `-y`, `--yes`. Joined short options are split. */
  readonly name: string;
  readonly value: string | undefined;
  /** The word it stands in. */
  readonly word: ShellWord;
}

export interface PackageCall {
  readonly manager: Manager;
  /** `install`, `add`, `update`. */
  readonly action: ShellWord;
  readonly options: readonly PackageOption[];
  /** What the action is about: packages, files. */
  readonly operands: readonly ShellWord[];
  /** A variable probably holds options: what seems to be missing may be in it. */
  readonly hidden: boolean;
  readonly command: ShellCommand;
  /** Where it stands: the RUN, or what `innerScript` makes of a `sh -c "…"` in it. */
  readonly instruction: Instruction;
  /** Behind the action and the plain options that follow it. */
  readonly optionsEnd: number;
}

/** The calls of a RUN, in order, in shell form, heredocs and JSON form. */
export const packageCalls = (dockerfile: Dockerfile, instruction: Instruction): readonly PackageCall[] =>
  instruction.name === "RUN" ? callsOnce(dockerfile, instruction) : [];

const callsOnce = perInstruction((dockerfile, instruction): readonly PackageCall[] =>
  programsWithin(dockerfile, instruction).flatMap((each) => callOf(dockerfile, each.instruction, each.command) ?? []),
);

/** Those of the whole file, for the many rules that ask for no more than their own among them. */
export const allPackageCalls = perDocument((dockerfile): readonly PackageCall[] =>
  allNamed(dockerfile, "RUN").flatMap((run) => packageCalls(dockerfile, run)),
);

function callOf(dockerfile: Dockerfile, instruction: Instruction, command: ShellCommand): PackageCall | undefined {
  const start = managerOf(command);
  if (!start) return undefined;
  const { manager, args } = start;
  const read = readArguments(dockerfile, instruction, args, SYNTAX[manager]);
  // `apt-get $options install`: what comes before a plain word is no action.
  const at = read.operands.findIndex(({ literal }) => literal);
  const action = read.operands[at];
  if (!action) return undefined;
  const hidden = read.hidden || read.operands.slice(0, at).some(({ literal }) => !literal);
  return {
    manager,
    action,
    options: read.options,
    operands: read.operands.slice(at + 1),
    hidden,
    command,
    instruction,
    optionsEnd: optionsEnd(action, args, read.options),
  };
}

interface Arguments {
  readonly options: readonly PackageOption[];
  readonly operands: readonly ShellWord[];
  readonly hidden: boolean;
}

/** Names of variables that hold options rather than packages. */
const OPTION_VARIABLE = /opt|flag|arg|param/i;

function readArguments(
  dockerfile: Dockerfile,
  instruction: Instruction,
  args: readonly ShellWord[],
  syntax: Syntax,
): Arguments {
  const options: PackageOption[] = [];
  const operands: ShellWord[] = [];
  let hidden = false;
  let waiting: string | undefined;
  let only = false;
  const take = (value: string, word: ShellWord): void => {
    if (waiting !== undefined) {
      options.push({ name: waiting, value, word });
      waiting = undefined;
    } else if (only || !value.startsWith("-") || value === "-") operands.push(word);
    else if (value === "--") only = true;
    else if (value.startsWith("--")) {
      const equals = value.indexOf("=");
      const name = equals === -1 ? value : value.slice(0, equals);
      if (equals !== -1) options.push({ name, value: value.slice(equals + 1), word });
      else if (syntax.long.has(name)) waiting = name;
      else options.push({ name, value: undefined, word });
    } else waiting = shortOptions(value, word, syntax, options);
  };
  for (const word of args) {
    if (word.literal || waiting !== undefined) {
      take(word.value, word);
      continue;
    }
    const { text, known } = expandIn(dockerfile, instruction, word.value);
    if (known && text.trimStart().startsWith("-")) for (const part of text.trim().split(/\s+/)) take(part, word);
    else {
      if (!known && OPTION_VARIABLE.test(word.value) && !word.value.includes("=")) hidden = true;
      operands.push(word);
    }
  }
  return { options, operands, hidden };
}

/** `-yqq` is three options; `-oX`, `-o X` and apt's `-q=2` have a value. Returns the option that waits for one. */
function shortOptions(value: string, word: ShellWord, syntax: Syntax, options: PackageOption[]): string | undefined {
  for (let at = 1; at < value.length; at++) {
    const letter = value.charAt(at);
    const rest = value.slice(at + 1);
    if (syntax.short.includes(letter)) {
      if (rest === "") return `-${letter}`;
      options.push({ name: `-${letter}`, value: rest.replace(/^=/, ""), word });
      return undefined;
    }
    if (rest.startsWith("=")) {
      options.push({ name: `-${letter}`, value: rest.slice(1), word });
      return undefined;
    }
    options.push({ name: `-${letter}`, value: undefined, word });
  }
  return undefined;
}

function optionsEnd(action: ShellWord, args: readonly ShellWord[], options: readonly PackageOption[]): number {
  let end = action.span.end;
  const plain = new Set(
    options.filter(({ word, value }) => value === undefined && word.literal).map(({ word }) => word),
  );
  for (const word of args.slice(args.indexOf(action) + 1)) {
    if (!plain.has(word)) break;
    end = word.span.end;
  }
  return end;
}

/** True when one of the names is among the options. */
export const hasOption = ({ options }: PackageCall, ...names: readonly string[]): boolean =>
  options.some(({ name }) => names.includes(name));

/** One more option for the action. */
export const addOption = ({ optionsEnd, instruction }: PackageCall, option: string): Edit =>
  insert(optionsEnd, instruction.json ? `, "${option}"` : ` ${option}`);

/** Values of apt's `-o Name=value`, by name without case. */
export const aptSetting = ({ options }: PackageCall, setting: string): string | undefined =>
  options
    .filter(({ name }) => name === "-o" || name === "--option")
    .map(({ value = "" }) => value.split("="))
    .findLast(([name]) => name?.toLowerCase() === setting.toLowerCase())?.[1];

/** apt reads 0, no, false, without, off and disable as false (StringToBool of apt-pkg). */
export const isAptFalse = (value: string | undefined): boolean =>
  value !== undefined && /^(?:0|no|false|without|off|disable)$/i.test(value);
export const isAptTrue = (value: string | undefined): boolean =>
  value !== undefined && /^(?:1|yes|true|with|on|enable)$/i.test(value);
