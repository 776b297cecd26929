/** A stage's instructions with what is in force at each, and what each of their commands reads and writes. */
import { builderAt } from "../caches.ts";
import { type Download, downloadsOf } from "../downloads.ts";
import { environmentAt, namesIn } from "../environment.ts";
import { knownBase } from "../bases.ts";
import { isSystemManager } from "../managers.ts";
import { perDocument } from "../memo.ts";
import type { Dockerfile, Instruction, Stage } from "../model.ts";
import { mountsOf } from "../mounts.ts";
import { type Program, programsWithin } from "../programs.ts";
import { scopeAt } from "../scope.ts";
import { isPosixShell, scriptsOf, type ShellCommand } from "../shell.ts";
import { shellAt } from "../shell-instruction.ts";
import { lineage, rootBase, sourceStage } from "../stages.ts";
import { type SystemCall, systemCalls } from "../system-packages.ts";
import { hidden, type Value } from "../variables.ts";
import { unquote } from "../words.ts";
import { type Around, patternOf } from "./around.ts";
import { type Call, callOf, type Outcome, pathOf, placesOf } from "./call.ts";
import { launched, outcomeOf, rowOf } from "./commands/index.ts";
import { INSTALLERS } from "./commands/downloads.ts";
import { systemOutcome } from "./commands/system.ts";
import { copyOutcome } from "./copying.ts";
import type { Effect, Lost } from "./effect.ts";
import { FROM_SCRATCH, type Inherited, inheritedFrom } from "./inherited.ts";
import { everythingBelow, files, folderOf, overlap, pathFrom, type Place, type Places } from "./place.ts";
import {
  assign,
  forked,
  moveFolder,
  pathFolders,
  settle,
  shellStarts,
  type ShellState,
  statesOf,
} from "./shell-state.ts";

/** What holds at the end of a stage, which those built on it begin with. */
export interface StageEnd {
  /** A pattern; `/**` where nobody knows it. */
  readonly folder: string;
  readonly path: readonly string[];
  /** Folders that a VOLUME of the base or of the file keeps out of the layers of other builders; patterns. */
  readonly volumes: readonly { readonly path: string; readonly inherited: boolean }[];
  readonly inherited: Inherited;
}

/** What an instruction finds; for variables see scope.ts, for the shell shell-instruction.ts. */
export interface InForce {
  /** The working folder; a pattern. */
  readonly folder: string;
  /** Who runs it, as USER last named it; undefined when the base image or a variable decides. */
  readonly user: string | undefined;
  /** Folders of PATH, first first; patterns. */
  readonly path: readonly string[];
}

export interface StageFlow {
  readonly stage: Stage;
  /** By instruction, FROM left out. */
  readonly inForce: ReadonlyMap<Instruction, InForce>;
  /** In order; none for FROM. */
  readonly effects: readonly Effect[];
  readonly end: StageEnd;
}

/** The flow of every stage. */
export const flowOf = perDocument((dockerfile): readonly StageFlow[] => {
  const flows: Walked[] = [];
  for (const stage of dockerfile.stages) flows.push(walkStage(dockerfile, stage, flows));
  return flows;
});

/** The effects that make the stage's image, those of the stages below it first. */
export const effectsOf = (dockerfile: Dockerfile, stage: Stage): readonly Effect[] =>
  lineage(dockerfile, stage).flatMap(({ index }) => flowOf(dockerfile)[index]?.effects ?? []);

interface Walked extends StageFlow {
  readonly stand: Stand;
  /** Worked out when a COPY asks. */
  readonly made: () => ReadonlySet<string>;
}

/** What changes from instruction to instruction. */
interface Stand {
  folder: string;
  path: readonly string[];
  volumes: StageEnd["volumes"];
  /** Folders of virtual environments. */
  venvs: readonly string[];
  /** Who runs what comes next, as USER last named it; undefined when the base image or a variable decides. */
  user: string | undefined;
  /** Home folders of accounts the file makes. */
  homes: ReadonlyMap<string, string>;
  /** Files that were downloaded, and from where. */
  readonly downloaded: Map<string, string>;
}

