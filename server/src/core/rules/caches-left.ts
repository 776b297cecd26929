/** What a package manager downloads and leaves in the layer: what the *-clean rules share. */
import { appendCommand } from "../model/dockerfile/append-command.ts";
import { leavesTraces } from "../model/dockerfile/before.ts";
import { clearsFolder } from "../model/dockerfile/cleanup.ts";
import { lastOf } from "../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction, Stage } from "../model/dockerfile/model.ts";
import { isCached, mountsOf } from "../model/dockerfile/mounts.ts";
import { fromReferences } from "../model/dockerfile/references.ts";
import { scriptsOf } from "../model/dockerfile/shell.ts";
import { lineage } from "../model/dockerfile/stages.ts";
import { callSpan, type SystemCall, systemCalls } from "../model/dockerfile/system-packages.ts";
import { type Context, type Report, safeFix } from "../rule.ts";
import { allNamed } from "../model/dockerfile/named.ts";

export interface Caches {
  /** Calls that download. */
  readonly fills: (call: SystemCall) => boolean;
  /** True when the second call deletes what the first one left. */
  readonly cleans: (clean: SystemCall, filled: SystemCall) => boolean;
  readonly folders: readonly string[];
  /** Options that lead to another root, where the caches are as well, or keep it from downloading. */
  readonly elsewhere: ReadonlySet<string>;
  /** Whether stages that nothing ships are shown in the widest profile. */
  readonly everyStage: boolean;
  /** The arguments that clean: `clean all`. */
  readonly command: string;
}

/** At most one finding a RUN, at the last call nothing cleans up after. */
export function reportCachesLeft({ dockerfile, report }: Context, caches: Caches): void {
  for (const instruction of allNamed(dockerfile, "RUN")) {
    const calls = systemCalls(dockerfile, instruction);
    const left = calls.findLast((call) => caches.fills(call) && !call.hidden && !isElsewhere(call, caches));
    if (!left || isCleaned(dockerfile, instruction, calls, left, caches)) continue;
    const what = `${left.manager} ${left.verb.value} leaves its downloads and metadata in the layer`;
    const shipped = isShipped(dockerfile, instruction);
    if (!shipped && !caches.everyStage) continue;
    report(callSpan(left), {
      message: shipped ? what : `${what}; nothing of it gets into the image here`,
      ...(!shipped && { severity: "hint" as const, profile: "all" as const }),
      ...remedy(dockerfile, left, caches),
    });
  }
}

const isElsewhere = ({ options }: SystemCall, { elsewhere }: Caches): boolean =>
  options.some(({ name }) => elsewhere.has(name));

/** In the last stage and what it is built on, or in one that starts something and that no other one uses: `--target` builds it. */
function isShipped(dockerfile: Dockerfile, instruction: Instruction): boolean {
  if (leavesTraces(dockerfile, instruction)) return true;
  return dockerfile.stages.some(
    (stage) =>
      lineage(dockerfile, stage).some(({ index }) => index === instruction.stage) &&
      !isUsed(dockerfile, stage) &&
      (lastOf(dockerfile, stage, "CMD") ?? lastOf(dockerfile, stage, "ENTRYPOINT")) !== undefined,
  );
}

const isUsed = (dockerfile: Dockerfile, { index }: Stage): boolean =>
  dockerfile.stages.some(({ base }) => base.kind === "stage" && base.stage === index) ||
  fromReferences(dockerfile).some(({ source }) => source.kind === "stage" && source.stage.index === index);

function isCleaned(
  dockerfile: Dockerfile,
  instruction: Instruction,
  calls: readonly SystemCall[],
  left: SystemCall,
  { cleans, folders }: Caches,
): boolean {
  const { end } = left.command.span;
  if (calls.some((call) => call.command.span.start >= end && call.effect === "clean" && cleans(call, left)))
    return true;
  const mounts = mountsOf(dockerfile, instruction);
  return folders.some((folder) => isCached(mounts, folder) || clearsFolder(dockerfile, instruction, folder, end));
}

function remedy(dockerfile: Dockerfile, { command, instruction }: SystemCall, caches: Caches): Partial<Report> {
  if (instruction.json) return { refusal: "the JSON form runs one program: write the RUN in shell form first" };
  const script = scriptsOf(dockerfile, instruction).find(({ commands }) => commands.includes(command));
  const sudo = command.wrappers.includes("sudo") ? "sudo " : "";
  const clean = `${sudo}${command.nameWord?.text ?? ""} ${caches.command}`;
  const edit = script && appendCommand(dockerfile, script, clean);
  if (!edit) return { refusal: `the script's end is no place for one more command: add ${clean} where it fits` };
  return { fixes: [safeFix(`Add ${clean} to the same RUN`, edit)] };
}
