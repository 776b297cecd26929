/** The commands of a RUN, with the folder, the variables and the home folder each of them has. */
import { builderAt } from "../caches.ts";
import { environmentAt } from "../environment.ts";
import type { Instruction, Stage } from "../model.ts";
import { type Program, programsWithin } from "../programs.ts";
import { isPosixShell, scriptsOf, type ShellCommand } from "../shell.ts";
import { shellAt } from "../shell-instruction.ts";
import { systemCalls } from "../system-packages.ts";
import { hidden, type Value } from "../variables.ts";
import { type Around, patternOf } from "./around.ts";
import type { Outcome } from "./call.ts";
import type { Effect } from "./effect.ts";
import { files, folderOf, pathFrom, type Place } from "./place.ts";
import { assign, forked, moveFolder, settle, shellStarts, type ShellState, statesOf } from "./shell-state.ts";
import { effect, type Ground, unknownOutcome } from "./stand.ts";
import { quiet } from "./commands/acts.ts";
import { mounted, mountedAt } from "./mounted.ts";
import { programOutcome, type Runner } from "./started.ts";

export function runEffects(
  walk: Ground,
  run: Instruction,
  get: (name: string) => Value,
  variables: readonly Place[],
): readonly Effect[] {
  const { dockerfile, stand } = walk;
  const single = (unknown: string): readonly Effect[] => [effect(run, undefined, unknownOutcome(unknown))];
  if (!run.json) {
    const shell = shellAt(dockerfile, run).name;
    if (!isPosixShell(shell)) return single(`its shell is ${shell === "" ? "not known" : shell}`);
    const scripts = scriptsOf(dockerfile, run);
    if (scripts.length === 0 && run.args.text !== "") return single("its script is for no shell");
    if (scripts.some(({ broken }) => broken)) return single("the shell cannot read it, or we cannot");
  }
  const mounts = mountedAt(walk, run, get);
  const functions = new Set(run.json ? [] : scriptsOf(dockerfile, run).flatMap((script) => script.functions));
  const start = shellStarts(stand.folder, stand.path);
  const loops = run.json ? [] : scriptsOf(dockerfile, run).flatMap(({ loopVariables }) => loopVariables);
  for (const name of loops) start.variables.set(name, hidden);
  const runner: Runner = {
    walk,
    run,
    get,
    functions,
    systems: new Map(systemCalls(dockerfile, run).map((call) => [call.command, call])),
    states: new Map([[run, statesOf(start)]]),
    start,
    programs: programsWithin(dockerfile, run),
    fetched: undefined,
  };
  const effects: Effect[] = [];
  for (const [at, program] of runner.programs.entries()) {
    const outcome = commandOutcome(runner, program, at);
    if (outcome) effects.push(mounted(effect(run, program.command, outcome), mounts, stand.volumes));
  }
  const [first, ...rest] = effects;
  if (!first || variables.length === 0) return effects;
  // The words of a RUN are not told apart by command: its variables are the first one's.
  return [{ ...first, reads: first.reads === "anything" ? first.reads : [...variables, ...first.reads] }, ...rest];
}

const WRAPPERS: ReadonlySet<string> = new Set(
  "sudo doas env exec command time nohup nice ionice timeout eatmydata".split(" "),
);

/** Undefined for what another entry stands for. */
function commandOutcome(runner: Runner, program: Program, at: number): Outcome | undefined {
  const { walk, programs } = runner;
  const { stand } = walk;
  const { command, instruction } = program;
  const next = programs[at + 1]?.command;
  const isWrapped = (inner: ShellCommand | undefined, outer: ShellCommand): boolean =>
    inner !== undefined && inner.span.end === outer.span.end && inner.wrappers.length > outer.wrappers.length;
  if (command.name !== undefined && WRAPPERS.has(command.name) && isWrapped(next, command)) return undefined;
  // `command -v x` looks for x.
  if (command.wrappers.at(-1) === "command" && isLookup(programs, at)) return quiet;
  const state = stateOf(runner, instruction, command);
  settle(state, command);
  const before = around(runner, state, command);
  assign(state, command, before.get);
  moveFolder(state, command, before.home, before.get);
  const outcome = command.nameWord === undefined ? quiet : programOutcome(runner, program, state, before, next);
  if (outcome.does === "accounts") stand.homes = withHomes(stand.homes, outcome);
  return redirected(command, outcome, before);
}