function walkStage(dockerfile: Dockerfile, stage: Stage, before: readonly Walked[]): Walked {
  const base = rootBase(dockerfile, stage);
  const inherited = base.kind === "scratch" ? FROM_SCRATCH : inheritedFrom(base.kind === "image" ? base.reference : "");
  const parent = stage.base.kind === "stage" ? before[stage.base.stage]?.stand : undefined;
  const stand: Stand = parent
    ? { ...parent, downloaded: new Map(parent.downloaded) }
    : {
        folder: inherited.folder ?? "/**",
        path: inherited.path,
        volumes: inherited.volumes.map((path) => ({ path, inherited: true })),
        venvs: [],
        user: undefined,
        homes: new Map(),
        downloaded: new Map(),
      };
  const image =
    base.kind === "scratch" ? "scratch" : base.kind === "image" ? knownBase(base.reference)?.name : undefined;
  const walk: Walk = {
    dockerfile,
    stage,
    inherited,
    image,
    downloads: downloadsByCommand(dockerfile),
    stand,
    before,
  };
  const inForce = new Map<Instruction, InForce>();
  const effects = stage.instructions.flatMap((instruction) => {
    if (instruction === stage.from) return [];
    inForce.set(instruction, { folder: stand.folder, user: stand.user, path: stand.path });
    return effectsAt(walk, instruction);
  });
  let made: ReadonlySet<string> | undefined;
  return {
    stage,
    inForce,
    effects,
    end: { folder: stand.folder, path: stand.path, volumes: stand.volumes, inherited },
    stand,
    made: () => (made ??= madeFiles(effects)),
  };
}

interface Walk {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  readonly inherited: Inherited;
  readonly image: string | undefined;
  /** By where they stand: what is in a `sh -c "$(…)"` is found twice. */
  readonly downloads: ReadonlyMap<number, Download>;
  readonly stand: Stand;
  readonly before: readonly Walked[];
}

const downloadsByCommand = perDocument(
  (dockerfile): ReadonlyMap<number, Download> =>
    new Map(downloadsOf(dockerfile).map((download) => [download.command.span.start, download])),
);

const METADATA: ReadonlySet<string> = new Set(
  "CMD ENTRYPOINT LABEL EXPOSE STOPSIGNAL HEALTHCHECK SHELL MAINTAINER ONBUILD".split(" "),
);

function effectsAt(walk: Walk, instruction: Instruction): readonly Effect[] {
  const { dockerfile, stand } = walk;
  const get = variablesAt(walk, instruction);
  const variables = variablesIn(dockerfile, instruction);
  const one = (outcome: Outcome): readonly Effect[] => [
    effect(instruction, undefined, {
      ...outcome,
      reads: outcome.reads === "anything" ? outcome.reads : [...variables, ...outcome.reads],
    }),
  ];
  const metadata = (writes: readonly Place[], reads: readonly Place[] = []): readonly Effect[] =>
    one({ does: "metadata", reads, writes });
  const word = (): string => patternOf(unquote(instruction.args.text, dockerfile.escape), get).text;
  switch (instruction.name) {
    case "RUN":
      return runEffects(walk, instruction, get, variables);
    case "COPY":
    case "ADD":
      return one(copied(walk, instruction, get));
    case "WORKDIR": {
      if (instruction.args.text === "") return metadata([]);
      const written = word();
      stand.folder = pathFrom(written.startsWith("**") ? "/" : stand.folder, written);
      return metadata([files(stand.folder)]);
    }
    case "ENV":
    case "ARG": {
      const path =
        instruction.name === "ENV" ? instruction.pairs.find(({ key }) => key.text === "PATH")?.value : undefined;
      if (path) stand.path = pathFolders(unquote(path.text, dockerfile.escape), stand.path, stand.folder, get);
      return metadata(
        instruction.pairs.map(({ key }) => ({ kind: "variable", name: unquote(key.text, dockerfile.escape) })),
      );
    }
    case "USER": {
      const user = word().split(":")[0] ?? "";
      stand.user = user === "" || user.includes("*") ? undefined : user;
      return metadata([], userPlaces(word()));
    }
    case "VOLUME": {
      const paths = instruction.words.map(({ text }) =>
        pathFrom(stand.folder, patternOf(instruction.json ? text : unquote(text, dockerfile.escape), get).text),
      );
      stand.volumes = [...stand.volumes, ...paths.map((path) => ({ path, inherited: false }))];
      return metadata(paths.map((path) => files(path)));
    }
    default:
      return METADATA.has(instruction.name)
        ? metadata([])
        : one(unknownOutcome(`${instruction.name === "" ? "the line" : instruction.name} is no instruction`));
  }
}

