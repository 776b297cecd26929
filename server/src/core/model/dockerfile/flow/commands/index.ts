/** Every program the flow knows, and how a name on a line is found among them. */
import type { ShellCommand, ShellWord } from "../../shell.ts";
import type { Act, Call, Outcome, Row } from "../call.ts";
import { placesOf } from "../call.ts";
import { C } from "./c.ts";
import { DOTNET } from "./dotnet.ts";
import { DOWNLOADS } from "./downloads.ts";
import { ELIXIR } from "./elixir.ts";
import { FILES } from "./files.ts";
import { GO } from "./go.ts";
import { JVM } from "./jvm.ts";
import { NODE } from "./node.ts";
import { OTHERS } from "./others.ts";
import { PHP } from "./php.ts";
import { PYTHON } from "./python.ts";
import { RUBY } from "./ruby.ts";
import { RUST } from "./rust.ts";
import { SHELL } from "./shell.ts";
import { SYSTEM } from "./system.ts";

interface Found {
  readonly row: Row;
  /** By words joined with a blank. */
  readonly acts: ReadonlyMap<string, Row["acts"][string]>;
}

/** All tables; later ones do not replace what earlier ones say. */
export const ROWS: readonly Row[] = [
  ...SHELL,
  ...FILES,
  ...SYSTEM,
  ...DOWNLOADS,
  ...NODE,
  ...PYTHON,
  ...GO,
  ...RUST,
  ...JVM,
  ...DOTNET,
  ...C,
  ...RUBY,
  ...PHP,
  ...ELIXIR,
  ...OTHERS,
];

const byName: ReadonlyMap<string, Found> = (() => {
  const found = new Map<string, Found>();
  for (const row of ROWS) {
    const acts = new Map(
      Object.entries(row.acts).flatMap(([names, act]) => names.split("|").map((name) => [name, act] as const)),
    );
    for (const name of row.programs.split(" ")) if (!found.has(name)) found.set(name, { row, acts });
  }
  return found;
})();

/** `python3.12`, `pip3`, `gcc-13`, `clang++-18`, `php8.3`, `pypy3`, `ruby3.2`. */
const withoutVersion = (name: string): string => {
  const plain = /^(?:python|pypy|pip|php|pecl|ruby|gem|node|lua)(?=[\d.]+$)/.exec(name)?.[0];
  return (
    plain ??
    name
      .replace(/-(?:\d+(?:\.\d+)*|latest)$/, "")
      .replace(/^[\w.]+-linux-(?:gnu|musl)\w*-(?=gcc|g\+\+|strip|ar|ld)/, "")
  );
};

/** Folders from which a name means what it means on PATH. */
const SYSTEM_FOLDER = /(?:^|\/)s?bin\/[^/]+$/;

/** The row of a program; undefined for one nobody knows, or a script of the project's that happens to be called like one. */
export function rowOf({ name, nameWord }: ShellCommand): Row | undefined {
  return foundFor(name, nameWord)?.row;
}

function foundFor(name: string | undefined, nameWord: ShellWord | undefined): Found | undefined {
  if (name === undefined) return undefined;
  const found = byName.get(name) ?? byName.get(withoutVersion(name));
  const path = nameWord?.value ?? name;
  if (!found || !path.includes("/")) return found;
  return found.row.local === true || (path.startsWith("/") && SYSTEM_FOLDER.test(path)) || SCRIPTS_FOLDER.test(path)
    ? found
    : undefined;
}

/** Programs that a package manager or an environment has put there. */
const SCRIPTS_FOLDER = /(?:^|\/)(?:node_modules\/\.bin|vendor\/bin|\.?venv\/bin|env\/bin)\/[^/]+$/;

/** What a call does; undefined when the program, or this use of it, is not known. */
export function outcomeOf(call: Call): Outcome | undefined {
  const found = foundFor(call.command.name, call.command.nameWord);
  if (!found) return undefined;
  const words = call.operands.map(({ value }) => value);
  for (let length = Math.min(3, words.length); length > 0; length--) {
    const act = found.acts.get(words.slice(0, length).join(" "));
    if (act) return done({ ...call, operands: call.operands.slice(length) }, act);
  }
  const act = found.acts.get(words.length === 0 ? "" : "*") ?? found.acts.get("*");
  return act && done(call, act);
}

