/** Node servers: the project's folder moves as it is, or, where it is certain what a build wrote, only that. */
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import { covers, everythingBelow, files, overlap, type Place } from "../../../model/dockerfile/flow/place.ts";
import { isRoot, usersOf } from "../../../model/dockerfile/facts.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../../model/dockerfile/shell.ts";
import type { BuildBase } from "../base.ts";
import { imagePath } from "../look.ts";
import type { Carried, Case, Decision, Side, Split } from "../recipe.ts";
import { isNodeTool, type NodeFacts } from "./node-facts.ts";
import type { Output } from "./node-output.ts";
import { type Owner, ownerOf } from "./node-owner.ts";
import { PRUNED, type Pruning } from "./node-prune.ts";
import { isForNodeGyp, type NodeRuntime } from "./node-runtime.ts";
import type { SourceFile } from "./node-sources.ts";
import { directStart, type NodeStart } from "./node-start.ts";

export interface NodeCase {
  readonly it: Case;
  readonly base: BuildBase;
  readonly facts: NodeFacts;
  readonly start: NodeStart;
  readonly runtime: NodeRuntime;
  readonly pruned: Pruning;
  readonly sources: readonly SourceFile[] | undefined;
  /** Undefined where the whole folder moves. */
  readonly output: Output | undefined;
}

export function serverSplit(node: NodeCase): Split | string {
  const { it, facts, runtime, pruned } = node;
  const last = lastInFolder(it, facts);
  if (!last) return "nothing is made in the project's folder";
  const decisions: Decision[] = [...pruned.decisions, ...runtime.decisions];
  const { starts, decision: startDecision } = chosenStart(node);
  if (startDecision) decisions.push(startDecision);
  const kept = keptManager(node, starts !== undefined);
  if (kept !== undefined) return kept;
  const { carried, decision } = carriedOf(node, last);
  decisions.push(decision);
  const owner = ownerOf(it, facts, runtime.base, {
    last,
    writable: carried.some(({ to, writable }) => to === facts.root && writable === true),
  });
  return {
    ecosystem: ecosystemOf(facts),
    runtime: runtime.base,
    carried,
    side: sidesIn(node, last, owner, starts !== undefined),
    purpose: (name) => (isForNodeGyp(it, name) ? "build" : undefined),
    ...(pruned.between && { between: pruned.between }),
    ...(runtime.packages.length > 0 && { packages: runtime.packages }),
    ...(runtime.libraries && { buildEnd: runtime.libraries.build, head: runtime.libraries.runtime }),
    inRuntime: new Map([...owner.inRuntime, ...(starts ? [[starts.cmd, starts.text] as const] : [])]),
    lines: owner.lines,
    decisions,
  };
}

type Direct = NonNullable<ReturnType<typeof directStart>>;

const START = "start";

/** CMD with the program that a script of package.json starts, where nothing is lost by it. */
function chosenStart(node: NodeCase): { readonly starts?: Direct; readonly decision?: Decision } {
  const { it, start, facts, sources } = node;
  const direct = directStart(it, start, facts.project);
  if (!direct || sources?.some(({ source }) => source.readsNpmVariables) === true) return {};
  const ends = sources?.some(({ source }) => source.handlesTermination) === true;
  const isFetched = keptManager(node, false) !== undefined;
  const chosen = it.choices.get(START) ?? (ends || isFetched ? "direct" : "keep");
  const words = direct.argv.join(" ");
  if (chosen === "keep")
    return {
      decision: {
        id: START,
        what: `CMD keeps ${start.written}`,
        why:
          it.choices.get(START) === "keep"
            ? "you chose so"
            : `no source listens for SIGTERM: without ${start.manager} in front of it node would be killed after ten seconds`,
        doubtful: false,
        alternatives: [{ id: "direct", label: `start ${words}` }],
      },
    };
  return {
    starts: direct,
    decision: {
      id: START,
      what: `CMD starts ${words} itself`,
      why: ends
        ? `${start.written} does nothing else, and the program ends by itself when it is asked to`
        : isFetched
          ? `corepack would fetch ${start.manager} whenever the container starts; no source listens for SIGTERM, so that it is killed after ten seconds`
          : "you chose so",
      doubtful: isFetched && !ends,
      alternatives: isFetched ? [] : [{ id: "keep", label: `keep ${start.written}` }],
    },
  };
}