function copied({ dockerfile, stand, before }: Walk, instruction: Instruction, get: (name: string) => Value): Outcome {
  const makesFile = (stage: number, path: string): boolean => before[stage]?.made().has(path) ?? false;
  const outcome = copyOutcome(dockerfile, instruction, { folder: stand.folder, get, makesFile });
  // A virtual environment stays one.
  const isVenv = (place: Place): boolean =>
    place.kind === "files" &&
    typeof place.realm === "number" &&
    (before[place.realm]?.stand.venvs.includes(folderOf(place.pattern) ?? "") ?? false);
  if (outcome.reads !== "anything" && outcome.writes !== "anything" && outcome.reads.some(isVenv))
    stand.venvs = [
      ...stand.venvs,
      ...outcome.writes.flatMap((place) => (place.kind === "files" ? (folderOf(place.pattern) ?? []) : [])),
    ];
  return outcome;
}

/** Folders are made by other means than files. */
const MAKES_FOLDERS: ReadonlySet<string> = new Set(["mkdir", "install", "mktemp"]);

/** The single files that a stage's commands write, as far as they are named. */
function madeFiles(effects: readonly Effect[]): ReadonlySet<string> {
  const made = new Set<string>();
  for (const { command, instruction, writes } of effects) {
    if (writes === "anything" || instruction.name === "WORKDIR" || instruction.name === "VOLUME") continue;
    if (MAKES_FOLDERS.has(command?.name ?? "")) continue;
    for (const place of writes) if (place.kind === "files" && !place.pattern.includes("*")) made.add(place.pattern);
  }
  return made;
}

const userPlaces = (user: string): readonly Place[] =>
  user
    .split(":")
    .flatMap((name): Place[] =>
      /^[A-Za-z_][\w.-]*$/.test(name) && name !== "root" ? [{ kind: "account", name }] : [],
    );

/** The file's own variables that an instruction names. */
function variablesIn(dockerfile: Dockerfile, instruction: Instruction): readonly Place[] {
  const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
  if (!text.includes("$")) return [];
  const { set } = environmentAt(dockerfile, instruction);
  const heredocs = instruction.heredocs.map(({ body }) => dockerfile.text.slice(body.start, body.end));
  const names = [instruction.logical.text, ...heredocs].flatMap((each) =>
    namesIn(each.replaceAll("'", " "), dockerfile.escape),
  );
  return [...new Set(names)].filter((name) => set.has(name)).map((name) => ({ kind: "variable", name }));
}

/** A variable's value before the shell has a word in it: the file's, else the base image's. */
function variablesAt({ dockerfile, inherited }: Walk, instruction: Instruction): (name: string) => Value {
  const scope = scopeAt(dockerfile, instruction);
  const { set } = environmentAt(dockerfile, instruction);
  return (name) =>
    !set.has(name) && Object.hasOwn(inherited.variables, name) ? inherited.variables[name] : scope.get(name);
}

const unknownOutcome = (unknown: string): Outcome => ({
  does: "unknown",
  reads: "anything",
  writes: "anything",
  unknown,
});
const quiet: Outcome = { does: "nothing", reads: [], writes: [] };

function effect(
  instruction: Instruction,
  command: ShellCommand | undefined,
  outcome: Outcome,
  lost: readonly Lost[] = [],
): Effect {
  return {
    instruction,
    command,
    does: outcome.does,
    reads: outcome.reads,
    writes: outcome.writes,
    usual: outcome.usual ?? false,
    conditional: command !== undefined && (command.conditional || command.joinedBy === "||"),
    lost,
    unknown: outcome.unknown,
  };
}

// RUN

/** A RUN's mount: what is written below it stays out of the layer, what is read there comes from elsewhere. */
interface Mounted {
  readonly target: string;
  readonly to: Lost["to"];
  readonly source: Place | undefined;
}

function mountedAt({ dockerfile, stand }: Walk, run: Instruction, get: (name: string) => Value): readonly Mounted[] {
  return mountsOf(dockerfile, run).flatMap(({ type, target, source, flag }): Mounted[] => {
    const field = (...keys: string[]): string | undefined => flag.fields.find(({ key }) => keys.includes(key))?.value;
    const written = field("target", "dst", "destination");
    if (written === undefined || (type !== "cache" && type !== "tmpfs" && type !== "bind")) return [];
    const path =
      target ??
      (patternOf(written, get).text.startsWith("**") ? "/**" : pathFrom(stand.folder, patternOf(written, get).text));
    if (type !== "bind") return [{ target: path, to: `${type} mount`, source: undefined }];
    const from = field("from");
    const stage = from === undefined ? undefined : sourceStage(dockerfile, run.stage, from, false);
    const realm = from === undefined ? "context" : (stage?.index ?? "elsewhere");
    const clean = pathFrom("/", source ?? ".");
    const pattern = everythingBelow(realm === "context" ? clean.slice(1) : clean);
    return [{ target: path, to: "bind mount", source: files(pattern, realm) }];
  });
}