/** The outer `command -v`. */
function isLookup(programs: readonly Program[], at: number): boolean {
  const outer = programs.slice(0, at).findLast(({ command }) => command.name === "command")?.command;
  return outer?.args[0] !== undefined && /^-[vV]/.test(outer.args[0].value);
}

function stateOf(runner: Runner, instruction: Instruction, command: ShellCommand): ShellState {
  let of = runner.states.get(instruction);
  if (!of) {
    of = statesOf(forked(runner.start));
    runner.states.set(instruction, of);
  }
  return of(command.subshell);
}

/** Home folders of new accounts, for commands that run as them. */
function withHomes(homes: ReadonlyMap<string, string>, { writes }: Outcome): ReadonlyMap<string, string> {
  if (writes === "anything") return homes;
  const folder = writes.flatMap((place) => (place.kind === "files" ? (folderOf(place.pattern) ?? []) : [])).at(0);
  const names = writes.flatMap((place) => (place.kind === "account" ? [place.name] : []));
  return new Map([...homes, ...names.map((name) => [name, folder ?? `/home/${name}`] as const)]);
}

function around({ walk, run, get }: Runner, state: ShellState, command: ShellCommand): Around {
  const { dockerfile, stand, image } = walk;
  const prefix = new Map<string, Value>(
    command.name === undefined ? [] : command.assignments.map(({ name, value }) => [name, literal(value)]),
  );
  const { set } = environmentAt(dockerfile, run);
  const lookup = (name: string): Value => {
    if (prefix.has(name)) return prefix.get(name);
    if (state.variables.has(name)) return state.variables.get(name);
    if (name === "PWD") return state.folder.includes("*") ? hidden : state.folder;
    if (name === "HOME" && !set.has("HOME")) return home.includes("*") ? hidden : home;
    return get(name);
  };
  const home = homeAt(walk, run, state);
  const activated = lookup("VIRTUAL_ENV");
  const inPath = state.path
    .filter((folder) => folder.endsWith("/bin"))
    .map((folder) => folder.slice(0, -"/bin".length))
    .find((folder) => stand.venvs.includes(folder));
  return {
    folder: state.folder,
    home,
    image,
    get: lookup,
    sets: (name) => prefix.has(name) || state.variables.has(name) || set.has(name),
    venv: typeof activated === "string" && activated !== "" ? pathFrom(state.folder, activated) : inPath,
    path: state.path,
  };
}

const literal = (value: string): Value => (/[$`]/.test(value) ? hidden : value);

function homeAt({ dockerfile, stand }: Ground, run: Instruction, state: ShellState): string {
  const changed = state.variables.get("HOME");
  if (typeof changed === "string") return pathFrom("/", changed);
  const builder = builderAt(dockerfile, run);
  if (builder) return builder.home;
  return (stand.user !== undefined && stand.homes.get(stand.user)) || "/**";
}

/** Of the user that the stage ends with. */
export function homeAtEnd(walk: Ground, stage: Stage): string {
  const last = stage.instructions.at(-1) ?? stage.from;
  return homeAt(walk, { ...last, index: last.index + 1 }, shellStarts(walk.stand.folder, walk.stand.path));
}

/** Files of redirections; what the call itself does stays what it is. */
function redirected(command: ShellCommand, outcome: Outcome, around_: Around): Outcome {
  if (command.redirections.length === 0) return outcome;
  const reads: Place[] = [];
  const writes: Place[] = [];
  for (const { operator, file } of command.redirections) {
    if (!file || /^(?:\d+|-)$/.test(file.value)) continue;
    const { text } = patternOf(file.value, around_.get);
    const path = text.startsWith("~/")
      ? pathFrom(around_.home, text.slice(2))
      : text.startsWith("**")
        ? "/**"
        : pathFrom(around_.folder, text);
    if (/^\/(?:dev|proc)\//.test(path)) continue;
    if (operator === "<" || operator === "<>" || operator === ">>") reads.push(files(path));
    if (operator !== "<") writes.push(files(path));
  }
  if (reads.length === 0 && writes.length === 0) return outcome;
  const does =
    outcome.does !== "nothing" || writes.length === 0
      ? outcome.does
      : command.name === "curl" || command.name === "wget"
        ? "download"
        : "files";
  return {
    ...outcome,
    does,
    reads: outcome.reads === "anything" ? outcome.reads : [...outcome.reads, ...reads],
    writes: outcome.writes === "anything" ? outcome.writes : [...outcome.writes, ...writes],
  };
}
