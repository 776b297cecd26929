/** What a command of a RUN starts: a program of the tables, a script, a download, an installer. */
import type { Download } from "../downloads.ts";
import { isSystemManager } from "../managers.ts";
import type { Instruction } from "../model.ts";
import type { Program } from "../programs.ts";
import type { ShellCommand } from "../shell.ts";
import type { SystemCall } from "../system-packages.ts";
import { hidden, type Value } from "../variables.ts";
import { type Around, patternOf } from "./around.ts";
import { type Call, callOf, type Outcome, pathOf, placesOf } from "./call.ts";
import { launched, outcomeOf, rowOf } from "./commands/index.ts";
import { INSTALLERS } from "./commands/downloads.ts";
import { systemOutcome } from "./commands/system.ts";
import { files, folderOf, pathFrom, type Place } from "./place.ts";
import { type ShellState, statesOf } from "./shell-state.ts";
import { type Ground, unknownOutcome } from "./stand.ts";
import { quiet } from "./commands/acts.ts";

export interface Runner {
  readonly walk: Ground;
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

const SHELLS: ReadonlySet<string> = new Set("sh bash ash dash zsh ksh busybox".split(" "));
const INTERPRETERS = /^(?:(?:ba|da|a|z|k)?sh|python[\d.]*|php[\d.]*|node|perl|ruby)$/;

export function programOutcome(
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
function known(walk: Ground, command: ShellCommand, around_: Around): Outcome {
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