function runEffects(
  walk: Walk,
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

interface Runner {
  readonly walk: Walk;
  readonly run: Instruction;
  readonly get: (name: string) => Value;
  readonly functions: ReadonlySet<string>;
  readonly systems: ReadonlyMap<ShellCommand, SystemCall>;
  /** By the instruction a command stands in: `sh -c "…"` is one of its own. */
  readonly states: Map<Instruction, ReturnType<typeof statesOf>>;
  readonly start: ShellState;
  readonly programs: readonly Program[];
  /** What the last curl or wget fetched. */
  fetched: string | undefined;
}

function mounted(made: Effect, mounts: readonly Mounted[], volumes: StageEnd["volumes"]): Effect {
  if (mounts.length === 0 && volumes.length === 0) return made;
  const writes = made.writes === "anything" ? [] : made.writes;
  const lost = [
    ...mounts.map(({ target, to }) => ({ target, to })),
    ...volumes.map(({ path }) => ({ target: path, to: "volume" as const })),
  ].flatMap(({ target, to }) => {
    const folder = files(everythingBelow(target));
    return writes
      .filter((place) => place.kind === "files" && isInto(place, folder))
      .map((place): Lost => ({ place, to }));
  });
  const sources = mounts.flatMap(({ target, source }) =>
    source && (made.reads === "anything" || made.reads.some((place) => overlap(place, files(everythingBelow(target)))))
      ? [source]
      : [],
  );
  const reads: Places = made.reads === "anything" ? made.reads : [...made.reads, ...sources];
  return { ...made, reads, lost };
}

/** What is written is, or may be, below the folder; a folder above it is not lost with it. */
function isInto(place: Place, folder: Place): boolean {
  if (!overlap(place, folder) || place.kind !== "files" || folder.kind !== "files") return false;
  const own = folderOf(place.pattern);
  const target = folderOf(folder.pattern);
  return own === undefined || target === undefined || own === target || own.startsWith(`${target}/`) || target === "/";
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

function homeAt({ dockerfile, stand }: Walk, run: Instruction, state: ShellState): string {
  const changed = state.variables.get("HOME");
  if (typeof changed === "string") return pathFrom("/", changed);
  const builder = builderAt(dockerfile, run);
  if (builder) return builder.home;
  return (stand.user !== undefined && stand.homes.get(stand.user)) || "/**";
}

const SHELLS: ReadonlySet<string> = new Set("sh bash ash dash zsh ksh busybox".split(" "));
const INTERPRETERS = /^(?:(?:ba|da|a|z|k)?sh|python[\d.]*|php[\d.]*|node|perl|ruby)$/;

function programOutcome(
  runner: Runner,
  { command, instruction }: Program,
  state: ShellState,
  around_: Around,
  next: ShellCommand | undefined,
): Outcome {
  const { walk, functions, systems, programs } = runner;
  const system = systems.get(command);
  if (system) return systemOutcome(system, around_);
  const named = command.name === undefined ? withName(command, around_.get) : command;
  if (named.name === undefined)
    return fetchedScript(runner, named, around_) ?? unknownOutcome("a variable or a command decides what it starts");
  if (functions.has(named.name)) return quiet;
  const download = named.name === "curl" || named.name === "wget" ? walk.downloads.get(command.span.start) : undefined;
  if (download) return downloadOutcome(runner, download, around_);
  if (isSystemManager(named.name)) return quiet;
  if (named.name === "." || named.name === "source") return sourced(state, named, around_);
  if (named.name === "eval") return evaluated(named);
  if (named.name === "xargs") return startedByXargs(runner, named, around_, next);
  const installer = installerOf(runner, named, around_);
  if (installer) return installer;
  if (SHELLS.has(named.name)) {
    const inner = programs.some(
      (each) =>
        each.instruction !== instruction &&
        each.command.span.start >= command.span.start &&
        each.command.span.end <= command.span.end,
    );
    const heredoc = command.redirections.some(({ operator }) => operator === "<<" || operator === "<<-");
    if (inner || (heredoc && named.args.every(({ value }) => value.startsWith("-")))) return quiet;
    const script = named.args.find(({ value }) => !value.startsWith("-"));
    if (named.args.some(({ value }) => value === "--version")) return quiet;
    return unknownOutcome(script ? `it runs ${script.value}` : "it runs what it is given");
  }
  return known(walk, named, around_);
}

/** By the tables. */
function known(walk: Walk, command: ShellCommand, around_: Around): Outcome {
  const started = launched(command);
  const row = rowOf(started);
  const path = started.nameWord?.value ?? "";
  if (started.args.length === 1 && ASKS.test(started.args[0]?.value ?? "")) return quiet;
  if (!row || started.name === undefined) {
    const what = path === "" ? "what it starts" : path;
    return unknownOutcome(`${what} is no program whose work is known`);
  }
  const call = callOf(started, row, around_);
  const outcome = outcomeOf(call);
  if (!outcome) return unknownOutcome(`this use of ${started.name} is not known`);
  if (outcome.does !== "nothing" && isDecidedByCommand(call, outcome))
    return unknownOutcome(`a command decides what ${started.name} works on`);
  if (makesVenv(started, call) && outcome.writes !== "anything")
    walk.stand.venvs = [
      ...walk.stand.venvs,
      ...outcome.writes.flatMap((place) => (place.kind === "files" ? (folderOf(place.pattern) ?? []) : [])),
    ];
  return outcome;
}

/** What every program answers, and does nothing else. */
const ASKS = /^(?:--?version|--help|-V|version)$/;

const makesVenv = ({ name }: ShellCommand, { command }: Call): boolean =>
  name === "venv" || name === "virtualenv" || (name === "uv" && command.args[0]?.value === "venv");

/** `cp $(which x) /y`. */
const isDecidedByCommand = ({ operands }: Call, { reads, writes }: Outcome): boolean =>
  operands.some(({ text, value }) => value.startsWith("**") && /\$\(|`/.test(text)) &&
  [reads, writes].some(
    (places) =>
      places !== "anything" && places.some((place) => place.kind === "files" && place.pattern.startsWith("/**")),
  );

/** `$CMD install`, where the file says what CMD is. */
function withName(command: ShellCommand, get: (name: string) => Value): ShellCommand {
  const word = command.nameWord;
  if (!word) return command;
  const { text, known: isKnown } = patternOf(word.value, get);
  const [first = "", ...rest] = text.trim().split(/\s+/);
  // `"$VENV/bin/pip"`: the folder may be hidden, the name is not.
  const name = first.slice(first.lastIndexOf("/") + 1);
  if (name === "" || name.includes("*") || (!isKnown && !first.includes("/"))) return command;
  const more = rest.map((value) => ({ ...word, value, text: value, literal: true }));
  return { ...command, name, nameWord: { ...word, value: first }, args: [...more, ...command.args] };
}

function downloadOutcome(runner: Runner, download: Download, around_: Around): Outcome {
  const { stand } = runner.walk;
  const urls = download.urls.map(({ url }) => url);
  runner.fetched = urls[0];
  const call = plainCall(download.command, around_);
  const { text } = patternOf(download.file ?? "", around_.get);
  if (download.file === undefined) {
    const to = download.command.redirections.find(({ operator, file }) => file && operator.includes(">"))?.file;
    if (to && urls[0] !== undefined) stand.downloaded.set(pathOf(call, patternOf(to.value, around_.get).text), urls[0]);
    return quiet;
  }
  const file = text === "" ? pathFrom(around_.folder, "*") : pathOf(call, text);
  if (urls[0] !== undefined) stand.downloaded.set(file, urls[0]);
  const folder = urls.length > 1 ? [files(pathFrom(pathFrom(file, ".."), "*"))] : [];
  return { does: "download", reads: [], writes: [files(file), ...folder] };
}

/** A well-known installer: piped to a shell, or downloaded and then run. */
function installerOf(runner: Runner, command: ShellCommand, around_: Around): Outcome | undefined {
  const { name = "", nameWord, args } = command;
  const interpreted = INTERPRETERS.test(name);
  const script = interpreted ? args.find(({ value }) => !value.startsWith("-"))?.value : nameWord?.value;
  const piped =
    interpreted &&
    command.isolated &&
    (script === undefined || args.some(({ value }) => value === "-s" || value === "-"));
  if (piped) return runner.fetched === undefined ? undefined : installation(runner.fetched, command, around_, []);
  if (script === undefined) return undefined;
  const path = pathFrom(around_.folder, patternOf(script, around_.get).text);
  const url = runner.walk.stand.downloaded.get(path);
  if (url === undefined) return undefined;
  // A program of the tables that was downloaded is what the tables say.
  if (!interpreted && rowOf(command)) return undefined;
  return installation(url, command, around_, [files(path)]);
}

/** `sh -c "$(curl …)"`: what is fetched is the script. */
function fetchedScript(
  { programs, walk }: Runner,
  { nameWord, span }: ShellCommand,
  around_: Around,
): Outcome | undefined {
  if (!nameWord || !/^["']?\$\((?:curl|wget)\b/.test(nameWord.text)) return undefined;
  const inner = programs.find(
    ({ command }) =>
      command.span.start > span.start && command.span.end <= span.end && walk.downloads.has(command.span.start),
  );
  const url = inner && walk.downloads.get(inner.command.span.start)?.urls[0]?.url;
  return url === undefined || !inner ? undefined : installation(url, inner.command, around_, []);
}

function installation(url: string, command: ShellCommand, around_: Around, reads: readonly Place[]): Outcome {
  const found = INSTALLERS.find((each) => each.url.test(url));
  if (!found) return unknownOutcome(`it runs what ${url} gives`);
  return { does: found.does, reads, writes: placesOf(plainCall(command, around_), found.writes), usual: true };
}

/** A call without words, for places that no word names. */
const plainCall = (command: ShellCommand, around_: Around): Call =>
  callOf({ ...command, args: [] }, { programs: "", acts: {} }, around_);

/** Files that set variables and define functions, and change nothing else. */
const HARMLESS =
  /(?:^|\/)(?:os-release|lsb-release|activate|env|nvm\.sh|profile|\.profile|\.bashrc|bashrc|envvars|environment|\.env|ghcup-env|setup\.bash|\.sdkman.*|sdkman-init\.sh|rvm|conda\.sh|cargo\/env)$/;

function sourced(state: ShellState, command: ShellCommand, around_: Around): Outcome {
  const word = command.args[0];
  if (!word) return quiet;
  const { text, known: isKnown } = patternOf(word.value, around_.get);
  const path = text.startsWith("~/") ? pathFrom(around_.home, text.slice(2)) : pathFrom(around_.folder, text);
  if (!HARMLESS.test(path)) return unknownOutcome(`it runs ${word.value}`);
  const venv = /^(.*)\/bin\/activate$/.exec(path)?.[1];
  if (venv !== undefined) {
    state.variables.set("VIRTUAL_ENV", isKnown ? venv : hidden);
    state.path = [`${venv}/bin`, ...state.path];
  }
  return { does: "nothing", reads: [files(path)], writes: [] };
}

/** `eval "$(dpkg-buildflags)"`: sets variables, in all that people write. */
const evaluated = ({ args }: ShellCommand): Outcome =>
  args.every(({ value }) => /^\$\((?:[^()]*)\)$/.test(value) && !/curl|wget/.test(value))
    ? quiet
    : unknownOutcome("eval runs a text that is put together first");

const XARGS_VALUES: ReadonlySet<string> = new Set([
  "-n",
  "-P",
  "-I",
  "-L",
  "-d",
  "-s",
  "-E",
  "-a",
  "--max-args",
  "--max-procs",
  "--delimiter",
]);

function startedByXargs(
  runner: Runner,
  command: ShellCommand,
  around_: Around,
  next: ShellCommand | undefined,
): Outcome {
  // Package managers have an entry of their own.
  if (next?.wrappers.at(-1) === "xargs" && next.span.end === command.span.end) return quiet;
  let at = 0;
  for (; at < command.args.length; at++) {
    const value = command.args[at]?.value ?? "";
    if (XARGS_VALUES.has(value)) at++;
    else if (!value.startsWith("-")) break;
  }
  const nameWord = command.args[at];
  if (!nameWord) return quiet;
  const value = nameWord.value;
  const inner: ShellCommand = {
    ...command,
    name: nameWord.literal ? value.slice(value.lastIndexOf("/") + 1) : undefined,
    nameWord,
    // What comes from the input are operands nobody knows.
    args: [...command.args.slice(at + 1), { ...nameWord, text: '"input"', value: "**/**", literal: true }],
  };
  if (inner.name !== undefined && SHELLS.has(inner.name)) return unknownOutcome("xargs starts a shell");
  return known(runner.walk, inner, around_);
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