function ecosystemOf({ project, installs, builds }: NodeFacts): string {
  if (installs.some(({ manager }) => manager === "bun")) return "Bun";
  if (project?.dependencies.has("@nestjs/core")) return "Node (NestJS)";
  if (project?.dependencies.has("next")) return "Node (Next.js)";
  return builds.length > 0 && (project?.devDependencies.has("typescript") || project?.dependencies.has("typescript"))
    ? "Node (TypeScript)"
    : "Node";
}

/** The last RUN that changes the project's folder: what it is then is what runs. */
export function lastInFolder({ needs }: Case, facts: NodeFacts): Instruction | undefined {
  return needs.answers.findLast(
    ({ effect }) =>
      effect.command !== undefined &&
      effect.does !== "nothing" &&
      effect.does !== "packages" &&
      effect.does !== "accounts" &&
      touches(effect.writes, facts.root),
  )?.effect.instruction;
}

const below = (root: string): Place => files(everythingBelow(root));

const touches = (writes: Answer["effect"]["writes"], root: string): boolean =>
  writes !== "anything" && writes.some((place) => place.kind === "files" && overlap(place, below(root)));

const isWithin = (writes: Answer["effect"]["writes"], root: string): boolean =>
  writes !== "anything" &&
  writes.length > 0 &&
  writes.every((place) => place.kind === "files" && covers(below(root), place));

/** pnpm and yarn that corepack fetches when they are first started have nobody's cache in the new image. */
function keptManager({ it, start, facts }: NodeCase, isReplaced: boolean): string | undefined {
  if (isReplaced || start.manager === undefined || start.manager === "npm" || start.manager === "bun") return undefined;
  const fetched = it.needs.answers.some(({ effect }) => effect.command?.name === "corepack");
  return fetched || facts.installs.some(({ manager }) => manager === "yarn berry")
    ? `it starts ${start.written}, and corepack would fetch ${start.manager} whenever the container starts: write CMD with the program that the script starts`
    : undefined;
}

/** Where each instruction and command belongs. */
export function sidesIn(
  { it, facts, start }: NodeCase,
  last: Instruction,
  owner: Owner,
  isReplaced: boolean,
): (instruction: Instruction, command: ShellCommand | undefined) => Side | undefined {
  const started = new Set(start.steps.map(({ program }) => program));
  if (start.manager !== undefined && !isReplaced) started.add(start.manager);
  return (instruction, command) => {
    if (instruction.name === "COPY" || instruction.name === "ADD") {
      if (instruction.flags.some(({ name }) => name === "--from")) return undefined;
      const writes = it.needs.answers.find(({ effect }) => effect.instruction === instruction)?.effect.writes ?? [];
      if (!isWithin(writes, facts.root)) return undefined;
      return instruction.index < last.index ? "build" : "run";
    }
    if (instruction.name !== "RUN" || !command) return undefined;
    if (owner.commands.has(command)) return "both";
    const answer = it.needs.answers.find(
      ({ effect }) => effect.instruction === instruction && effect.command === command,
    );
    if (!answer) return undefined;
    const { does, writes } = answer.effect;
    if (facts.globals.includes(answer)) return globalSide(command, started);
    if (facts.installs.some((install) => install.answer === answer)) return "build";
    if (isNodeTool(command.name) && (does === "cleanup" || does === "nothing")) return "build";
    if (does === "files" && SIMPLE.test(command.name ?? "") && isElsewhere(writes, facts.root))
      return instruction.index > last.index ? "run" : "both";
    if (does === "build" || does === "dependencies" || does === "files" || does === "cleanup" || does === "download")
      return isWithin(writes, facts.root) ? "build" : undefined;
    return undefined;
  };
}

