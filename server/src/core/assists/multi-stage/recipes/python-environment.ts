/** The virtual environment a Python build fills: the person's own, or one that is made in front of what installs. */
import { lastOf } from "../../../model/dockerfile/facts.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../../model/dockerfile/shell.ts";
import { contextPath, startedBy, workdir } from "../look.ts";
import type { Case, Decision, Dropped } from "../recipe.ts";

export interface Installs {
  /** Calls that put packages of the project somewhere, in order. */
  readonly commands: readonly { readonly instruction: Instruction; readonly command: ShellCommand }[];
  readonly first: Instruction | undefined;
  readonly last: Instruction | undefined;
  /** `pip`, `poetry`. */
  readonly tools: readonly string[];
}

export interface Environment {
  readonly path: string;
  /** The file's own ENV says so. */
  readonly onPath: boolean;
  readonly above: ReadonlyMap<Instruction, readonly string[]>;
  readonly inBuild: ReadonlyMap<Instruction, string>;
  readonly inRuntime: ReadonlyMap<Instruction, string>;
  readonly buildImage?: string;
  readonly drops: ReadonlyMap<Instruction, string>;
  readonly decisions: readonly Decision[];
  readonly dropped: readonly Dropped[];
}

/** `pip`, `pip3.12`, `python -m pip`, `uv`, `poetry`, `pipenv`: undefined for others. */
function toolOf(command: ShellCommand): string | undefined {
  const name = command.name ?? "";
  if (/^pip[\d.]*$/.test(name)) return "pip";
  if (/^(?:uv|poetry|pipenv|pdm)$/.test(name)) return name;
  const words = command.args.map(({ value }) => value);
  if (/^python[\d.]*$/.test(name) && words[0] === "-m" && /^(?:pip|poetry|pipenv|uv)$/.test(words[1] ?? ""))
    return words[1];
  if (/^python[\d.]*$/.test(name) && words[0] === "setup.py" && /^(?:install|develop)$/.test(words[1] ?? ""))
    return "setup.py";
  return undefined;
}

const isVenv = ({ name, args }: ShellCommand): boolean =>
  name === "virtualenv" ||
  (/^python[\d.]*$/.test(name ?? "") && args[0]?.value === "-m" && /^(?:venv|virtualenv)$/.test(args[1]?.value ?? ""));

/** It installs, or says how: `poetry config`, `pip config`, `python -m venv`. */
export const isInstaller = (command: ShellCommand): boolean => toolOf(command) !== undefined || isVenv(command);

export function installsOf({ needs }: Case): Installs {
  const commands = needs.answers.flatMap(({ effect: { instruction, command } }) => {
    const tool = command && toolOf(command);
    if (!command || tool === undefined) return [];
    const words = command.args.map(({ value }) => value);
    return tool === "setup.py" || words.some((word) => /^(?:install|sync)$/.test(word))
      ? [{ instruction, command, tool }]
      : [];
  });
  return {
    commands,
    first: commands[0]?.instruction,
    last: commands.at(-1)?.instruction,
    tools: [
      ...new Set(
        commands
          .map(({ tool }) => tool)
          .filter(
            (tool) => tool !== "pip" || commands.every((each) => each.tool === "pip" || each.tool === "setup.py"),
          ),
      ),
    ],
  };
}

const OWN = "/opt/venv";

