/** What each RUN does with the caches of package managers, and the mounts it would take. Read by cache-mount-missing. */
import { settingBefore, workdirAt } from "./before.ts";
import { builderAt, type CacheRow, CACHES, plainWords, type Surroundings } from "./caches.ts";
import { removeCommands } from "./command-removal.ts";
import { perDocument, perInstruction } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { isCached, isWithin, mountsOf } from "./mounts.ts";
import { type Program, programsWithin } from "./programs.ts";
import type { ShellCommand } from "./shell.ts";
import { type Edit, insert } from "../../text/edit.ts";
import {
  type CacheCall,
  isUnhooked,
  KEEP_DOWNLOADS,
  keepDownloads,
  type Obstacle,
  obstaclesOf,
} from "./cache-obstacles.ts";
import { yarnOf } from "./yarn.ts";

const NO_HOME = "give the mount that user's folder and numbers by hand";

/** One RUN's dealings with one cache. */
export interface Use {
  readonly row: CacheRow;
  readonly instruction: Instruction;
  /** The first program that downloads, else the first that uses. */
  readonly program: Program;
  /** End of its action. */
  readonly end: number;
  readonly downloads: boolean;
  /** A text says why nobody can tell. */
  readonly targets: readonly string[] | string;
  readonly mounted: boolean;
  /** An option leads the cache to a place of its own. */
  readonly elsewhere: boolean;
  readonly obstacles: readonly Obstacle[];
  /** Takes out the commands among them; undefined where they are no plain part of the list. */
  drops(): readonly Edit[] | undefined;
  /** Mounts, and what has to stand in front of the commands. */
  edits(): readonly Edit[] | string;
}

const rowsByProgram: ReadonlyMap<string, CacheRow> = new Map(
  CACHES.flatMap((row) => row.programs.map((program) => [program, row])),
);

function rowOf({ name, args }: ShellCommand): CacheRow | undefined {
  if (name === undefined) return undefined;
  const row = rowsByProgram.get(name);
  if (row || !(name.startsWith("pip") || name.startsWith("python"))) return row;
  const isPip =
    /^pip[\d.]*$/.test(name) || (/^python[\d.]*$/.test(name) && args[0]?.value === "-m" && args[1]?.value === "pip");
  return isPip ? rowsByProgram.get("pip") : undefined;
}

const wordsOf = (command: ShellCommand): string =>
  command.name?.startsWith("python") ? plainWords({ ...command, args: command.args.slice(2) }) : plainWords(command);

export const usesIn = perInstruction((dockerfile, instruction): readonly Use[] => {
  let groups: Map<CacheRow, CacheCall[]> | undefined;
  for (const program of programsWithin(dockerfile, instruction)) {
    const row = rowOf(program.command);
    if (!row) continue;
    const { command, instruction: inner } = program;
    const call = { command, instruction: inner, words: wordsOf(command) };
    groups ??= new Map();
    const same = groups.get(row);
    if (same) same.push(call);
    else groups.set(row, [call]);
  }
  return groups === undefined
    ? NO_USES
    : [...groups].flatMap(([row, calls]) => useOf(dockerfile, instruction, row, calls) ?? []);
});

const NO_USES: readonly Use[] = [];

function useOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  row: CacheRow,
  calls: readonly CacheCall[],
): Use | undefined {
  const first = calls.find(({ words }) => row.downloads.test(words));
  const program = first ?? calls.find(({ words }) => row.uses?.test(words));
  if (!program) return undefined;
  const { command } = program;
  const around = surroundingsOf(dockerfile, instruction, command);
  const targets = around ? row.targets(around) : "it runs as a user whose home folder and number only the image knows";
  const mounts = mountsOf(dockerfile, instruction);
  const caches = mounts.filter(({ type }) => type === "cache" || type === "tmpfs");
  const mounted =
    caches.some(({ target, hidden }) => hidden || row.like.test(target ?? "")) ||
    (typeof targets !== "string" && targets.length > 0 && targets.every((target) => isCached(mounts, target)));
  const kept = mounted
    ? caches
        .filter(({ type }) => type === "cache")
        .map(({ target }) => target)
        .filter((target) => target !== undefined)
    : targets;
  const { moved } = row;
  const use = { row, instruction, program, targets, mounted, downloads: first !== undefined };
  const obstacles = obstaclesOf(dockerfile, use, calls, kept);
  return {
    ...use,
    end: endOf(command, row),
    elsewhere:
      moved !== undefined && calls.some(({ command: { args } }) => args.some(({ value }) => moved.test(value))),
    obstacles,
    drops: () =>
      removeCommands(
        dockerfile,
        obstacles.flatMap(({ drop }) => drop ?? []),
      ),
    edits: () => (around ? mountEdits(dockerfile, use, around, calls) : mounted ? [] : NO_HOME),
  };
}

