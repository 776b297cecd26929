/** What the scripts of a package.json come to: the commands in the order they run, other scripts of it followed. */
import { parseDockerfile } from "../dockerfile/parse.ts";
import { scriptsOf, type ShellCommand } from "../dockerfile/shell.ts";
import { type Doing, doingOf } from "./node-commands.ts";
import type { PackageJson } from "./package-json.ts";

export interface Step extends Doing {
  /** Undefined where an expansion decides it. */
  readonly program: string | undefined;
  readonly args: readonly string[];
  /** `NODE_ENV` → `production`, of the command itself or of cross-env in front of it. */
  readonly environment: ReadonlyMap<string, string>;
  /** The script of package.json it is written in. */
  readonly script: string;
  /** It runs whatever the ones before it came to, or beside them: part of a pipeline, an if, a `||`. */
  readonly conditional: boolean;
}

const MAX_STEPS = 50;
const MAX_SCRIPTS = 100;
const MAX_SCRIPT = 10_000;

/**
 * What `npm run NAME` runs, `preNAME` and `postNAME` included. Undefined where there is no such script, or the shell would not
 * read one of those it runs.
 */
export function stepsOf(project: PackageJson, name: string): readonly Step[] | undefined {
  if (!project.scripts.has(name)) return undefined;
  const steps: Step[] = [];
  return follow(project, name, { within: [], left: MAX_SCRIPTS }, steps) ? steps : undefined;
}

interface Following {
  readonly within: readonly string[];
  /** How many scripts may still be followed, in all. */
  left: number;
}

function follow(project: PackageJson, name: string, following: Following, steps: Step[]): boolean {
  for (const each of [`pre${name}`, name, `post${name}`]) {
    const script = project.scripts.get(each);
    if (script === undefined) continue;
    const { within } = following;
    if (within.includes(each) || following.left-- <= 0 || steps.length > MAX_STEPS || script.length > MAX_SCRIPT)
      return false;
    const commands = commandsOfScript(script);
    if (!commands) return false;
    for (const command of commands) {
      const step = stepOf(command, each);
      const called = calledScripts(step, project);
      if (called === undefined) steps.push(step);
      else {
        const inner: Following = { within: [...within, each], left: following.left };
        if (!called.every((one) => follow(project, one, inner, steps))) return false;
        following.left = inner.left;
      }
    }
  }
  return true;
}

/** npm hands a script to `sh -c`, as the shell form of CMD does. */
function commandsOfScript(script: string): readonly ShellCommand[] | undefined {
  const dockerfile = parseDockerfile(`FROM scratch\nCMD : ; ${script.replace(/[\r\n]+/g, " ; ")}`);
  const instruction = dockerfile.instructions[1];
  const [shell] = instruction ? scriptsOf(dockerfile, instruction) : [];
  if (!shell || shell.broken || dockerfile.instructions.length > 2) return undefined;
  // `exec node x` is given as both; the one inside says it all.
  return shell.commands.filter(
    ({ nameWord, span, wrappers }, index, all) =>
      nameWord?.value !== ":" &&
      !(all[index + 1]?.span.end === span.end && (all[index + 1]?.wrappers.length ?? 0) > wrappers.length),
  );
}

