/** On which side of the cut each instruction belongs, and each part of a RUN: as the recipe says, else as need.ts has found out. */
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import { covers, everythingBelow, files, type Place, placeText } from "../../model/dockerfile/flow/place.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import type { Carried, Case, Side, Split } from "./recipe.ts";
import { type RunPart, runParts, setsShellUp } from "./run-parts.ts";

export type Refused = { readonly refused: string };

export interface SidedPart {
  readonly part: RunPart;
  readonly build: boolean;
  readonly run: boolean;
  /** Something that only a build does: the first stage goes on at least to here. */
  readonly makes: boolean;
  /** It installs packages of the distribution: which of them the image keeps is another matter. */
  readonly packages: boolean;
  /** It only takes away what was left over. */
  readonly cleanup: boolean;
}

export interface Sided {
  readonly instruction: Instruction;
  readonly build: boolean;
  readonly run: boolean;
  /** Of a RUN. */
  readonly parts: readonly SidedPart[];
  /** Why it is in no stage. */
  readonly drop: string | undefined;
}

export interface Sides {
  readonly instructions: readonly Sided[];
  /** Files that commands fetched or made, and that have to come along. */
  readonly carried: readonly Carried[];
}

/** Configuration of the image, which only the last stage has. */
const OWN: ReadonlySet<string> = new Set(
  "CMD ENTRYPOINT EXPOSE VOLUME STOPSIGNAL HEALTHCHECK LABEL MAINTAINER".split(" "),
);
const SHARED: ReadonlySet<string> = new Set("WORKDIR ENV ARG SHELL USER".split(" "));

export function sidesOf(it: Case, split: Split): Sides | Refused {
  const carried: Carried[] = [];
  const instructions: Sided[] = [];
  for (const instruction of it.stage.instructions) {
    if (instruction === it.stage.from) continue;
    const sided = sideOf(it, split, instruction, carried);
    if ("refused" in sided) return sided;
    instructions.push(sided);
  }
  return { instructions, carried };
}

function sideOf(it: Case, split: Split, instruction: Instruction, carried: Carried[]): Sided | Refused {
  if (instruction.name === "RUN") return runSides(it, split, instruction, carried);
  const said = split.side(instruction, undefined);
  if (typeof said === "object") return { instruction, build: false, run: false, parts: [], drop: said.drop };
  const side: Side = said ?? usualSide(it, instruction);
  const sides = { build: side !== "run", run: side !== "build", parts: [], drop: undefined };
  return { instruction, ...sides };
}

function usualSide(it: Case, instruction: Instruction): "build" | "run" | "both" {
  if (OWN.has(instruction.name)) return "run";
  if (SHARED.has(instruction.name)) return "both";
  const need = answersAt(it, instruction)[0]?.need;
  return need === "run" || need === "build" ? need : "both";
}

export const answersAt = ({ needs }: Case, instruction: Instruction): readonly Answer[] =>
  needs.answers.filter(({ effect }) => effect.instruction === instruction);

function runSides(it: Case, split: Split, instruction: Instruction, carried: Carried[]): Sided | Refused {
  const parts: SidedPart[] = [];
  for (const part of runParts(it.dockerfile, instruction)) {
    const sided = partSides(it, split, instruction, part, carried);
    if ("refused" in sided) return sided;
    parts.push(sided);
  }
  if (parts.length === 0) parts.push(...runParts(it.dockerfile, instruction).map(inBuild));
  const withState = parts.map(
    (sided, at): SidedPart =>
      setsShellUp(sided.part)
        ? { ...sided, build: true, run: parts.slice(at + 1).some((later) => later.run && !later.cleanup) }
        : sided,
  );
  const works = (sided: SidedPart): boolean => !setsShellUp(sided.part) && !sided.cleanup;
  return {
    instruction,
    build: withState.some((sided) => sided.build && works(sided)),
    run: withState.some((sided) => sided.run && works(sided)),
    parts: withState,
    drop: undefined,
  };
}

const inBuild = (part: RunPart): SidedPart => ({
  part,
  build: true,
  run: false,
  makes: false,
  packages: false,
  cleanup: false,
});

