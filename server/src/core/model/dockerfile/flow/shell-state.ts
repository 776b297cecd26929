/** What the commands of one RUN do to their shell: its folder and its variables, in every subshell. */
import type { ShellCommand, Subshell } from "../shell.ts";
import { hidden, type Value } from "../variables.ts";
import { patternOf, shellGlob } from "./around.ts";
import { pathFrom } from "./place.ts";

/** Changed as the commands are gone through; a subshell has a copy. */
export interface ShellState {
  folder: string;
  previous: string;
  readonly stack: string[];
  readonly variables: Map<string, Value>;
  /** Folders of PATH. */
  path: readonly string[];
  /** A `cd` that may not have happened: behind the construct it stands in nobody knows the folder. */
  doubtful: boolean;
}

export const shellStarts = (folder: string, path: readonly string[]): ShellState => ({
  folder,
  previous: folder,
  stack: [],
  variables: new Map(),
  path,
  doubtful: false,
});

export const forked = (state: ShellState): ShellState => ({
  ...state,
  stack: [...state.stack],
  variables: new Map(state.variables),
});

/** The states of a script's shells, each begun as a copy of the one around it. */
export function statesOf(start: ShellState): (subshell: Subshell | undefined) => ShellState {
  const known = new Map<Subshell, ShellState>();
  const of = (subshell: Subshell | undefined): ShellState => {
    if (subshell === undefined) return start;
    const before = known.get(subshell);
    if (before) return before;
    const made = forked(of(subshell.parent));
    known.set(subshell, made);
    return made;
  };
  return of;
}

const UNKNOWN_FOLDER = "/**";

/** Before a command is read: what an earlier construct left in doubt. */
export function settle(state: ShellState, { conditional }: ShellCommand): void {
  if (!state.doubtful || conditional) return;
  state.folder = UNKNOWN_FOLDER;
  state.doubtful = false;
}

/** Variables a command on its own, `export`, `read` and the like set; and those that go away. */
export function assign(state: ShellState, command: ShellCommand, get: (name: string) => Value): void {
  const sure = !command.conditional && command.joinedBy !== "||";
  const set = (name: string, written: string): void => {
    const { text, known } = patternOf(written, get);
    if (name === "PATH") state.path = pathFolders(written, state.path, state.folder, get);
    state.variables.set(name, sure && known ? text : hidden);
  };
  if (command.name === undefined && command.nameWord === undefined)
    for (const { name, value } of command.assignments) set(name, value);
  if (command.name === undefined || !SETTERS.has(command.name)) return;
  for (const { value } of command.args) {
    const found = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(value);
    if (!found?.[1]) continue;
    if (command.name === "unset") state.variables.set(found[1], sure ? undefined : hidden);
    else if (command.name === "read" || command.name === "getopts") state.variables.set(found[1], hidden);
    else if (found[2] !== undefined) set(found[1], found[2]);
  }
}

const SETTERS: ReadonlySet<string> = new Set([
  "export",
  "local",
  "declare",
  "typeset",
  "readonly",
  "unset",
  "read",
  "getopts",
]);

/** `cd`, `pushd`, `popd`. */
export function moveFolder(state: ShellState, command: ShellCommand, home: string, get: (name: string) => Value): void {
  const { name } = command;
  if (name !== "cd" && name !== "pushd" && name !== "popd") return;
  const target = command.args.find(({ value }) => !/^-[LPe@]/.test(value) && value !== "--");
  const before = state.folder;
  if (name === "pushd") state.stack.push(before);
  const written = target && patternOf(target.value, get).text;
  const to =
    name === "popd"
      ? (state.stack.pop() ?? UNKNOWN_FOLDER)
      : written === undefined || written === "~"
        ? home
        : written === "-"
          ? state.previous
          : written.startsWith("~/")
            ? pathFrom(home, written.slice(2))
            : // What begins with something unknown may begin with a slash.
              pathFrom(written.startsWith("**") ? "/" : before, shellGlob(written));
  state.folder = command.joinedBy === "||" ? UNKNOWN_FOLDER : to;
  state.previous = before;
  if (command.conditional) state.doubtful = true;
}

/** The folders of a PATH: what it was stands where it names itself. */
export const pathFolders = (
  written: string,
  before: readonly string[],
  folder: string,
  get: (name: string) => Value,
): readonly string[] =>
  written.split(":").flatMap((part) => {
    if (/^\$(?:PATH|\{PATH\})$/.test(part)) return before;
    return part === "" ? [] : [pathFrom(folder, patternOf(part, get).text)];
  });
