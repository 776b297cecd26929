/** What a Node image starts: a file, a framework's server, a development server. Scripts of package.json are followed. */
import { lastOf } from "../../../model/dockerfile/facts.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import { doingOf, type ScriptDoes } from "../../../model/project/node-commands.ts";
import { startOf, type Step, stepsOf } from "../../../model/project/node-scripts.ts";
import type { PackageJson } from "../../../model/project/package-json.ts";
import { startedBy } from "../look.ts";
import type { Case } from "../recipe.ts";

export interface NodeStart {
  /** Everything that is started, preparations included. */
  readonly steps: readonly Step[];
  /** The last of them, which is what runs; undefined where nobody can tell. */
  readonly main: Step | undefined;
  /** `npm`, `yarn`: it starts a script of package.json. */
  readonly manager: string | undefined;
  /** `npm start`, as written. */
  readonly written: string;
  /** Every word of what is started and of the scripts it goes through: launchers too, which no step names. */
  readonly words: ReadonlySet<string>;
  /** Why it is not known; a clause. */
  readonly unknown: string | undefined;
}

const MANAGERS = /^(?:npm|yarn|yarnpkg|pnpm|bun)$/;
/** What only hands over to the program behind it, or is followed by itself. */
const AROUND = /^(?:tini|dumb-init|catatonit|docker-entrypoint\.sh|exec|env|nice)$/;

const nameOf = (program: string): string => program.slice(program.lastIndexOf("/") + 1);

/** A text where it starts something that is not Node's. */
export function nodeStart(it: Case, project: PackageJson | undefined): NodeStart | string {
  const own = startedBy(it).filter(({ by }) => !by.includes("of package.json"));
  const started = own.filter(({ argv: [program = ""] }) => !AROUND.test(nameOf(program)) && !isScript(program));
  if (started.length === 0) {
    const script = own.find(({ argv: [program = ""] }) => isScript(program));
    return script ? `what ${script.argv[0]} starts is not known` : "nothing says what it starts";
  }
  const steps: Step[] = [];
  const words = new Set(own.flatMap(({ argv }) => argv.map(nameOf)));
  let manager: string | undefined;
  let unknown: string | undefined;
  for (const { argv, by } of started) {
    const [program = "", ...args] = argv;
    const name = nameOf(program);
    if (MANAGERS.test(name) && !runsFile(name, args)) {
      manager = name;
      const script = scriptNamed(args);
      const found = script === undefined ? undefined : scriptSteps(project, script);
      if (project && script !== undefined) scriptWords(project, script, words);
      if (found) steps.push(...found);
      else
        unknown = `what ${[name, ...args].slice(0, 3).join(" ")} starts is not known: ${
          project ? "package.json has no such script, or one that cannot be followed" : "package.json could not be read"
        }`;
      continue;
    }
    const [inner = program, ...rest] =
      name === "npx" || name === "bunx" || name === "pnpx" ? args.filter((arg) => !arg.startsWith("-")) : argv;
    const doing = doingOf(nameOf(inner), rest);
    if (by !== "CMD" && by !== "ENTRYPOINT" && doing.does === "unknown") continue;
    steps.push({
      ...doing,
      program: nameOf(inner),
      args: rest,
      environment: new Map(),
      script: "",
      conditional: false,
    });
  }
  const main = steps.findLast(({ does }) => does !== "nothing");
  return { steps, main, manager, written: (started.at(-1)?.argv ?? []).slice(0, 4).join(" "), words, unknown };
}

const isScript = (program: string): boolean =>
  /\.sh$|entrypoint/.test(program) || /^(?:.*\/)?(?:ba|da|a)?sh$/.test(program);

/** `bun src/index.ts` runs the file itself. */
const runsFile = (name: string, args: readonly string[]): boolean =>
  name === "bun" && doingOf("bun", args).does === "runs a file";

function scriptNamed(args: readonly string[]): string | undefined {
  if (args.some((arg) => /^(?:-w|--workspaces?|-r|--recursive|-F|--filter|-C|--prefix|--cwd|--dir)(?:=|$)/.test(arg)))
    return undefined;
  const [first, second] = args.filter((arg) => !arg.startsWith("-"));
  if (first === "run" || first === "run-script") return second;
  if (first === "exec" || first === "dlx") return undefined;
  return first;
}

function scriptSteps(project: PackageJson | undefined, script: string): readonly Step[] | undefined {
  if (!project) return undefined;
  if (script !== "start") return stepsOf(project, script);
  const start = startOf(project);
  return start ? (stepsOf(project, "start") ?? [...start.before, start.step]) : undefined;
}

/** The words of a script, and of those it names. */
function scriptWords(project: PackageJson, script: string, words: Set<string>): void {
  const left = new Set([script]);
  for (const name of left)
    for (const each of [`pre${name}`, name, `post${name}`])
      for (const word of project.scripts.get(each)?.split(/[\s;&|()"']+/) ?? []) {
        words.add(nameOf(word));
        if (project.scripts.has(word)) left.add(word);
      }
}

/** What it does that keeps a conversion from being offered; a clause, with what would have to be done. */
export function refusalOf(start: NodeStart): string | undefined {
  const by = (does: ScriptDoes): Step | undefined => start.steps.find((step) => step.does === does);
  const sources = by("runs sources");
  if (sources)
    return `it compiles its sources whenever it starts (${sources.program}): compile them once with RUN and start what that writes`;
  const build = by("build");
  if (build) return `it builds whenever it starts (${wordsOf(build)}): build with RUN, and start only the result`;
  if (by("process manager"))
    return "a process manager looks after what runs, and which files it starts is not known: start the program itself";
  const tests = start.main?.does === "tests or checks" ? start.main : undefined;
  return tests ? `it runs ${tests.program}, which is no service` : undefined;
}

export const wordsOf = ({ program, args }: Step): string => [program ?? "", ...args].slice(0, 4).join(" ").trim();

/** `CMD npm start` whose script is `node dist/main.js`, and nothing else: CMD with the program itself. */
export function directStart(
  it: Case,
  start: NodeStart,
  project: PackageJson | undefined,
): { readonly cmd: Instruction; readonly text: string; readonly argv: readonly string[] } | undefined {
  const cmd = lastOf(it.dockerfile, it.stage, "CMD");
  if (!cmd || lastOf(it.dockerfile, it.stage, "ENTRYPOINT") || !start.manager || !project) return undefined;
  const own = startedBy(it).filter(({ by }) => !by.includes("of package.json"));
  const [step, second] = start.steps;
  if (own.length !== 1 || !step || second || step.environment.size > 0 || step.conditional) return undefined;
  // What stands behind the script's name goes to the program as well.
  if ((own[0]?.argv ?? []).filter((arg) => !arg.startsWith("-")).length > 3 || own[0]?.argv.includes("--"))
    return undefined;
  if (!plainScript(project.scripts.get(step.script))) return undefined;
  const program = step.program === "node" ? "node" : undefined;
  if (program === undefined || step.does !== "runs a file" || step.args.includes("")) return undefined;
  const argv = [program, ...step.args];
  return { cmd, argv, text: `${cmd.keyword.text} [${argv.map((word) => JSON.stringify(word)).join(", ")}]` };
}

/** Words and nothing for a shell to do. */
const plainScript = (script: string | undefined): boolean => /^[\w@./:=+,\- ]+$/.test(script ?? "$");