function partSides(
  it: Case,
  split: Split,
  instruction: Instruction,
  part: RunPart,
  carried: Carried[],
): SidedPart | Refused {
  const answers = answersAt(it, instruction).filter(
    ({ effect }) => effect.command === undefined || part.commands.includes(effect.command),
  );
  const commands = part.commands.length > 0 ? part.commands : [undefined];
  const sides = commands.map((command) => split.side(instruction, command));
  if (sides.every((side) => side !== undefined)) {
    const build = sides.some((side) => side === "build" || side === "both");
    const run = sides.some((side) => side === "run" || side === "both");
    return { part, build, run, makes: build, packages: isInstall(answers), cleanup: isCleanup(answers) };
  }
  const named = sides.filter((side) => side !== undefined);
  let build = named.some((side) => side === "build" || side === "both");
  let makes = build;
  let run = named.some((side) => side === "run" || side === "both");
  for (const answer of answers) {
    if (split.side(instruction, answer.effect.command) !== undefined) continue;
    const side = commandSide(answer, split, carried);
    if (typeof side === "object") return side;
    build ||= side !== "run";
    makes ||= side === "build" && answer.effect.does !== "cleanup" && answer.effect.does !== "nothing";
    run ||= side !== "build";
  }
  return { part, build, run, makes, packages: isInstall(answers), cleanup: isCleanup(answers) };
}

const isInstall = (answers: readonly Answer[]): boolean =>
  answers.length > 0 && answers.every(({ effect }) => effect.does === "packages" || effect.does === "nothing");
const isCleanup = (answers: readonly Answer[]): boolean =>
  answers.length > 0 && answers.every(({ effect }) => effect.does === "cleanup" || effect.does === "nothing");

/** What is known of a command that the recipe says nothing about. */
function commandSide(answer: Answer, split: Split, carried: Carried[]): "build" | "run" | "both" | Refused {
  const { effect, need, places } = answer;
  switch (effect.does) {
    case "packages":
      return "both";
    case "accounts":
      return "both";
    case "cleanup":
    case "nothing":
      return "build";
    case "files":
      return need === "build" || comesAlong(answer, split) ? "build" : "both";
    case "download":
      return need === "build" ? "build" : download(answer, carried);
    case "build":
    case "dependencies":
      return need === "build"
        ? "build"
        : {
            refused: `${commandText(effect.command)} makes ${placesText(places)}, and it is not known what of it runs`,
          };
    default:
      return { refused: `it is not known what ${commandText(effect.command)} leaves behind` };
  }
}

/** It changes only files that are copied afterwards, as they are then; their owner is not copied. */
const comesAlong = ({ effect: { command, writes } }: Answer, { carried }: Split): boolean =>
  command?.name !== "chown" &&
  writes !== "anything" &&
  writes.length > 0 &&
  writes.every(
    (place) =>
      place.kind === "files" &&
      carried.some(({ from, folder }) => covers(files(folder ? everythingBelow(from) : from), place)),
  );

/** Single files that were fetched come along as they are. */
function download({ effect, places }: Answer, carried: Carried[]): "build" | Refused {
  const single = places.flatMap((place) =>
    place.kind === "files" && place.realm === "image" && !place.pattern.includes("*") ? [place.pattern] : [],
  );
  if (single.length === 0 || single.length < places.length)
    return {
      refused: `${commandText(effect.command)} fetches ${placesText(places)}, and it is not known what of it runs`,
    };
  carried.push(...single.map((path) => ({ from: path, to: path, folder: false, at: effect.instruction })));
  return "build";
}

const placesText = (places: readonly Place[]): string =>
  places.length === 0 ? "something" : places.slice(0, 3).map(placeText).join(", ");

const MAX_WORDS = 4;

/** The first words of a command. */
export function commandText(command: ShellCommand | undefined): string {
  if (!command) return "a RUN in another form";
  const words = [command.name ?? "a command", ...command.args.map(({ text }) => text)];
  return `${words.slice(0, MAX_WORDS).join(" ")}${words.length > MAX_WORDS ? " …" : ""}`;
}
