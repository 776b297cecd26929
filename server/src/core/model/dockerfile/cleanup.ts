/** Whether a RUN deletes what it left in a folder. */
import { resolvePath } from "./before.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { isWithin } from "./mounts.ts";
import { programsWithin } from "./programs.ts";
import type { ShellCommand } from "./shell.ts";

/** True when a command behind the offset empties the folder: `rm -rf` of it, of its content or of a folder above it. */
export function clearsFolder(dockerfile: Dockerfile, instruction: Instruction, folder: string, after: number): boolean {
  let current: string | undefined;
  for (const { command } of programsWithin(dockerfile, instruction)) {
    if (command.name === "cd")
      current = command.args[0]?.literal ? resolvePath(current, command.args[0].value) : undefined;
    if (command.span.start < after) continue;
    if (command.name === "rm" && isRecursive(command)) {
      if (command.args.some(({ value }) => removes(value, folder, current))) return true;
    } else if (command.name === "find" && command.args.some(({ value }) => value === "-delete" || value === "rm")) {
      if (command.args.some(({ value }) => value.startsWith("/") && removes(value, folder, current))) return true;
    }
  }
  return false;
}

const isRecursive = ({ args }: ShellCommand): boolean =>
  args.some(({ value }) => value === "--recursive" || /^-[a-zA-Z]*[rR]/.test(value));

/** The pattern's fixed part decides: `/var/lib/apt/lists/*`, `/var/lib/apt/*`, `/var/lib/{apt,dpkg}`. */
function removes(pattern: string, folder: string, current: string | undefined): boolean {
  return braces(pattern).some((each) => {
    const path = resolvePath(current, each.replace(/(^|\/)[^/]*\*.*$/, "$1"));
    const wild = each.includes("*");
    if (path === undefined || path === "/" || each.startsWith("-")) return false;
    return wild ? path === folder || (isWithin(folder, path) && /(?:^|\/)\*+$/.test(each)) : isWithin(folder, path);
  });
}

/** One level of `{a,b}`. */
function braces(pattern: string): string[] {
  const found = /^(.*)\{([^{}]*,[^{}]*)\}(.*)$/.exec(pattern);
  return found ? (found[2] ?? "").split(",").map((part) => `${found[1]}${part}${found[3]}`) : [pattern];
}
