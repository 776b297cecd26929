/** The layers of an image as rows: what made each, what it weighs, whether it is the base image's, where its instruction stands. */
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import { lineageInstructions, rootBase } from "../model/dockerfile/stages.ts";
import type { Span } from "../text/edit.ts";
import { stageOf } from "./built.ts";
import type { ImageFacts } from "./facts.ts";
import { readStep, stepsOfLayers } from "./history.ts";
import { matchSteps } from "./match.ts";
import type { LayerRow } from "./rows.ts";

/** The Dockerfile an image was built from. */
export interface BuiltFrom {
  readonly dockerfile: Dockerfile;
  readonly target: string | undefined;
}

/** What is said of an image's layers by its history and by the Dockerfile. */
export interface Origins {
  /** For each layer, the steps of the history that made it; none where the history does not say. */
  readonly steps: readonly (readonly number[])[];
  /** For each step of the history, the instruction it comes from. */
  readonly matched: readonly (Instruction | undefined)[];
  /** For each layer, the instructions that made it: usually one. */
  readonly makers: readonly (readonly Instruction[])[];
  /** So many of the lowest layers are the base image's. */
  readonly baseLayers: number;
  /** What FROM names. */
  readonly baseImage: string | undefined;
}

/** Lines count from 0. */
export type LineOf = (span: Span) => { readonly line: number; readonly endLine: number };

/** `bases`: the layers of images that may be its base, by diff_id. */
export function originsOf(
  facts: ImageFacts,
  source: BuiltFrom | undefined,
  bases: readonly (readonly string[])[] = [],
): Origins {
  const { history, layers } = facts;
  const steps = stepsOfLayers(history, layers);
  const known = Math.max(0, ...bases.map((base) => prefixLength(facts, base)));
  // What is known to be the base image's comes from no instruction, whatever it looks like.
  const below = Math.max(-1, ...(steps[known - 1] ?? [])) + 1;
  const matched: readonly (Instruction | undefined)[] = source
    ? [
        ...history.slice(0, below).map(() => undefined),
        ...matchSteps(history.slice(below), source.dockerfile, source.target),
      ]
    : history.map(() => undefined);
  const stage = source && stageOf(source.dockerfile, source.target);
  const base = stage && rootBase(source.dockerfile, stage);
  const above = source && base?.kind !== "scratch" ? baseByMatch(source, steps, matched) : 0;
  return {
    steps,
    matched,
    makers: steps.map((made) => made.flatMap((at) => matched[at] ?? [])),
    baseLayers: known > 0 ? known : above,
    baseImage: base?.kind === "image" ? base.reference : facts.base.name,
  };
}

/** All of the base's layers are the lowest ones of the image: so many, or none. */
function prefixLength({ layers }: ImageFacts, base: readonly string[]): number {
  const fits = base.length <= layers.length && base.every((diffId, at) => layers[at]?.diffId === diffId);
  return fits ? base.length : 0;
}

/** The layers below the first step that an instruction made. */
function baseByMatch({ dockerfile, target }: BuiltFrom, steps: Origins["steps"], matched: Origins["matched"]): number {
  const first = matched.findIndex((instruction) => instruction !== undefined);
  if (first !== -1) {
    const at = steps.findIndex((made) => made.some((step) => step >= first));
    return at === -1 ? steps.length : at;
  }
  // An image of nothing but FROM is its base. Where there is more and nothing of it is found, nobody knows.
  const stage = stageOf(dockerfile, target);
  const own = stage ? lineageInstructions(dockerfile, stage).filter(({ name }) => name !== "FROM") : [];
  return stage && own.length === 0 ? steps.length : 0;
}

const MAX_TEXT = 300;
/** Kinds of recognised things said of one layer. */
const MAX_RECOGNISED = 3;

export function layerRows(facts: ImageFacts, origins: Origins, lineOf: LineOf): readonly LayerRow[] {
  const total = totalBytes(facts);
  let cumulative = 0;
  return facts.layers.map(({ digest, diffId, bytes, compressedBytes, cost }, layer): LayerRow => {
    cumulative += bytes;
    const texts = (origins.steps[layer] ?? []).flatMap((at) => readStep(facts.history[at] ?? NO_STEP));
    const maker = origins.makers[layer]?.at(-1);
    const recognised = [
      ...new Set((facts.files?.recognised ?? []).filter((each) => each.layer === layer).map(({ title }) => title)),
    ].slice(0, MAX_RECOGNISED);
    return {
      layer,
      text: shortened(texts.map(({ keyword, text }) => `${keyword} ${text}`.trim()).join("; ")),
      keyword: texts.at(-1)?.keyword ?? "",
      bytes,
      cumulative,
      share: total === 0 ? 0 : bytes / total,
      ofBase: layer < origins.baseLayers,
      ...(compressedBytes !== undefined && { compressedBytes }),
      ...cost,
      ...(maker && lineOf(maker.span)),
      ...(recognised.length > 0 && { recognised }),
      ...(digest !== undefined && { digest }),
      ...(diffId !== undefined && { diffId }),
    };
  });
}

const NO_STEP = { createdBy: "", comment: undefined };

export const totalBytes = ({ layers }: Pick<ImageFacts, "layers">): number =>
  layers.reduce((sum, { bytes }) => sum + bytes, 0);

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
};
