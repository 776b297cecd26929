/** What a Dockerfile says, in the pieces that an edit may move from stage to stage and may not lose. */
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { stagesFor } from "../../model/dockerfile/needed.ts";
import { programsOf, scriptsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { finalStage } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";

export interface Unit {
  /** The same for what says the same, however it is wrapped and indented. */
  readonly key: string;
  /** As people call it: `npm ci`, `COPY . .`, `--no-cache-dir`, `gcc`. */
  readonly says: string;
  /** `part`: a package, an option, a flag, which have no place of their own among the others. */
  readonly kind: "instruction" | "command" | "part";
  readonly instruction: Instruction;
  readonly command: ShellCommand | undefined;
}

/** In the order of the file. */
export const unitsOf = perDocument((dockerfile): readonly Unit[] =>
  dockerfile.instructions.flatMap((instruction) => unitsIn(dockerfile, instruction)),
);

/** A package of a list. */
export const isInstalled = ({ key }: Unit): boolean => INSTALLS.test(key);
const INSTALLS = /^[\w ]+(?:-get)? installs /;

/** Text without the accidents of its layout. */
export const plain = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Blanks mean nothing at the ends of a line; within it they may. */
const lines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join("\n")
    .trim();

function unitsIn(dockerfile: Dockerfile, instruction: Instruction): readonly Unit[] {
  const { name } = instruction;
  const one = (key: string, says = key, kind: Unit["kind"] = "instruction"): Unit => ({
    key,
    says,
    kind,
    instruction,
    command: undefined,
  });
  switch (name) {
    case "FROM": {
      const as = dockerfile.stages[instruction.stage]?.name?.text;
      return as === undefined ? [] : [one(`as ${as.toLowerCase()}`, `AS ${as}`, "part")];
    }
    case "RUN":
      return [
        ...flagsOf(instruction).map((flag) => one(`RUN ${flag}`, flag, "part")),
        ...runUnits(dockerfile, instruction),
        ...heredocsOf(dockerfile, instruction).map((body) => one(`heredoc ${body}`, "a heredoc", "part")),
      ];
    case "COPY":
    case "ADD":
      return [
        ...copyUnits(dockerfile, instruction, one),
        ...heredocsOf(dockerfile, instruction).map((body) => one(`heredoc ${body}`, "a heredoc", "part")),
      ];
    case "ENV":
    case "ARG":
    case "LABEL":
      return instruction.pairs.map(({ key, value }) => {
        const said = value === undefined ? "" : `=${unquote(value.text, dockerfile.escape)}`;
        return one(`${name} ${unquote(key.text, dockerfile.escape)}${said}`);
      });
    case "EXPOSE":
    case "VOLUME":
      return instruction.words.map(({ text }) => one(`${name} ${text}`));
    default:
      return [one(`${name} ${said(instruction)}`)];
  }
}

/** The arguments of an instruction: JSON forms are compared by what is in them. */
export const said = (instruction: Instruction): string => {
  const { json, body, name, words } = instruction;
  if (!json) return plain(body.text);
  const list = JSON.stringify(json.elements.map(({ text }) => text));
  return name === "HEALTHCHECK" ? `${words[0]?.text.toUpperCase() ?? ""} ${list}` : list;
};

const flagsOf = ({ flags, logical }: Instruction): readonly string[] =>
  flags.map(({ name, value, fields }) =>
    name === "--mount"
      ? `--mount=${fields.map(({ key, value: part }) => (part === undefined ? key : `${key}=${part}`)).join(",")}`
      : value
        ? `${name}=${value.text}`
        : plain(name || logical.text),
  );

/** What COPY and ADD take from elsewhere, a source at a time: one COPY may become two. */
function copyUnits(
  dockerfile: Dockerfile,
  instruction: Instruction,
  one: (key: string, says: string, kind?: Unit["kind"]) => Unit,
): readonly Unit[] {
  const { name, words, flags, heredocs } = instruction;
  const target = words.at(-1)?.text ?? "";
  const from = flags.some((flag) => flag.name === "--from") ? " --from" : "";
  return words.slice(0, -1).flatMap(({ text, span }) => {
    const heredoc = heredocs.some(({ marker }) => marker.start === span.start);
    const source = heredoc ? "<<" : unquote(text, dockerfile.escape);
    const key = `${name}${from} ${source} ${unquote(target, dockerfile.escape)}`;
    const says = `${name} ${source} ${target}`;
    const kept = flagsOf(instruction).filter((flag) => !/^--(?:from|link)\b/.test(flag));
    return [one(key, says), ...kept.map((flag) => one(`${key} ${flag}`, `${flag} of ${says}`, "part"))];
  });
}

/** Heredocs that no shell runs: their text is a file. */
function heredocsOf(dockerfile: Dockerfile, instruction: Instruction): readonly string[] {
  const run = new Set(scriptsOf(dockerfile, instruction).map(({ heredoc }) => heredoc));
  return instruction.heredocs
    .filter((heredoc) => !run.has(heredoc))
    .map(({ body }) => lines(dockerfile.text.slice(body.start, body.end)));
}

function runUnits(dockerfile: Dockerfile, instruction: Instruction): readonly Unit[] {
  const commands = programsOf(dockerfile, instruction).filter(({ wrappers }) => wrappers.length === 0);
  const broken = scriptsOf(dockerfile, instruction).some((script) => script.broken);
  if (commands.length === 0 || broken) {
    const key = `RUN ${plain(instruction.args.text)}`;
    return instruction.args.text === ""
      ? []
      : [{ key, says: key, kind: "instruction", instruction, command: undefined }];
  }
  const calls = packageCalls(dockerfile, instruction);
  return commands.flatMap((command) => {
    const unit = (key: string, says = key, kind: Unit["kind"] = "command"): Unit => ({
      key,
      says,
      kind,
      instruction,
      command,
    });
    const call = calls.find((each) => isListing(each, command));
    if (!call) return [unit(keyOf(command), textOf(command))];
    const manager = familyOf(call.manager);
    return [
      ...call.operands.map(({ value }) => unit(`${manager} installs ${value}`, value, "part")),
      ...call.options.map(({ name, value }) => {
        const option = value === undefined ? name : `${name} ${value}`;
        return unit(`${manager} install ${option}`, option, "part");
      }),
    ];
  });
}

/** It installs what a list names: the list may be parted. */
const isListing = ({ action, operands, command, hidden }: PackageCall, outer: ShellCommand): boolean =>
  /^(?:install|add|in|i)$/.test(action.value) &&
  operands.length > 0 &&
  !hidden &&
  (command === outer ||
    (command.wrappers.length > 0 && command.span.end === outer.span.end && command.span.start >= outer.span.start)) &&
  command.assignments.length === 0;

/** apt, apt-get and aptitude install the same packages, and so do the managers of rpm. */
const familyOf = (manager: PackageCall["manager"]): string =>
  manager === "apt" || manager === "aptitude"
    ? "apt-get"
    : /^(?:yum|dnf5?|microdnf|tdnf)$/.test(manager)
      ? "dnf"
      : manager;

/** Whether it may fail, and what it is alternative to, belongs to a command. */
function keyOf(command: ShellCommand): string {
  const where = `${command.joinedBy === "||" ? "|| " : ""}${command.conditional ? "? " : ""}`;
  const words = [command.nameWord, ...command.args].flatMap((word) => (word ? [plain(word.value)] : []));
  return `${where}${JSON.stringify([...assigned(command), ...words, ...redirected(command)])}`;
}

/** The key of a command that is said without some of its words. */
export const keyWithout = ({ key, kind }: Unit, words: ReadonlySet<string>): string =>
  kind !== "command" || words.size === 0
    ? key
    : key.replace(/\[.*\]$/s, (list) => {
        const all: unknown = JSON.parse(list);
        return Array.isArray(all) ? JSON.stringify(all.filter((word) => !words.has(String(word)))) : list;
      });

const textOf = (command: ShellCommand): string =>
  [
    ...assigned(command),
    ...[command.nameWord, ...command.args].flatMap((word) => (word ? [plain(word.text)] : [])),
    ...redirected(command),
  ].join(" ");

/** Where a cache is kept says nothing of what is built. */
const OF_CACHES = /CACHE|^UV_LINK_MODE$/;

const assigned = ({ assignments }: ShellCommand): readonly string[] =>
  assignments.flatMap(({ name, value }) => (OF_CACHES.test(name) ? [] : [`${name}=${plain(value)}`]));

const redirected = ({ redirections }: ShellCommand): readonly string[] =>
  redirections.map(({ operator, file }) => `${operator}${file?.value ?? ""}`);

/** The stages a plain build runs: the last one, and those it is built on or takes files from. */
export const neededStages = perDocument((dockerfile) => stagesFor(dockerfile, finalStage(dockerfile)));

/** The keys and the texts that a declared text stands for. */
export interface Meant {
  readonly keys: ReadonlySet<string>;
  readonly texts: ReadonlySet<string>;
}

const INSTRUCTION =
  /^\s*(?:FROM|RUN|CMD|LABEL|MAINTAINER|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL)\s/i;

/** A text is read as what it begins like: an instruction, else commands of a RUN. */
export function meant(texts: readonly string[], escape: string): Meant {
  const directive = escape === "`" ? "# escape=`\n" : "";
  const keys = texts.flatMap((text) => {
    const parsed = parseDockerfile(`${directive}FROM scratch\n${INSTRUCTION.test(text) ? text : `RUN ${text}`}\n`);
    return unitsOf(parsed).map(({ key }) => key);
  });
  return { keys: new Set(keys.flatMap((key) => [key, ...anywhere(key)])), texts: new Set(texts.map(plain)) };
}

/** What a text alone does not say is whether it stood in a condition. */
const anywhere = (key: string): readonly string[] => [`|| ${key}`, `? ${key}`, `|| ? ${key}`];

export const means = ({ keys, texts }: Meant, { key, says }: Unit): boolean => keys.has(key) || texts.has(plain(says));
