/** Small notes in the text, few of them: what a variable in FROM comes to, and folders and users that are not where one looks for them. */
import { workdirAt } from "../../model/dockerfile/before.ts";
import { usersOf } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { hasVariable } from "../../model/dockerfile/variables.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";

export interface InlayNote {
  readonly at: number;
  readonly label: string;
  readonly tooltip: string;
}

const LONGEST = 60;

export function inlayHintsIn(dockerfile: Dockerfile, range: Span): readonly InlayNote[] {
  const notes = dockerfile.stages.flatMap((stage) =>
    stage.span.end < range.start || stage.span.start > range.end ? [] : stageNotes(dockerfile, stage),
  );
  return notes.filter(({ at }) => range.start <= at && at <= range.end).sort((a, b) => a.at - b.at);
}

function stageNotes(dockerfile: Dockerfile, stage: Stage): readonly InlayNote[] {
  const notes: InlayNote[] = [];
  const { image, base, from } = stage;
  if (image && hasVariable(image.text)) {
    const parent = base.kind === "stage" ? dockerfile.stages[base.stage] : undefined;
    const text = base.kind === "image" ? base.reference : parent?.name?.text;
    if (text !== undefined && text !== image.text)
      notes.push(note(image.span.end, text, "By the defaults of the ARGs above; --build-arg comes before them"));
  }
  for (const instruction of stage.instructions) {
    if (instruction.name === "WORKDIR") notes.push(...workdirNote(dockerfile, instruction));
    if (instruction.name === "USER" && hasVariable(instruction.args.text)) {
      const { text, known } = expandIn(dockerfile, instruction, instruction.args.text);
      const user = unquote(text, dockerfile.escape);
      if (known && user !== "") notes.push(note(instruction.args.span.end, user, "By the defaults above"));
    }
  }
  return [...notes, ...inheritedNotes(dockerfile, stage, from)];
}

/** Where a relative folder, or one with variables, is. */
function workdirNote(dockerfile: Dockerfile, instruction: Instruction): readonly InlayNote[] {
  const { args } = instruction;
  if (args.text === "" || (args.text.startsWith("/") && !hasVariable(args.text))) return [];
  const next = dockerfile.instructions[instruction.index + 1];
  const end = next && next.stage === instruction.stage ? workdirAt(dockerfile, next) : endOf(dockerfile, instruction);
  if (end === undefined || end === unquote(args.text, dockerfile.escape) || /^[A-Za-z]:/.test(args.text)) return [];
  return [note(args.span.end, end, "The folder of the instructions below, and of the container")];
}

/** The folder behind a WORKDIR that nothing follows. */
function endOf(dockerfile: Dockerfile, instruction: Instruction): string | undefined {
  const { text, known } = expandIn(dockerfile, instruction, instruction.args.text);
  const folder = unquote(text, dockerfile.escape);
  if (!known) return undefined;
  if (folder.startsWith("/")) return folder;
  const before = workdirAt(dockerfile, instruction);
  return before === undefined ? undefined : `${before === "/" ? "" : before}/${folder.replace(/^\.\//, "")}`;
}

/** At FROM: the folder and the user that an earlier stage has set, where this one runs something with them. */
function inheritedNotes(dockerfile: Dockerfile, stage: Stage, from: Instruction): readonly InlayNote[] {
  if (stage.base.kind !== "stage") return [];
  const relies = stage.instructions.find(({ name }) => RELIES.has(name));
  if (!relies) return [];
  const folder = isSetBefore(stage, relies, "WORKDIR") ? undefined : workdirAt(dockerfile, relies);
  const user = isSetBefore(stage, relies, "USER")
    ? undefined
    : usersOf(dockerfile, stage).findLast(({ instruction }) => instruction.stage !== stage.index)?.name;
  const said = [
    ...(user === undefined || user === "" ? [] : [`USER ${user}`]),
    ...(folder === undefined || folder === "/" ? [] : [`WORKDIR ${folder}`]),
  ];
  if (said.length === 0) return [];
  const end = from.args.span.end;
  const tooltip = "Set in the stage this one is built on, and in force here";
  return [{ at: end, label: said.join(", "), tooltip }];
}

const RELIES: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "CMD", "ENTRYPOINT"]);

const isSetBefore = (stage: Stage, before: Instruction, name: string): boolean =>
  stage.instructions.some((each) => each.name === name && each.index < before.index);

const note = (at: number, text: string, tooltip: string): InlayNote => ({
  at,
  label: `= ${text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text}`,
  tooltip,
});
