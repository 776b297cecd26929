import { appendCommand } from "../../model/dockerfile/append-command.ts";
import { leavesTraces, saidBefore } from "../../model/dockerfile/before.ts";
import { clearsFolder } from "../../model/dockerfile/cleanup.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isCached, type Mount, mountsOf } from "../../model/dockerfile/mounts.ts";
import type { Manager } from "../../model/dockerfile/managers.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import { isPosixShell, scriptsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { lineage } from "../../model/dockerfile/stages.ts";
import { defineRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import { contains, insert } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

const LISTS = "/var/lib/apt/lists";
const ARCHIVES = "/var/cache/apt";
const APT: ReadonlySet<Manager> = new Set<Manager>(["apt-get", "apt", "aptitude"]);

export default defineRule({
  id: "apt-lists-left",
  summary: "apt's package lists left in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3009",
    "kics:Apt Get Install Lists Were Not Deleted",
    "dockerfilelint:apt-get_missing_rm",
    "dockle:DKL-DI-0005",
  ],
  why: `
\`apt-get update\` downloads 20 to 50 MB of package lists. They are of no use in a finished image, they are out of date soon,
and a later \`RUN rm\` does not make the layer smaller: it has to happen in the same \`RUN\`. \`apt-get clean\` removes downloaded
packages, not the lists. A cache or tmpfs mount over the lists is just as good, and so is \`apt-get dist-clean\`, which
hadolint does not know. Deleting \`/var/apt/lists\` does not help, nor does an update behind the deletion: hadolint lets both pass, and
does not look into \`bash -c "…"\`. Stages that nothing ships are let off; one that other stages are built on, which hadolint reports, is
shown in the profile \`all\`.`,
  fixSafety: `
Safe: the lists are only read by apt, and the fix is not offered when a later \`RUN\` of the file installs without an update
of its own. Unsafe where a later \`RUN\` starts a script file, which may do so.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      bad: "FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y \\\n        curl \\\n        git\n",
      fixed:
        "FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y \\\n        curl \\\n        git \\\n    && rm -rf /var/lib/apt/lists/*\n",
    },
    { good: "FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update\n" },
    {
      good: "FROM debian:13 AS build\nRUN apt-get update && apt-get install -y gcc\n\nFROM scratch\nCOPY --from=build /app /app\n",
    },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const calls = aptCalls(dockerfile, instruction);
      const update = calls.findLast(({ action }) => action.value === "update");
      const shipped = leavesTraces(dockerfile, instruction);
      if (!update || !(shipped || isBuiltOn(dockerfile, instruction.stage))) continue;
      const span = {
        start: update.command.nameWord?.span.start ?? update.command.span.start,
        end: update.action.span.end,
      };
      const mounts = mountsOf(dockerfile, instruction);
      if (isCached(mounts, LISTS)) {
        if (shipped && keepsArchives(dockerfile, instruction, calls, mounts))
          report(span, {
            message: `The package lists are in a mount, but the downloaded packages stay in ${ARCHIVES}`,
            fixes: [mountArchives(mounts)],
          });
      } else if (!isCleaned(dockerfile, instruction, update))
        report(span, {
          message: shipped
            ? `${update.manager} update leaves its package lists in the layer`
            : `${update.manager} update leaves its package lists in the layer; nothing of it gets into the image here`,
          ...(!shipped && { severity: "hint" as const, profile: "all" as const }),
          ...remedy(dockerfile, instruction, update),
        });
    }
  },
});

const isBuiltOn = ({ stages }: Dockerfile, stage: number): boolean =>
  stages.some(({ base }) => base.kind === "stage" && base.stage === stage);

const aptCalls = (dockerfile: Dockerfile, instruction: Instruction): readonly PackageCall[] =>
  packageCalls(dockerfile, instruction).filter(({ manager }) => APT.has(manager));

const isCleaned = (dockerfile: Dockerfile, instruction: Instruction, update: PackageCall): boolean =>
  clearsFolder(dockerfile, instruction, LISTS, update.command.span.end) ||
  aptCalls(dockerfile, instruction).some(
    ({ action, command }) => /^dist-?clean$/.test(action.value) && command.span.start > update.command.span.start,
  );

/** Debian's images delete downloaded packages by a hook; a file that removes the hook has to keep them out by itself. */
function keepsArchives(
  dockerfile: Dockerfile,
  instruction: Instruction,
  calls: readonly PackageCall[],
  mounts: readonly Mount[],
): boolean {
  if (isCached(mounts, ARCHIVES) || isCached(mounts, `${ARCHIVES}/archives`)) return false;
  if (!calls.some(({ action }) => action.value === "install") || calls.some(({ action }) => action.value === "clean"))
    return false;
  const removed = /\brm\b[^&;|\n]*docker-clean/;
  return (
    removed.test(dockerfile.text.slice(instruction.span.start, instruction.span.end)) ||
    saidBefore(dockerfile, instruction, removed)
  );
}

const mountArchives = (mounts: readonly Mount[]): Fix =>
  safeFix(
    `Mount a cache on ${ARCHIVES} too`,
    insert(mounts.at(-1)?.flag.span.end ?? 0, ` --mount=type=cache,target=${ARCHIVES},sharing=locked`),
  );

function remedy(
  dockerfile: Dockerfile,
  instruction: Instruction,
  update: PackageCall,
): { fixes?: readonly Fix[]; refusal?: string } {
  if (update.instruction.json) return { refusal: "the JSON form runs one program: write the RUN in shell form first" };
  if (isNeededLater(dockerfile, instruction))
    return { refusal: "A later RUN installs from these lists: join the two RUNs first" };
  const script = scriptsOf(dockerfile, update.instruction).find(({ commands }) => commands.includes(update.command));
  const sudo = update.command.wrappers.includes("sudo") ? "sudo " : "";
  const edit = script && appendCommand(dockerfile, script, `${sudo}rm -rf ${LISTS}/*`);
  if (!edit)
    return { refusal: `the script's end is no place for one more command: add rm -rf ${LISTS}/* where it fits` };
  const fix = mayBeReadLater(dockerfile, instruction) ? unsafeFix : safeFix;
  return { fixes: [fix("Delete the lists in the same RUN", edit)] };
}

/** True when a later RUN starts a script of the build context: what it installs, and from which lists, stands there. */
const mayBeReadLater = (dockerfile: Dockerfile, instruction: Instruction): boolean =>
  laterRuns(dockerfile, instruction).some((other) => {
    const [first] = aptCalls(dockerfile, other);
    return (
      first?.action.value !== "update" && programsWithin(dockerfile, other).some(({ command }) => isScript(command))
    );
  });

function isScript({ name, nameWord, args }: ShellCommand): boolean {
  const path = name !== undefined && (isPosixShell(name) || name === "." || name === "source") ? args[0] : nameWord;
  return path !== undefined && /^(?!\/(?:usr\/(?:local\/)?)?s?bin\/)[^-].*\/|\.(?:sh|bash)$/.test(path.value);
}

/** The RUNs behind this one and those in stages built on it. */
function laterRuns(dockerfile: Dockerfile, instruction: Instruction): readonly Instruction[] {
  const heirs = dockerfile.stages.filter((stage) =>
    lineage(dockerfile, stage).some(({ index }) => index === instruction.stage),
  );
  return allNamed(dockerfile, "RUN").filter((other) => {
    const later =
      other.stage === instruction.stage
        ? other.index > instruction.index
        : heirs.some(({ index }) => index === other.stage);
    return later && !contains(instruction.span, other.span);
  });
}

/** True when one of them uses the index without updating it. */
const isNeededLater = (dockerfile: Dockerfile, instruction: Instruction): boolean =>
  laterRuns(dockerfile, instruction).some((other) => {
    const [first] = aptCalls(dockerfile, other).filter(({ action }) =>
      /^(?:update|install|build-dep|satisfy|upgrade|dist-upgrade|full-upgrade|source|download)$/.test(action.value),
    );
    return first !== undefined && first.action.value !== "update";
  });
