/** Upgrades of everything that is installed: what the rules against them share. */
import { clearsFolder } from "../model/dockerfile/cleanup.ts";
import { removeCommands } from "../model/dockerfile/command-removal.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { programsWithin } from "../model/dockerfile/programs.ts";
import { removeInstruction } from "../model/dockerfile/removal.ts";
import type { ShellCommand } from "../model/dockerfile/shell.ts";
import { callSpan, type SystemCall, allSystemCalls, systemCalls } from "../model/dockerfile/system-packages.ts";
import { isIndexNeeded } from "./package-index.ts";
import { type Context, type Report, unsafeFix } from "../rule.ts";

export function reportUpgrades(
  { dockerfile, report }: Context,
  isOurs: (call: SystemCall) => boolean,
  message: (call: SystemCall) => string,
): void {
  for (const call of allSystemCalls(dockerfile))
    if (isOurs(call)) report(callSpan(call), { message: message(call), ...remedy(dockerfile, call) });
}

function remedy(dockerfile: Dockerfile, call: SystemCall): Partial<Report> {
  const { instruction } = call;
  if (isPointless(dockerfile, call)) {
    if (instruction.triggered) return { refusal: "the ONBUILD has nothing else to do: delete it whole" };
    return {
      fixes: [unsafeFix("Remove the RUN, which does nothing else", removeInstruction(dockerfile, instruction))],
    };
  }
  const edits = removeCommands(dockerfile, [call]);
  if (!edits) return { refusal: `${call.manager} ${call.verb.value} is not one of several commands joined by && or ;` };
  return { fixes: [unsafeFix(`Remove ${call.manager} ${call.verb.value}`, ...edits)] };
}

/** Without the upgrade, what is left of the RUN only fetches the index, cleans up or sets the shell. */
function isPointless(dockerfile: Dockerfile, { instruction, system }: SystemCall): boolean {
  const own = dockerfile.instructions[instruction.index];
  const run = own?.trigger ?? own;
  if (!run) return false;
  const calls = new Map(systemCalls(dockerfile, run).map((call) => [call.command, call]));
  // The other managers fetch what they need.
  const leavesIndex =
    system === "apt" &&
    [...calls.values()].some(({ effect }) => effect === "refresh") &&
    !clearsFolder(dockerfile, run, "/var/lib/apt/lists", run.span.start);
  if (leavesIndex && isIndexNeeded(dockerfile, run, system)) return false;
  return programsWithin(dockerfile, run).every(({ command }) => {
    const call = calls.get(command);
    return call ? IDLE.has(call.effect) : isIdle(command);
  });
}

const IDLE: ReadonlySet<SystemCall["effect"]> = new Set<SystemCall["effect"]>(["refresh", "upgrade", "clean"]);

const isIdle = ({ name, args }: ShellCommand): boolean =>
  name === "set" ||
  name === "sudo" ||
  name === "env" ||
  name === "true" ||
  (name === "rm" && args.every(({ value }) => /^-|^\/var\/(?:lib\/apt|cache|log)\b/.test(value)));
