/** On which side of the cut each instruction belongs, and each part of a RUN: as the recipe says, else as need.ts has found out. */
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import { purposeOf } from "../../model/dockerfile/flow/purposes.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import type { Carried, Case, Side, Split } from "./recipe.ts";
import { comesAlong, download, isTool, tool } from "./along.ts";
import { configures, setsSources, setsSystem, staysFolder } from "./kept.ts";
import { makesWay } from "./makes-way.ts";
import { type RunPart, runParts, setsShellUp } from "./run-parts.ts";
import { answersAt, type Refused, type Sided, type SidedPart, type Sides } from "./sided.ts";
import { commandText, placesText } from "./told.ts";

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

function runSides(it: Case, split: Split, instruction: Instruction, carried: Carried[]): Sided | Refused {
  const parts: SidedPart[] = [];
  for (const part of runParts(it.dockerfile, instruction)) {
    const sided = partSides(it, split, instruction, part, carried);
    if ("refused" in sided) return sided;
    parts.push(sided);
  }
  if (parts.length === 0) parts.push(...runParts(it.dockerfile, instruction).map(inBuild));
  const cleaned = parts.map((sided, at) =>
    makesWay(it, split, instruction, sided, parts.slice(at + 1)) ? { ...sided, run: true, cleanup: false } : sided,
  );
  const { text } = it.dockerfile;
  const withState = cleaned.map((sided, at): SidedPart => {
    if (!setsShellUp(sided.part)) return sided;
    const later = cleaned.slice(at + 1).filter((each) => each.run && !each.cleanup && !setsShellUp(each.part));
    const own = text.slice(sided.part.span.start, sided.part.span.end);
    const name = /\$\(|`/.test(own) ? /(\w+)=/.exec(own)?.[1] : undefined;
    // What a command finds out is of no use where nobody reads it.
    const isRead =
      name === undefined ||
      later.some(({ part }) => new RegExp(`\\$\\{?${name}\\b`).test(text.slice(part.span.start, part.span.end)));
    return { ...sided, build: true, run: later.length > 0 && isRead, packages: false, cleanup: false };
  });
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
  const file = packageFile(answers);
  if (file !== undefined)
    return {
      refused: `${file} is a package that was fetched as a file: install it in one RUN that also fetches it, in a stage of its own`,
    };
  if (answers.some(setsSources) && answers.every((each) => setsSources(each) || isHarmless(each)))
    return {
      part,
      build: true,
      run: installsLater(it, split, instruction),
      makes: false,
      packages: false,
      cleanup: false,
    };
  const named = sides.filter((side) => side !== undefined);
  let build = named.some((side) => side === "build" || side === "both");
  let makes = build;
  let run = named.some((side) => side === "run" || side === "both");
  for (const answer of answers) {
    if (split.side(instruction, answer.effect.command) !== undefined) continue;
    const side = commandSide(it, answer, split, carried);
    if (typeof side === "object") return side;
    build ||= side !== "run";
    makes ||= side === "build" && answer.effect.does !== "cleanup" && answer.effect.does !== "nothing";
    run ||= side !== "build";
  }
  // A heredoc, a loop: it cannot be cut.
  if (
    run &&
    makes &&
    named.some((side) => side === "build") &&
    answers.some(({ effect }) => effect.does === "packages")
  ) {
    const kept = packagesOf(answers).filter((name) => (split.purpose?.(name) ?? purposeOf(name)) !== "build");
    if (kept.length > 0)
      return {
        refused: `one RUN installs ${kept.slice(0, 3).join(", ")} and builds, and it cannot be cut: write a RUN for each`,
      };
    run = false;
  }
  return { part, build, run, makes, packages: isInstall(answers), cleanup: isCleanup(answers) };
}

const packagesOf = (answers: readonly Answer[]): readonly string[] =>
  answers.flatMap(({ effect: { does, writes } }) =>
    does !== "packages" || writes === "anything"
      ? []
      : writes.flatMap((place) => (place.kind === "package" ? [place.name] : [])),
  );

/** A package of the distribution that no server of its has: the last stage would have to fetch it as well. */
const packageFile = (answers: readonly Answer[]): string | undefined =>
  answers
    .flatMap(({ effect: { command } }) => {
      const words = command?.args.map(({ value }) => value) ?? [];
      const installs = /^(?:dpkg|gdebi)$/.test(command?.name ?? "")
        ? words.some((word) => /^(?:-\w*i\w*|--install)$/.test(word) || word.endsWith(".deb"))
        : /^(?:apt|apt-get|apk|dnf|yum|rpm)$/.test(command?.name ?? "");
      return installs ? words.filter((word) => /\.(?:deb|rpm|apk)$/.test(word) || /^\.?\//.test(word)) : [];
    })
    .find((word) => !word.startsWith("-"));

/** What is piped into such a command: it leaves nothing of its own. */
const isHarmless = ({ effect: { does } }: Answer): boolean => does === "nothing" || does === "download";

/** The RUN, or a later one, installs packages that the last stage needs. */
const installsLater = ({ needs }: Case, split: Split, at: Instruction): boolean =>
  needs.answers.some(
    (answer) =>
      answer.effect.instruction.index >= at.index &&
      packagesOf([answer]).some((name) => (split.purpose?.(name) ?? purposeOf(name)) !== "build"),
  );

const isInstall = (answers: readonly Answer[]): boolean =>
  answers.length > 0 && answers.every(({ effect }) => effect.does === "packages" || effect.does === "nothing");
const isCleanup = (answers: readonly Answer[]): boolean =>
  answers.length > 0 && answers.every(({ effect }) => effect.does === "cleanup" || effect.does === "nothing");

/** What is known of a command that the recipe says nothing about. */
function commandSide(it: Case, answer: Answer, split: Split, carried: Carried[]): "build" | "run" | "both" | Refused {
  const { effect, need, places } = answer;
  if (configures(answer)) return "both";
  switch (effect.does) {
    case "packages":
      return "both";
    case "accounts":
      return "both";
    case "cleanup":
    case "nothing":
      return "build";
    case "files":
      if (comesAlong(answer, split)) return "build";
      if (setsSystem(answer) || staysFolder(it, answer)) return "both";
      if (need === "build" && isTool(answer)) return tool(answer, carried);
      return need === "build" ? "build" : "both";
    case "download":
      if (need === "build" && isTool(answer)) return tool(answer, carried);
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