/** Programs that run the one behind them, and their options that take the next word. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  "cross-env": [],
  "cross-env-shell": [],
  dotenv: ["-e", "-v", "-c", "-p"],
  "env-cmd": ["-f", "-e", "-r", "--file", "--environments", "--rc-file"],
  dotenvx: ["-f", "--env-file", "run"],
  npx: ["-p", "--package", "-c"],
  bunx: ["-p", "--package"],
  pnpx: [],
  "dumb-init": [],
  tini: [],
  shx: [],
};

function stepOf(command: ShellCommand, script: string): Step {
  const environment = new Map(command.assignments.map(({ name, value }) => [name, value]));
  let words = [command.name, ...command.args.map(({ literal, value }) => (literal ? value : undefined))];
  for (let left = 4; left > 0; left--) {
    const program = words[0];
    const inner = program === undefined ? undefined : innerWords(program, words.slice(1), environment);
    if (!inner) break;
    words = inner;
  }
  const [program, ...rest] = words;
  // A word that an expansion decides is kept as an empty one: it may be any file.
  const args = rest.map((each) => each ?? "");
  const doing: Doing = program === undefined ? { does: "unknown" } : doingOf(program.replace(/@[\d^~].*$/, ""), args);
  return {
    ...(doing.path === "" ? { ...doing, path: undefined } : doing),
    program,
    args,
    environment,
    script,
    conditional: command.conditional || command.isolated || command.joinedBy === "||",
  };
}

type Words = readonly (string | undefined)[];

function innerWords(
  program: string,
  args: Words,
  environment: Map<string, string>,
): (string | undefined)[] | undefined {
  const isExec = /^(?:npm|pnpm|yarn)$/.test(program) && (args[0] === "exec" || args[0] === "dlx");
  const withValue = isExec
    ? ["-p", "--package", "exec", "dlx"]
    : Object.hasOwn(RUNNERS, program)
      ? RUNNERS[program]
      : undefined;
  if (!withValue) return undefined;
  let at = isExec ? 1 : 0;
  for (; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) return undefined;
    const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined) environment.set(name, value ?? "");
    else if (withValue.includes(word)) at += word === "run" ? 0 : 1;
    else if (!word.startsWith("-")) break;
  }
  return at < args.length ? args.slice(at) : undefined;
}

/** The scripts a command runs: `npm run build`, `yarn build`, `run-s a b`. Undefined where it runs something else. */
function calledScripts({ program, args }: Step, { scripts }: PackageJson): readonly string[] | undefined {
  const words = args.filter((arg) => !arg.startsWith("-"));
  const [first, second] = words;
  if (program === "npm" || program === "pnpm" || program === "yarn" || program === "bun") {
    if (args.some((arg) => /^(?:-w|--workspaces?|-r|--recursive|-F|--filter|-C|--prefix|--cwd|--dir)(?:=|$)/.test(arg)))
      return undefined;
    if (first === "run" || first === "run-script")
      return second !== undefined && scripts.has(second) ? [second] : undefined;
    if (first === "start" || first === "test") return scripts.has(first) ? [first] : undefined;
    return program !== "npm" && first !== undefined && !YARN_COMMANDS.has(first) && scripts.has(first)
      ? [first]
      : undefined;
  }
  if (program === "node" && args[0] === "--run")
    return args[1] !== undefined && scripts.has(args[1]) ? [args[1]] : undefined;
  if (program === "run-s" || program === "npm-run-all")
    return !args.some((arg) => /^(?:-p|--parallel)$/.test(arg)) &&
      words.length > 0 &&
      words.every((word) => scripts.has(word))
      ? words
      : undefined;
  return undefined;
}

/** What yarn and pnpm do themselves, whatever the scripts are called. */
const YARN_COMMANDS: ReadonlySet<string> = new Set([
  "install",
  "add",
  "remove",
  "exec",
  "dlx",
  "workspace",
  "workspaces",
]);

/** What is started: the last step that is no preparation. */
export interface Start {
  readonly step: Step;
  /** What runs before it, at each start: `npm run build && node dist`. */
  readonly before: readonly Step[];
}

/** What `npm start` comes to; undefined where nobody can tell. Without a script of that name npm runs server.js. */
export function startOf(project: PackageJson, hasServerJs = false): Start | undefined {
  const steps = stepsOf(project, "start");
  if (steps) {
    const at = steps.findLastIndex(({ does }) => does !== "nothing");
    const step = steps[at];
    return step && !step.conditional
      ? { step, before: steps.slice(0, at).filter(({ does }) => does !== "nothing") }
      : undefined;
  }
  if (project.scripts.has("start") || !hasServerJs) return undefined;
  const path = "server.js";
  const step: Step = {
    does: "runs a file",
    path,
    program: "node",
    args: [path],
    environment: new Map(),
    script: "start",
    conditional: false,
  };
  return { step, before: [] };
}

/** What npm runs of the project's own after installing; development dependencies are there then, sources perhaps not. */
const HOOKS: readonly string[] = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
];

export interface InstallHook {
  readonly script: string;
  readonly text: string;
  /** Undefined where nobody can tell. */
  readonly steps: readonly Step[] | undefined;
}

export const installHooks = (project: PackageJson): readonly InstallHook[] =>
  HOOKS.flatMap((script) => {
    const text = project.scripts.get(script);
    if (text === undefined) return [];
    const alone = {
      ...project,
      scripts: new Map([...project.scripts].filter(([name]) => !HOOKS.includes(name) || name === script)),
    };
    return [{ script, text, steps: stepsOf(alone, script) }];
  });

/** Hooks an install cannot do without the project's sources, as far as is known: everything but what is known to need none. */
export const hooksNeedingSources = (project: PackageJson): readonly InstallHook[] =>
  installHooks(project).filter(({ steps }) => !steps?.every(({ does }) => does === "nothing"));