/** The end of the first word that says what is done. */
const endOf = ({ args, span, nameWord }: ShellCommand, { programs }: CacheRow): number => {
  const isPip = programs.includes("pip");
  const word = args.find(
    ({ value }) => !value.startsWith("-") && !value.startsWith("+") && !(isPip && value === "pip"),
  );
  return (word ?? nameWord)?.span.end ?? span.end;
};

function surroundingsOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  command: ShellCommand,
): Surroundings | undefined {
  const builder = builderAt(dockerfile, instruction);
  if (!builder || command.wrappers.includes("sudo")) return undefined;
  const get = (name: string): string | undefined =>
    command.assignments.find((each) => each.name === name)?.value ??
    settingBefore(dockerfile, instruction, name)?.value;
  const options = command.args.map(({ value }) => value);
  return { builder, get, yarn: command.name === "yarn" ? yarnOf(dockerfile, instruction, options) : "first" };
}

function mountEdits(
  dockerfile: Dockerfile,
  {
    row,
    instruction,
    program,
    targets,
    mounted,
    downloads,
  }: Omit<Use, "end" | "elsewhere" | "obstacles" | "drops" | "edits">,
  around: Surroundings,
  calls: readonly CacheCall[],
): readonly Edit[] | string {
  if (mounted) return [];
  if (typeof targets === "string") return targets;
  if (targets.some((target) => !/^\/[\w./@+-]+$/.test(target))) return "a variable decides where the folder is";
  const folder = workdirAt(dockerfile, instruction);
  const over = folder === undefined ? undefined : targets.find((target) => isWithin(folder, target));
  if (over !== undefined)
    return `the cache is ${over}, and a mount would hide the files that the command works on there`;
  const id = row.byPlatform ? platformOf(dockerfile, instruction) : "";
  if (id === undefined)
    return "the file builds for several platforms: declare ARG TARGETARCH in this stage, so that each can have a cache of its own";
  const rest = `${row.locked ? ",sharing=locked" : ""}${around.builder.owner}`;
  const mounts = targets.map((target) => {
    const own = id === "" ? "" : `,id=${target.slice(1).replaceAll("/", "-")}-$${id}`;
    return ` --mount=type=cache${own},target=${target}${rest}`;
  });
  const edits = [insert(instruction.flags.at(-1)?.span.end ?? instruction.keyword.span.end, mounts.join(""))];
  if (row.tool === "apt" && downloads && !isUnhooked(dockerfile, instruction)) {
    const edit = keepDownloads(dockerfile, instruction, calls);
    if (!edit) return `the script's beginning is no place for one more command: add ${KEEP_DOWNLOADS} by hand first`;
    edits.push(edit);
  }
  const assign = row.assign?.(around);
  if (assign === undefined) return edits;
  const at = program.command.nameWord?.span.start;
  if (program.instruction.json || program.command.wrappers.length > 0 || at === undefined)
    return `set ${assign} with ENV first`;
  return [...edits, insert(at, `${assign} `)];
}

/** The variable that names the platform in a mount's id; empty when the file is for one platform, undefined when it is not declared. */
function platformOf(dockerfile: Dockerfile, instruction: Instruction): string | undefined {
  if (!mentionsPlatforms(dockerfile).yes) return "";
  return ["TARGETARCH", "TARGETPLATFORM"].find((name) => settingBefore(dockerfile, instruction, name) !== undefined);
}

const mentionsPlatforms = perDocument(({ text }) => ({ yes: /\bTARGET(?:ARCH|PLATFORM|VARIANT)\b/.test(text) }));