function done(call: Call, act: Act | ((call: Call) => Outcome | undefined)): Outcome | undefined {
  if (typeof act === "function") return act(call);
  return {
    does: act.does,
    reads: placesOf(call, act.reads),
    writes: placesOf(call, act.writes),
    usual: act.usual ?? false,
  };
}

/** Programs that start another one: the words behind them, and their options with a value. */
const LAUNCHERS: readonly { readonly words: readonly string[]; readonly values?: string }[] = [
  { words: ["bundle", "exec"] },
  {
    words: ["uv", "run"],
    values: "--extra --group --only-group --with --python -p --package --directory --project --env-file",
  },
  { words: ["uvx"], values: "--from --with --python" },
  { words: ["poetry", "run"] },
  { words: ["pipenv", "run"] },
  { words: ["pdm", "run"] },
  { words: ["conda", "run"], values: "-n -p --name --prefix" },
  { words: ["npx"], values: "-p --package -c" },
  { words: ["npm", "exec"], values: "-p --package -c" },
  { words: ["pnpm", "exec"], values: "-C --dir --filter" },
  { words: ["pnpm", "dlx"], values: "--package" },
  { words: ["yarn", "exec"] },
  { words: ["yarn", "dlx"], values: "-p" },
  { words: ["bunx"] },
  { words: ["bun", "x"] },
  { words: ["tini"], values: "-p" },
  { words: ["dumb-init"] },
  { words: ["xvfb-run"], values: "-s -n" },
  { words: ["linux32"] },
  { words: ["linux64"] },
  { words: ["stdbuf"] },
  { words: ["catchsegv"] },
  { words: ["dotenv"], values: "-e" },
  { words: ["cross-env"] },
];

/** Those with the account's name in between. */
const AS_USER: ReadonlySet<string> = new Set(["gosu", "su-exec", "s6-setuidgid", "chpst"]);

/** What a launcher starts, down to the program itself. */
export function launched(command: ShellCommand): ShellCommand {
  let at = command;
  for (let depth = 0; depth < 4; depth++) {
    const next = step(at);
    if (!next) return at;
    at = next;
  }
  return at;
}

function step(command: ShellCommand): ShellCommand | undefined {
  const { name, args } = command;
  if (name === undefined) return undefined;
  if (/^(?:python|pypy)[\d.]*$/.test(name)) return pythonModule(command);
  if (AS_USER.has(name)) return startedAt(command, 1);
  if (name === "corepack" && /^(?:npm|yarn|pnpm)(?:@.*)?$/.test(args[0]?.value ?? "")) return startedAt(command, 0);
  for (const { words, values = "" } of LAUNCHERS) {
    if (words[0] !== name || (words.length > 1 && args[0]?.value !== words[1])) continue;
    const takesValue = values.split(" ");
    let from = words.length - 1;
    for (; from < args.length; from++) {
      const value = args[from]?.value ?? "";
      if (value === "--") {
        from++;
        break;
      }
      if (takesValue.includes(value)) from++;
      else if (!value.startsWith("-") && !(name === "cross-env" && /^\w+=/.test(value))) break;
    }
    return startedAt(command, from);
  }
  return undefined;
}

/** `python -m pip install x` is `pip install x`. */
function pythonModule(command: ShellCommand): ShellCommand | undefined {
  const at = command.args.findIndex(({ value }) => !value.startsWith("-") || value === "-m" || value === "-c");
  if (command.args[at]?.value !== "-m") return undefined;
  const module = startedAt(command, at + 1);
  const inner = module?.name === "build" ? { ...module, name: "pyproject-build" } : module;
  // The module's environment is that of the interpreter it was started with.
  return inner && command.nameWord?.value.includes("/") ? { ...inner, nameWord: command.nameWord } : inner;
}

function startedAt(command: ShellCommand, at: number): ShellCommand | undefined {
  const word = command.args[at];
  if (!word) return undefined;
  const version = /^(@?[^@]+)@[^/]+$/.exec(word.value)?.[1] ?? word.value;
  return {
    ...command,
    name: word.literal ? version.slice(version.lastIndexOf("/") + 1) : undefined,
    nameWord: { ...word, value: version },
    args: command.args.slice(at + 1),
    wrappers: [...command.wrappers, command.name ?? ""],
  };
}
