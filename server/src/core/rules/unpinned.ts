/** Packages that are installed in whatever version the repositories have: what the *-unpinned rules share. */
import { settingBefore } from "../model/dockerfile/before.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { commandsOf, type ShellCommand, type ShellWord } from "../model/dockerfile/shell.ts";
import { scopeAt } from "../model/dockerfile/scope.ts";
import { type SystemCall, allSystemCalls } from "../model/dockerfile/system-packages.ts";
import { expand, hasVariable, hidden, type Value } from "../model/dockerfile/variables.ts";
import { unquote } from "../model/dockerfile/words.ts";
import type { Context } from "../rule.ts";

/** Reports each call that names packages without a version; what only the build knows is not judged. */
export function reportUnpinned(
  { dockerfile, report }: Context,
  isJudged: (call: SystemCall) => boolean,
  isLoose: (name: string, call: SystemCall) => boolean,
): void {
  for (const call of allSystemCalls(dockerfile)) {
    if (!isJudged(call)) continue;
    const loose = call.packages
      .map((word) => ({ word, names: namesIn(dockerfile, call, word).filter((name) => isLoose(name, call)) }))
      .filter(({ names }) => names.length > 0);
    const [first] = loose;
    if (!first) continue;
    const names = [...new Set(loose.flatMap((each) => (isVariable(each.word) ? each.names : [each.word.value])))];
    report(first.word.span, {
      message: `${call.manager} ${call.verb.value} takes whatever version of ${listed(names)} the repositories have at build time`,
    });
  }
}

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : (shown[0] ?? "");
}

/** Nothing but a variable: what it holds says more than its name. */
const isVariable = ({ value }: ShellWord): boolean => /^\$\{?\w+\}?$/.test(value);

/** The package names a word stands for; none when a variable hides them. */
function namesIn(dockerfile: Dockerfile, call: SystemCall, word: ShellWord): readonly string[] {
  if (word.literal) return word.value === "" ? [] : [word.value];
  if (/\$\(|`/.test(word.value)) return [];
  const { text, known } = expand(word.value, (name) => valueOf(dockerfile, call, name));
  if (known && !hasVariable(text)) return text.split(/\s+/).filter(Boolean);
  return isNamed(word.value, call) ? [word.value] : [];
}

/** `postgresql-$MAJOR`: whatever the variable is, apt and apk want a sign between name and version. */
const isNamed = (word: string, { system }: SystemCall): boolean =>
  (system === "apt" || system === "apk") && /^[a-z0-9][a-z0-9.+-]*[a-z+-]\$/.test(word) && !/\$\{[^}]*[:+]/.test(word);

function valueOf(dockerfile: Dockerfile, { command, instruction }: SystemCall, name: string): Value {
  if (!/^[A-Za-z_]\w*$/.test(name)) return hidden;
  const [only, ...others] = settings(commandsOf(dockerfile, instruction), name);
  if (only) {
    const isPlain = others.length === 0 && !only.command.conditional && only.command.span.start < command.span.start;
    return isPlain && only.value !== undefined && !/[$`]/.test(only.value) ? only.value : hidden;
  }
  const value = scopeAt(dockerfile, instruction).get(name);
  if (typeof value === "string") return value;
  const setting = settingBefore(dockerfile, instruction, name);
  if (setting) return setting.value ?? hidden;
  return isSetElsewhere(dockerfile, name) && !isLoopVariable(instruction.body.text, name) ? "" : value;
}

interface Assigned {
  readonly command: ShellCommand;
  readonly value: string | undefined;
}

const DECLARING = /^(?:export|local|declare|typeset|readonly|read)$/;

/** Where a script gives the shell's variable a value: `name=…`, `export name=…`, `read name`. */
const settings = (commands: readonly ShellCommand[], name: string): Assigned[] =>
  commands.flatMap((command): Assigned[] => {
    if (command.nameWord === undefined)
      return command.assignments.filter((each) => each.name === name).map(({ value }) => ({ command, value }));
    if (command.name === undefined || !DECLARING.test(command.name)) return [];
    return command.args
      .filter(({ value }) => value === name || value.startsWith(`${name}=`))
      .map(({ value }) => ({ command, value: value === name ? undefined : unquote(value.slice(name.length + 1)) }));
  });

/** Set by the shell in a way the commands do not show. */
const isLoopVariable = (script: string, name: string): boolean =>
  new RegExp(`\\b(?:for|select)\\s+${name}\\b`).test(script);

/** Another stage sets it, or it stands above the first FROM: the person means that one, but here it is empty. */
const isSetElsewhere = ({ instructions }: Dockerfile, name: string): boolean =>
  instructions.some(
    (each) => (each.name === "ARG" || each.name === "ENV") && each.pairs.some(({ key }) => unquote(key.text) === name),
  );
