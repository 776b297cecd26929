/** What RUNs do with the index of a package manager: fetch it, or install by it. */
import { allNamed } from "../model/dockerfile/named.ts";
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import { hasOption } from "../model/dockerfile/packages.ts";
import { programsWithin } from "../model/dockerfile/programs.ts";
import type { ShellCommand } from "../model/dockerfile/shell.ts";
import { lineage } from "../model/dockerfile/stages.ts";
import { callSpan, type System, type SystemCall, systemCalls } from "../model/dockerfile/system-packages.ts";
import type { Span } from "../text/edit.ts";

export interface IndexStep {
  readonly system: System | "pacman";
  /** `use` needs the index. */
  readonly kind: "update" | "upgrade" | "use";
  readonly command: ShellCommand;
  readonly span: Span;
  readonly text: string;
}

/** What a RUN does with package indexes, in order. */
export function indexSteps(dockerfile: Dockerfile, instruction: Instruction): readonly IndexStep[] {
  if (instruction.name !== "RUN") return [];
  const steps = systemCalls(dockerfile, instruction).flatMap(stepsOf);
  const pacman = programsWithin(dockerfile, instruction).flatMap(({ command }) => pacmanStep(command) ?? []);
  return [...steps, ...pacman];
}

function stepsOf(call: SystemCall): readonly IndexStep[] {
  const { system, effect, verb, manager, command, packages } = call;
  if (effect === "other" || effect === "clean" || effect === "remove") return [];
  const step = { system, command, span: callSpan(call), text: `${manager} ${verb.value}` };
  if (effect === "refresh") return [{ ...step, kind: "update" }];
  // `apt upgrade` needs the index that `apt update` fetched; `dnf update` fetches it itself.
  const isOwn = system === "rpm" || system === "zypper";
  if (effect === "upgrade" && isOwn && packages.length === 0) return [{ ...step, kind: "upgrade" }];
  const isFresh = system === "apk" && hasOption(call, "--no-cache", "-U", "--update", "--update-cache");
  return isFresh
    ? [
        { ...step, kind: "update" },
        { ...step, kind: "use" },
      ]
    : [{ ...step, kind: "use" }];
}

/** `-S` with `y` fetches the index, with `u` it upgrades; with packages it installs. */
function pacmanStep(command: ShellCommand): IndexStep | undefined {
  const { name, args, nameWord, span } = command;
  if (name !== "pacman") return undefined;
  const action = args.find(({ value }) => /^-S\w*$/.test(value) || value === "--sync");
  if (!action || /c/.test(action.value.slice(2))) return undefined;
  const isUse = args.some(({ value }) => !value.startsWith("-")) || !action.value.includes("y");
  const kind = isUse ? "use" : action.value.includes("u") ? "upgrade" : "update";
  return {
    system: "pacman",
    kind,
    command,
    span: { start: nameWord?.span.start ?? span.start, end: action.span.end },
    text: `pacman ${action.value}`,
  };
}

/** The first RUN behind it in the same stage, or in one built on it, that needs the index. */
export const laterIndexUse = (
  dockerfile: Dockerfile,
  instruction: Instruction,
  system: IndexStep["system"],
): Instruction | undefined =>
  allNamed(dockerfile, "RUN").find(
    (other) =>
      !other.triggered &&
      other.index > instruction.index &&
      isBuiltOn(dockerfile, other, instruction) &&
      indexSteps(dockerfile, other).some((step) => step.kind === "use" && step.system === system),
  );

function isBuiltOn(dockerfile: Dockerfile, other: Instruction, { stage }: Instruction): boolean {
  const own = dockerfile.stages[other.stage];
  return other.stage === stage || (own !== undefined && lineage(dockerfile, own).some(({ index }) => index === stage));
}

/** True when a later RUN installs by the index this one leaves, without fetching one itself. */
export const isIndexNeeded = (dockerfile: Dockerfile, instruction: Instruction, system: IndexStep["system"]): boolean =>
  allNamed(dockerfile, "RUN").some(
    (other) =>
      !other.triggered &&
      other.index > instruction.index &&
      isBuiltOn(dockerfile, other, instruction) &&
      indexSteps(dockerfile, other).find((step) => step.system === system)?.kind === "use",
  );
