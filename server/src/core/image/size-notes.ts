/** What an image that was built from a Dockerfile weighs, beside its instructions: where it stands now, and what it says. */
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import { bytesText, shareText } from "../text/bytes.ts";
import { type BuiltStep, type Place, placesOf, stageOf, stepsIn } from "./built.ts";
import type { ImageFacts } from "./facts.ts";
import { totalBytes } from "./layer-rows.ts";
import type { LayerRow } from "./rows.ts";

/** An image and what the Dockerfile said when it was looked at first. */
export interface BuiltImage {
  readonly title: string;
  readonly facts: ImageFacts;
  readonly rows: readonly LayerRow[];
  readonly target: string | undefined;
  readonly steps: readonly BuiltStep[];
  /** For each layer the step that made it, the last one where it was several. */
  readonly stepOf: readonly (number | undefined)[];
  /** For each layer, how many instructions made it. */
  readonly makers: readonly number[];
  /** Steps from this one on were changed before. */
  readonly staleFrom: number;
  readonly baseBytes: number;
  /** Against the one before: how much larger it is, and those of its layers that are not what they were. */
  readonly grown: { readonly bytes: number; readonly layers: ReadonlyMap<number, number> } | undefined;
}

export interface LayerPlace {
  readonly row: LayerRow;
  readonly instruction: Instruction;
  readonly stale: boolean;
}

/** Where the layers' instructions stand now; those that are gone are left out. */
export function layerPlaces(
  image: BuiltImage,
  dockerfile: Dockerfile,
): { readonly layers: readonly LayerPlace[]; readonly stale: boolean } {
  const now = stepsIn(dockerfile, image.target);
  const places = placesOf(image.steps, now, image.staleFrom);
  const layers = image.rows.flatMap((row): readonly LayerPlace[] => {
    const step = image.stepOf[row.layer];
    const place: Place | undefined = step === undefined ? undefined : places[step];
    return place?.instruction ? [{ row, instruction: place.instruction, stale: place.stale }] : [];
  });
  return { layers, stale: now.length !== places.length || places.some(({ stale }) => stale) };
}

export interface SizeNote {
  readonly instruction: Instruction;
  readonly label: string;
  /** Of the whole; absent on that itself. */
  readonly share?: string;
  /** Paragraphs. */
  readonly about: readonly string[];
}

const BEFORE = " before your edits";

/** For each layer that stores or hides something one, and the whole at the FROM of the stage that was built, which comes first. */
export function sizeNotes(image: BuiltImage, dockerfile: Dockerfile): readonly SizeNote[] {
  const { layers, stale } = layerPlaces(image, dockerfile);
  const stage = stageOf(dockerfile, image.target);
  return [
    ...(stage ? [totalNote(image, stage.from, stale)] : []),
    ...layers.filter(({ row }) => row.bytes > 0 || (row.hidesBytes ?? 0) > 0).map((place) => layerNote(image, place)),
  ];
}

/** Another number than the bytes of files is named. */
const MEANING: Readonly<Record<ImageFacts["sizeMeaning"], string>> = {
  content: "",
  snapshot: "",
  compressed: " compressed",
};

function totalNote(
  { facts, title, baseBytes, grown, rows }: BuiltImage,
  instruction: Instruction,
  stale: boolean,
): SizeNote {
  const total = totalBytes(facts);
  const ofBase = rows.some((row) => row.ofBase) ? ` · ${bytesText(baseBytes)} of it base` : "";
  const wasted = facts.files?.wasted;
  return {
    instruction,
    label: `${bytesText(total)}${MEANING[facts.sizeMeaning]}${ofBase}${stale ? BEFORE : ""}`,
    about: [
      `${title}: ${counted(rows.length, "layer")}${facts.files ? `, ${counted(facts.files.count, "file")}` : ""} (${facts.sizeNote})`,
      ...(wasted && wasted.bytes > 0
        ? [`${bytesText(wasted.bytes)} (${shareText(wasted.bytes / Math.max(1, total))}) are stored and not visible`]
        : []),
      ...(grown && grown.bytes !== 0 ? [`${signed(grown.bytes)} against the one before`] : []),
      ...(stale ? ["The Dockerfile was changed since it was built"] : []),
    ],
  };
}

function layerNote({ facts, rows, makers }: BuiltImage, { row, instruction, stale }: LayerPlace): SizeNote {
  const { layer, bytes, share, files, added = 0, modified = 0, removed = 0, wastedBytes = 0, hidesBytes = 0 } = row;
  const size = bytes > 0 ? bytesText(bytes) : `0 B · hides ${bytesText(hidesBytes)}`;
  return {
    instruction,
    label: `${size}${MEANING[facts.sizeMeaning]}${stale ? BEFORE : ""}`,
    share: shareText(share),
    about: [
      `Layer ${layer + 1} of ${rows.length}, ${shareText(share)} of the image`,
      ...((makers[layer] ?? 0) > 1 ? [`${makers[layer]} instructions made it together; this is the last of them`] : []),
      ...(files === undefined
        ? []
        : [`${number(files)} files: ${number(added)} added, ${number(modified)} changed, ${number(removed)} removed`]),
      ...(row.compressedBytes !== undefined && facts.sizeMeaning !== "compressed"
        ? [`${bytesText(row.compressedBytes)} compressed`]
        : []),
      ...(wastedBytes > 0 ? [`${bytesText(wastedBytes)} of it are not visible in the end`] : []),
      ...(hidesBytes > 0 ? [`It hides ${bytesText(hidesBytes)}, which stay stored`] : []),
      ...(row.recognised ? [`In it: ${row.recognised.join(", ")}`] : []),
      ...(stale ? ["This instruction, or one above it, was changed since it was built"] : []),
    ],
  };
}

const number = (value: number): string => value.toLocaleString("en-US");
const counted = (count: number, one: string): string => `${number(count)} ${count === 1 ? one : `${one}s`}`;
const signed = (bytes: number): string => (bytes > 0 ? `+${bytesText(bytes)}` : bytesText(bytes));