export function environmentOf(it: Case, installs: Installs): Environment | { readonly refused: string } {
  const wrong = wrongInstall(installs);
  if (wrong !== undefined) return { refused: wrong };
  const started = startFixes(it);
  if ("refused" in started) return started;
  const { inRuntime, decisions } = started;
  const common = { inRuntime, drops: new Map<Instruction, string>(), dropped: [] };
  const existing = existingVenv(it);
  if (existing === UNKNOWN)
    return { refused: "the virtual environment it makes is not on PATH, or its folder is not known" };
  if (existing !== undefined)
    return { ...common, path: existing, onPath: true, above: new Map(), inBuild: new Map(), decisions };
  if (installs.tools.includes("uv") && installs.commands.some(({ command }) => command.args[0]?.value === "sync"))
    return uvSync(it, installs, common, decisions);
  if (installs.tools.includes("pdm")) return { refused: "where pdm puts packages depends on its configuration" };
  const first = firstOfProject(installs);
  if (!first) return { refused: "no command installs the project's packages" };
  return {
    ...common,
    path: OWN,
    onPath: false,
    above: new Map([
      [
        first,
        [
          `RUN python -m venv ${seesBase(installs) ? "--system-site-packages " : ""}${OWN}`,
          installs.tools.every((tool) => tool === "pip" || tool === "setup.py")
            ? `ENV PATH=${OWN}/bin:$PATH`
            : `ENV VIRTUAL_ENV=${OWN} PATH=${OWN}/bin:$PATH`,
        ],
      ],
    ]),
    inBuild: withoutSystem(it, installs),
    decisions: [
      {
        id: "environment",
        what: `packages go into the virtual environment ${OWN}`,
        why: "as one folder they can be copied, with the programs they bring and whatever Python loads of them",
        doubtful: installs.tools.includes("pipenv"),
        alternatives: [],
      },
      ...decisions,
    ],
  };
}

/** Without build isolation pip takes setuptools and the like from where they are. */
const seesBase = ({ commands }: Installs): boolean =>
  commands.some(({ command }) => command.args.some(({ value }) => value === "--no-build-isolation"));

/** Tools themselves are installed outside, so that they do not come along. */
const isTool = (command: ShellCommand): boolean => {
  const names = command.args.map(({ value }) => value).filter((word) => !word.startsWith("-") && word !== "install");
  return (
    names.length > 0 &&
    names.every((name) =>
      /^(?:pip|setuptools|wheel|poetry|uv|pipenv|virtualenv|poetry-[\w-]+)(?:[=<>~!].*)?$/.test(name),
    )
  );
};

function firstOfProject({ commands, tools }: Installs): Instruction | undefined {
  const isManaged = tools.some((tool) => /^(?:poetry|pipenv|uv)$/.test(tool));
  return commands.find(({ command }) => !(isManaged && isTool(command)))?.instruction;
}

/** Options that put packages elsewhere. */
function wrongInstall({ commands }: Installs): string | undefined {
  for (const { command } of commands) {
    const words = command.args.map(({ value }) => value);
    const option = words.find((word) => /^(?:--user|--target|-t|--prefix|--root)(?:=|$)/.test(word));
    if (option !== undefined && toolOf(command) === "pip")
      return `pip install ${option} puts packages into a folder of its own`;
    const path = command.nameWord?.value ?? "";
    if (path.startsWith("/usr/")) return `${path} installs for that interpreter, not into a virtual environment`;
    if (command.wrappers.includes("sudo")) return "sudo takes the virtual environment off PATH";
  }
  return undefined;
}

/** It is made, and nobody knows where. */
const UNKNOWN = "";

/** One that the file makes and has on PATH. */
function existingVenv(it: Case): string | undefined {
  const made = it.needs.answers.flatMap(({ effect: { command } }) => (command && isVenv(command) ? [command] : []));
  if (made.length === 0) return undefined;
  const folders = it.needs.runtime.path;
  const venv = folders.find(
    (folder) => folder.endsWith("/bin") && made.some(({ args }) => folder === `${args.at(-1)?.value ?? ""}/bin`),
  );
  const byName = folders.find((folder) => /(?:venv|virtualenv|env)\/bin$/.test(folder));
  return venv?.slice(0, -"/bin".length) ?? byName?.slice(0, -"/bin".length) ?? UNKNOWN;
}

function uvSync(
  it: Case,
  installs: Installs,
  common: Pick<Environment, "inRuntime" | "drops" | "dropped">,
  decisions: readonly Decision[],
): Environment | { readonly refused: string } {
  const folder = workdir(it);
  const { first } = installs;
  if (folder === undefined || !first) return { refused: "the folder uv works in is not known" };
  if (
    installs.commands.some(({ command }) =>
      command.args.some(({ value }) => /^--(?:project|directory|active)/.test(value)),
    )
  )
    return { refused: "uv is told to work in another folder" };
  return {
    ...common,
    path: OWN,
    onPath: false,
    above: new Map([[first, [`ENV UV_PROJECT_ENVIRONMENT=${OWN} UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy`]]]),
    inBuild: new Map(),
    decisions: [
      {
        id: "environment",
        what: `uv makes the project's environment in ${OWN}, with the Python of the image`,
        why: "a Python that uv downloads would lie elsewhere, and .venv beside the sources could be overwritten by them",
        doubtful: false,
        alternatives: [],
      },
      ...decisions,
    ],
  };
}

