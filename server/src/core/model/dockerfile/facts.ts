/** What several rules ask about the image a stage makes: who it runs as, what it starts, where it listens. */
import { type Family, familyByName, type KnownBase, knownBase } from "./bases.ts";
import type { Dockerfile, Instruction, Stage } from "./model.ts";
import { allNamed } from "./named.ts";
import { portRange, portSpecs } from "./ports.ts";
import { expandIn } from "./scope.ts";
import { commandsOf } from "./shell.ts";
import { lineage, lineageInstructions, rootBase } from "./stages.ts";
import { unquote } from "./words.ts";

/** The last instruction of a name in the stage and what it is built on. */
export const lastOf = (dockerfile: Dockerfile, stage: Stage, name: string): Instruction | undefined =>
  allNamed(dockerfile, name).length === 0
    ? undefined
    : lineageInstructions(dockerfile, stage).findLast((instruction) => instruction.name === name);

/** What is known of the image under the whole chain; undefined for scratch, a hidden or an unknown image. */
export function baseImageOf(dockerfile: Dockerfile, stage: Stage): KnownBase | undefined {
  const base = rootBase(dockerfile, stage);
  return base.kind === "image" ? knownBase(base.reference) : undefined;
}

const MANAGERS: Readonly<Record<string, Family>> = {
  "apt-get": "debian",
  apt: "debian",
  dpkg: "debian",
  apk: "alpine",
  dnf: "redhat",
  yum: "redhat",
  microdnf: "minimal-rpm",
  tdnf: "minimal-rpm",
  zypper: "suse",
};

/** The distribution under the stage: a known image's, else what the image's name or the package manager used on it tells. */
export function familyUnder(dockerfile: Dockerfile, stage: Stage): Family | undefined {
  const known = baseImageOf(dockerfile, stage)?.family;
  if (known !== undefined) return known;
  const base = rootBase(dockerfile, stage);
  const named = base.kind === "image" ? familyByName(base.reference) : undefined;
  if (named !== undefined) return named;
  for (const instruction of lineageInstructions(dockerfile, stage)) {
    if (instruction.name !== "RUN") continue;
    for (const { name } of commandsOf(dockerfile, instruction))
      if (name !== undefined && Object.hasOwn(MANAGERS, name)) return MANAGERS[name];
  }
  return undefined;
}

export interface UserSetting {
  readonly instruction: Instruction;
  /** Without group, variables put in; undefined when one hides it. */
  readonly name: string | undefined;
}

/** The USER instructions of the chain, in order. */
export const usersOf = (dockerfile: Dockerfile, stage: Stage): readonly UserSetting[] =>
  lineageInstructions(dockerfile, stage)
    .filter(({ name, args }) => name === "USER" && args.text !== "")
    .map((instruction) => {
      const { text, known } = expandIn(dockerfile, instruction, instruction.args.text);
      return { instruction, name: known ? (unquote(text, dockerfile.escape).split(":")[0] ?? "") : undefined };
    });

export const isRoot = (user: string): boolean => user === "root" || /^0+$/.test(user);

/** What the image starts. `argv` is undefined in shell form and where a variable decides. */
export interface Start {
  readonly instruction: Instruction;
  readonly argv: readonly string[];
  /** The program without its folder. */
  readonly program: string | undefined;
}

/** The process the image starts, from ENTRYPOINT if there is one, else from CMD. */
export function startOf(dockerfile: Dockerfile, stage: Stage): Start | undefined {
  const instruction = lastOf(dockerfile, stage, "ENTRYPOINT") ?? lastOf(dockerfile, stage, "CMD");
  return instruction && startFrom(dockerfile, instruction);
}

/** Programs that start the one behind them and stay its parent. */
const INITS: ReadonlySet<string> = new Set(["tini", "tini-static", "dumb-init", "catatonit", "docker-init"]);

/**
 * The programs that ENTRYPOINT and CMD name, without their folders: CMD's too, because an entrypoint script most often
 * ends in running it, and all of a command in shell form.
 */
export function startedPrograms(dockerfile: Dockerfile, stage: Stage): readonly string[] {
  return ["ENTRYPOINT", "CMD"].flatMap((name) => {
    const instruction = lastOf(dockerfile, stage, name);
    if (!instruction) return [];
    if (!instruction.json) return commandsOf(dockerfile, instruction).flatMap((command) => command.name ?? []);
    const { argv } = startFrom(dockerfile, instruction);
    const first = programName(argv[0]);
    const behind =
      first !== undefined && INITS.has(first) ? argv.slice(1).find((word) => !word.startsWith("-")) : undefined;
    return [first, programName(behind)].filter((program) => program !== undefined);
  });
}

/** Every argument the image starts with: ENTRYPOINT's, then CMD's. */
export function startArguments(dockerfile: Dockerfile, stage: Stage): readonly string[] {
  return ["ENTRYPOINT", "CMD"].flatMap((name) => {
    const instruction = lastOf(dockerfile, stage, name);
    return instruction ? startFrom(dockerfile, instruction).argv : [];
  });
}