/** They need nothing but what is in every image. */
const SIMPLE = /^(?:ln|mkdir|touch|chmod|chown|echo|printf)$/;

/** Beside the project, where a program may read and write whatever nobody sees; not what tools keep for the user. */
const isElsewhere = (writes: Answer["effect"]["writes"], root: string): boolean =>
  writes !== "anything" &&
  writes.length > 0 &&
  writes.every(
    (place) =>
      place.kind === "files" &&
      !overlap(place, below(root)) &&
      !/^\/(?:root|tmp|home|var\/tmp)(?:\/|$)/.test(place.pattern),
  );

/** What is installed for everybody, and is no part of what starts, builds. */
function globalSide({ args, name }: ShellCommand, started: ReadonlySet<string | undefined>): Side {
  if (name === "corepack") return "build";
  return args.some(({ value }) => started.has(value.replace(/(?<=.)@.*$/, ""))) ? "both" : "build";
}

/** Whoever runs has to write there: the file gives it away, or the sources write and nobody has said where. */
export function isWritable({ it, facts, sources }: NodeCase, last: Instruction): boolean {
  const { dockerfile, stage, needs } = it;
  const own = usersOf(dockerfile, stage);
  const given =
    own.some(({ instruction, name }) => instruction.index < last.index && name !== undefined && !isRoot(name)) ||
    stage.instructions.some(
      ({ name, index, flags }) =>
        (name === "COPY" || name === "ADD") && index < last.index && flags.some((flag) => flag.name === "--chown"),
    ) ||
    needs.answers.some(({ effect: { command, writes } }) => command?.name === "chown" && touches(writes, facts.root));
  if (given) return true;
  // Files that were root's already stay so for a user the file names itself.
  if (own.length > 0) return false;
  // Next.js keeps pages it has made anew beside those of the build.
  if (facts.project?.dependencies.has("next")) return true;
  return sources === undefined || sources.some(({ source }) => source.writesFiles);
}

interface CarriedFiles {
  readonly carried: readonly Carried[];
  readonly decision: Decision;
}

const FILES = "files";

function carriedOf(node: NodeCase, last: Instruction): CarriedFiles {
  const { it, facts, pruned, output } = node;
  const writable = isWritable(node, last);
  const stage = pruned.between ? PRUNED : undefined;
  if (!output || (writable && output.manifest)) {
    return {
      carried: [
        {
          from: facts.root,
          to: facts.root,
          folder: true,
          at: last,
          ...(stage && { stage }),
          ...(writable && { writable }),
        },
      ],
      decision: {
        id: FILES,
        what: `${facts.root} is copied as a whole`,
        why: writable
          ? "the service may write there, and everything it could read comes along"
          : "everything it could read comes along",
        doubtful: false,
        alternatives: [],
      },
    };
  }
  const paths = [...output.files, ...output.folders].flatMap((path) => {
    const image = imagePath(it, path.context);
    return image === undefined ? [] : [{ image, folder: path.folder }];
  });
  const carry = (from: string, folder: boolean, by?: string): Carried => ({
    from,
    to: from,
    folder,
    at: last,
    ...(by !== undefined && { stage: by }),
  });
  const carried = [
    ...(output.manifest ? [carry(`${facts.root}/package.json`, false)] : []),
    ...(output.modules ? [carry(`${facts.root}/node_modules`, true, stage)] : []),
    ...paths.map(({ image, folder }) => carry(image, folder)),
    { ...carry(`${facts.root}/${output.folder}`, true), ...(writable && { writable }) },
  ];
  return {
    carried,
    decision: {
      id: FILES,
      what: output.manifest
        ? `of ${facts.root} everything is copied but sources, lock files and configuration of tools`
        : `of ${facts.root} only ${output.folder} is copied`,
      why: output.manifest
        ? `${output.why} writes to ${output.folder}, and no source names another of its folders`
        : `${output.why} writes all that runs to ${output.folder}, the modules it loads too`,
      doubtful: false,
      alternatives: [{ id: "whole", label: `copy ${facts.root} as a whole` }],
    },
  };
}