/** `uv pip install --system`, `pipenv install --system`: the environment is what is there then. */
function withoutSystem({ dockerfile }: Case, { commands }: Installs): ReadonlyMap<Instruction, string> {
  const texts = new Map<Instruction, string>();
  for (const { instruction, command } of commands) {
    const word = command.args.find(({ value }) => value === "--system");
    if (!word || toolOf(command) !== "uv") continue;
    const before = texts.get(instruction);
    if (before !== undefined) continue;
    const { start, end } = instruction.span;
    const { text } = dockerfile;
    texts.set(instruction, text.slice(start, word.span.start).replace(/[ \t]+$/, "") + text.slice(word.span.end, end));
  }
  return texts;
}

/** `poetry run gunicorn …` without poetry, which stays behind. */
function startFixes(
  it: Case,
):
  | { readonly inRuntime: ReadonlyMap<Instruction, string>; readonly decisions: readonly Decision[] }
  | { readonly refused: string } {
  const inRuntime = new Map<Instruction, string>();
  const decisions: Decision[] = [];
  for (const name of ["ENTRYPOINT", "CMD"]) {
    const instruction = lastOf(it.dockerfile, it.stage, name);
    if (!instruction) continue;
    const { text } = it.dockerfile;
    const own = text.slice(instruction.span.start, instruction.span.end);
    const json = /"(?:poetry|uv|pipenv)"\s*,\s*"run"\s*,\s*/;
    const shell = /\b(?:poetry|uv|pipenv)\s+run\s+(?=[\w./])/;
    const fixed = own.replace(json, "").replace(shell, "");
    if (fixed === own) continue;
    const script = /\b(?:poetry|uv|pipenv)["\s,]+run["\s,]+([\w./-]+\.py)\b/.exec(own)?.[1];
    const ready =
      script === undefined
        ? fixed
        : fixed.replace(script, instruction.json ? `python", "${script}` : `python ${script}`);
    if (/["\s]run["\s]|--/.test(own.slice(0, own.search(json) === -1 ? own.search(shell) : own.search(json))))
      return { refused: `${name} gives options to the tool that runs it` };
    inRuntime.set(instruction, ready);
    decisions.push({
      id: "start",
      what: `${name} starts the program itself`,
      why: "poetry, uv and pipenv stay in the first stage; the environment's programs are on PATH",
      doubtful: false,
      alternatives: [],
    });
  }
  const tool = startedBy(it).find(
    ({ argv, by }) => /(?:^|\/)(?:poetry|uv|pipenv|pdm)$/.test(argv[0] ?? "") && !/^(?:CMD|ENTRYPOINT)$/.test(by),
  );
  if (tool) return { refused: `${tool.by} starts ${tool.argv[0]}, which would not be in the last stage` };
  const script = startedBy(it).find(({ argv }) => /\.(?:sh|bash)$|entrypoint/.test(argv[0] ?? ""));
  const path = script?.argv[0];
  const folder = workdir(it) ?? "/";
  const source =
    path === undefined
      ? undefined
      : it.context.read(contextPath(it, path.startsWith("/") ? path : `${folder}/${path}`) ?? "");
  if (source !== undefined && /\b(?:poetry|uv|pipenv) run\b|\/usr\/(?:local\/)?bin\/(?:python|pip)/.test(source))
    return { refused: `${path} names poetry, uv, pipenv or the Python outside of the environment` };
  const absolute = startedBy(it).find(({ argv }) =>
    /^\/usr\/(?:local\/)?bin\/(?:python|pip|gunicorn|uvicorn|celery|flask)/.test(argv[0] ?? ""),
  );
  if (absolute)
    return {
      refused: `${absolute.by} names ${absolute.argv[0]}: write the program's name alone, so that the environment's is found`,
    };
  return { inRuntime, decisions };
}
