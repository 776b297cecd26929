/** Options of the shell that runs a script: `-e`, `-o pipefail`, from SHELL, the `#!` line, its caller or `set`. */
import type { Dockerfile } from "./model.ts";
import { scriptsOf, type ShellScript } from "./shell.ts";
import { shellAt } from "./shell-instruction.ts";

/** Letters and long names that arguments switch on: `-eo pipefail` is `e` and `pipefail`. */
export function shellOptions(args: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (!/^-[A-Za-z]+$/.test(arg)) continue;
    for (const letter of arg.slice(1)) {
      if (letter === "o") found.add(args[++at] ?? "");
      else found.add(letter);
    }
  }
  return found;
}

/** The options a script starts with. */
export function optionsAtStart(dockerfile: Dockerfile, script: ShellScript): ReadonlySet<string> {
  const { instruction, heredoc, text } = script;
  const line = heredoc ? /^\s*#!\s*\S+(.*)/.exec(text) : undefined;
  if (line) return shellOptions((line[1] ?? "").trim().split(/\s+/));
  const scripts = heredoc ? scriptsOf(dockerfile, instruction) : [];
  const reader = scripts.find((other) => other.heredoc === undefined)?.commands[0];
  if (reader) return shellOptions(reader.args.map(({ value }) => value));
  return shellOptions(
    shellAt(dockerfile, instruction)
      .words.slice(1)
      .map(({ text: word }) => word),
  );
}

/** The offset from which one of the names is on in the script; undefined when it never is. */
export function onSince(dockerfile: Dockerfile, script: ShellScript, ...names: readonly string[]): number | undefined {
  const has = (options: ReadonlySet<string>): boolean => names.some((name) => options.has(name));
  if (has(optionsAtStart(dockerfile, script))) return script.span.start;
  const set = script.commands.find(
    ({ name, args, isolated, conditional }) =>
      name === "set" && !isolated && !conditional && has(shellOptions(args.map(({ value }) => value))),
  );
  return set?.span.end;
}