/** Programs that wait for what a person types when they are started with nothing else. */
const INTERACTIVE =
  /^(?:(?:ba|da|a|z|k|c|tc|fi)?sh|node|bun|deno|python[\d.]*|pypy[\d.]*|ipython|irb|pry|jshell|groovysh|php|perl|erl|iex|ghci|julia|R|lua|swift|clojure|sbcl|gst|scala|psql|mongosh?|redis-cli|pwsh|powershell)$/;

/** The image starts a shell or an interpreter to type into: something to build on or to work in, no service. */
export function startsInteractively(dockerfile: Dockerfile, stage: Stage): boolean {
  const instruction = lastOf(dockerfile, stage, "CMD") ?? lastOf(dockerfile, stage, "ENTRYPOINT");
  if (!instruction) return false;
  const { argv } = startFrom(dockerfile, instruction);
  return INTERACTIVE.test(programName(argv[0]) ?? "") && argv.slice(1).every((word) => /^-\w$|^--$/.test(word));
}

function startFrom(dockerfile: Dockerfile, instruction: Instruction): Start {
  if (instruction.json) {
    const argv = instruction.json.elements.map(({ text }) => text);
    const shell = /^(?:.*\/)?(?:ba|da|a)?sh$/.test(argv[0] ?? "") && /^-\w*c$/.test(argv[1] ?? "");
    const inner = shell
      ? (argv[2] ?? "")
          .replace(/^\s*exec\s+/, "")
          .trim()
          .split(/\s+/)
      : argv;
    return { instruction, argv: inner, program: programName(inner[0]) };
  }
  const command = commandsOf(dockerfile, instruction).findLast(({ name }) => name !== undefined && name !== "cd");
  const argv =
    command?.nameWord === undefined ? [] : [command.nameWord.value, ...command.args.map(({ value }) => value)];
  return { instruction, argv, program: command?.name };
}

const programName = (path: string | undefined): string | undefined => path?.slice(path.lastIndexOf("/") + 1);

/** Passive FTP and the like open hundreds: the first ones are enough to know where a server listens. */
const MAX_OF_RANGE = 16;

/** TCP ports of EXPOSE in the chain, in order, each once, ranges written out; what a variable hides is left out. */
export function exposedPorts(dockerfile: Dockerfile, stage: Stage): readonly number[] {
  const ports = lineageInstructions(dockerfile, stage)
    .filter(({ name }) => name === "EXPOSE")
    .flatMap((expose) => portSpecs(dockerfile, expose))
    .filter(({ hidden, protocol = "" }) => !hidden && /^(?:tcp)?$/i.test(protocol))
    .flatMap(({ container }) => {
      const range = portRange(container);
      if (!range) return [];
      const length = Math.min(range.last - range.first + 1, MAX_OF_RANGE);
      return Array.from({ length }, (_, at) => range.first + at);
    });
  return [...new Set(ports)];
}

/** Hidden or not, the image says that it listens. */
export const exposesAnything = (dockerfile: Dockerfile, stage: Stage): boolean =>
  lineageInstructions(dockerfile, stage).some(({ name, words }) => name === "EXPOSE" && words.length > 0);

/** Programs that start as root and hand over to another user at run time. */
const ROOT_GIVERS: ReadonlySet<string> = new Set(["gosu", "su-exec", "setpriv", "chpst", "s6-setuidgid", "runuser"]);

/** True when the file installs, writes or calls such a program: its entrypoint needs root and gives it up. */
export function handsRootOver(dockerfile: Dockerfile, stage: Stage): boolean {
  if (keepsDroppingEntrypoint(dockerfile, stage)) return true;
  const copied = lineageInstructions(dockerfile, stage).some(
    ({ name, words, heredocs }) =>
      (name === "COPY" || name === "ADD") &&
      (words.some(({ text }) => ROOT_GIVERS.has(lastPart(text))) ||
        heredocs.some(({ body }) => namesRootGiver(dockerfile.text.slice(body.start, body.end)))),
  );
  if (copied) return true;
  const started = startArguments(dockerfile, stage).map(lastPart);
  if (started.some((argument) => ROOT_GIVERS.has(argument))) return true;
  return lineageInstructions(dockerfile, stage).some(
    (instruction) =>
      instruction.name === "RUN" &&
      commandsOf(dockerfile, instruction).some(
        ({ name, args }) =>
          (name !== undefined && ROOT_GIVERS.has(name)) || args.some(({ value }) => ROOT_GIVERS.has(lastPart(value))),
      ),
  );
}

const namesRootGiver = (script: string): boolean => script.split(/[^\w-]+/).some((word) => ROOT_GIVERS.has(word));

/** The base's own entrypoint gives root up, for the base's own server: `CMD ["redis-server", …]` or options for it. */
function keepsDroppingEntrypoint(dockerfile: Dockerfile, stage: Stage): boolean {
  const base = baseImageOf(dockerfile, stage);
  const cmd = lastOf(dockerfile, stage, "CMD");
  if (!base?.dropsRoot || !cmd?.json || lastOf(dockerfile, stage, "ENTRYPOINT")) return false;
  const [program = ""] = startFrom(dockerfile, cmd).argv;
  return program.startsWith("-") || lastPart(program).startsWith(lastPart(base.name).slice(0, 5));
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The stages whose instructions end up in the image. */
export const shippedStages = (dockerfile: Dockerfile, stage: Stage): ReadonlySet<number> =>
  new Set(lineage(dockerfile, stage).map(({ index }) => index));
