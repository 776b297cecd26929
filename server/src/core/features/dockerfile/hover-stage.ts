/** A stage where it is named: what it is built on, what it copies, who uses it. */
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { finalStage, rootBase } from "../../model/dockerfile/stages.ts";
import { escaped } from "../../text/markdown.ts";
import { code } from "../compose/markdown.ts";
import { paragraphs } from "./documentation.ts";
import type { DockerfileHover } from "./hover-model.ts";
import { stagePlaces } from "./stage-places.ts";

export function hoverStage(dockerfile: Dockerfile, offset: number): DockerfileHover | undefined {
  const place = stagePlaces(dockerfile).find(({ span }) => span.start <= offset && offset <= span.end);
  return place && { span: place.span, text: stageText(dockerfile, place.stage) };
}

/** Those without a name are counted. */
const nameOf = ({ name, index }: Stage): string => (name ? code(name.text) : `stage ${index + 1}`);

function stageText(dockerfile: Dockerfile, stage: Stage): string {
  const { stages } = dockerfile;
  const base = rootBase(dockerfile, stage);
  const lines: (readonly [string, string | undefined])[] = [
    ["Built on", builtOn(dockerfile, stage)],
    ["Base image", stage.base.kind === "stage" && base.kind === "image" ? code(base.reference) : undefined],
    ["Platform", stage.platform?.value && code(stage.platform.value.text)],
    ["Copies from", listed(sourcesOf(dockerfile, stage))],
    ["Used by", listed(usersOf(dockerfile, stage))],
  ];
  const place = `stage ${stage.index + 1} of ${stages.length}`;
  const isLast = finalStage(dockerfile) === stage;
  const isUnused = !isLast && usersOf(dockerfile, stage).length === 0;
  return paragraphs(
    stage.name ? `**${escaped(stage.name.text)}**: ${place}` : place,
    lines.flatMap(([label, text]) => (text === undefined ? [] : [`- ${label}: ${text}`])).join("\n"),
    isLast ? "The last stage: what is built unless `--target` names another." : undefined,
    isUnused ? "No other stage uses it: it is built only with `--target`." : undefined,
  );
}

function builtOn({ stages }: Dockerfile, { base, image }: Stage): string | undefined {
  if (base.kind === "stage") return `the stage ${code(stages[base.stage]?.name?.text ?? String(base.stage))}`;
  if (base.kind === "scratch") return "nothing (`scratch`)";
  return image && code(base.kind === "image" ? base.reference : image.text);
}

const MOST = 8;

function listed(texts: readonly string[]): string | undefined {
  if (texts.length === 0) return undefined;
  const more = texts.length > MOST ? ` and ${texts.length - MOST} more` : "";
  return `${texts.slice(0, MOST).join(", ")}${more}`;
}

/** Stages and images that its instructions take from, in order, each once. */
function sourcesOf(dockerfile: Dockerfile, stage: Stage): readonly string[] {
  const found = fromReferences(dockerfile).flatMap(({ instruction, source, word }) => {
    if (instruction.stage !== stage.index) return [];
    return [
      source.kind === "stage" ? nameOf(source.stage) : code(source.kind === "other" ? source.reference : word.text),
    ];
  });
  return [...new Set(found)];
}

/** Stages that are FROM it, or take from it. */
function usersOf(dockerfile: Dockerfile, stage: Stage): readonly string[] {
  const { stages } = dockerfile;
  const uses = new Map<number, Set<string>>();
  const add = (user: number, how: string): void => void uses.set(user, (uses.get(user) ?? new Set()).add(how));
  for (const { base, index } of stages) if (base.kind === "stage" && base.stage === stage.index) add(index, "FROM");
  for (const { instruction, source } of fromReferences(dockerfile))
    if (source.kind === "stage" && source.stage === stage)
      add(instruction.stage, instruction.name === "RUN" ? "a mount" : instruction.name);
  return [...uses]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([index, how]) => {
      const user = stages[index];
      return user ? [`${nameOf(user)} (${[...how].join(", ")})`] : [];
    });
}
