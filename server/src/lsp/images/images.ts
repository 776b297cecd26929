/** The images that are open, what the Dockerfiles were when they were looked at, and what is asked of the thread about them. */
import { firstUnbuilt, stepsIn } from "../../core/image/built.ts";
import { layerPairs } from "../../core/image/changes.ts";
import type { ImageFacts } from "../../core/image/facts.ts";
import { type LineOf, layerRows, type Origins, originsOf, totalBytes } from "../../core/image/layer-rows.ts";
import type { FolderPage, FolderQuestion, ImageChanges, LayerRow } from "../../core/image/rows.ts";
import type { BuiltImage } from "../../core/image/size-notes.ts";
import { suggestionsOf } from "../../core/image/suggestions.ts";
import type { Dockerfile } from "../../core/model/dockerfile/model.ts";
import type { Finding } from "../../core/rule.ts";
import type { ImageSource } from "../../effects/image/source.ts";
import type { OpenedImage } from "../messages.ts";
import { nameOf } from "../scan-summaries.ts";
import type { RegistrySettings } from "../settings.ts";
import { type AskOptions, createImageThread, type ImageThreadOptions, ThreadFailure } from "./thread.ts";

/** The Dockerfile an image was built from, as it is now. */
export interface OpenDockerfile {
  readonly uri: string;
  readonly target: string | undefined;
  readonly dockerfile: Dockerfile;
  readonly findings: readonly Finding[];
  readonly lineOf: LineOf;
  /** Fixes that ask a registry first are offered. */
  readonly offers: boolean;
}

export interface OpenRequest {
  readonly source: ImageSource;
  readonly deep: boolean;
  readonly registry: RegistrySettings;
  /** Looked at when the image is there: somebody may have written in it meanwhile. */
  readonly builtFrom: () => Promise<OpenDockerfile | undefined>;
}

export interface Images {
  /** @throws ThreadFailure; the signal's reason */
  readonly open: (request: OpenRequest, options: AskOptions) => Promise<OpenedImage>;
  /** @throws ThreadFailure; the signal's reason */
  readonly folder: (
    id: string,
    question: FolderQuestion,
    against: string | undefined,
    signal: AbortSignal,
  ) => Promise<FolderPage>;
  /** @throws ThreadFailure; the signal's reason */
  readonly compare: (a: string, b: string, signal: AbortSignal) => Promise<ImageChanges>;
  readonly close: (id: string) => Promise<void>;
  /** Of an open image that was built from a Dockerfile. */
  readonly builtOf: (id: string) => (BuiltImage & { readonly uri: string }) | undefined;
  /** What is shown in a Dockerfile, the newest last. */
  readonly shownIn: (uri: string) => readonly BuiltImage[];
  /** Another number once something else is shown in it. */
  readonly revision: (uri: string) => number;
  readonly documentClosed: (uri: string) => void;
  readonly dispose: () => void;
}

interface Opened {
  readonly id: string;
  readonly facts: ImageFacts;
  readonly rows: readonly LayerRow[];
  readonly name: string;
  readonly uri?: string;
  readonly built?: BuiltImage;
}

/** Nobody closes what an editor forgot. */
const MOST_OPEN = 50;
/** Images of one Dockerfile and target, for what changed since the last one. */
const MOST_BEFORE = 4;

const CLOSED = "The image is not open any more; open it again";
const OUTLINE = "Only the sizes of its layers are known; open it with its files";

export function createImages(options: ImageThreadOptions): Images {
  const thread = createImageThread(options);
  const opened = new Map<string, Opened>();
  /** By Dockerfile, then by target. */
  const before = new Map<string, Map<string, readonly Opened[]>>();
  const revisions = new Map<string, number>();
  let count = 0;

  const close = async (id: string): Promise<void> => {
    if (!opened.delete(id)) return;
    await thread.ask("close", { image: id });
    if (opened.size === 0) thread.rest();
  };

  const openOf = (id: string): Opened => {
    const found = opened.get(id);
    if (!found) throw new ThreadFailure(CLOSED);
    return found;
  };
  const deepOf = (id: string): Opened => {
    const found = openOf(id);
    if (!found.facts.deep) throw new ThreadFailure(OUTLINE);
    return found;
  };

  /** Layers of images that are known to be its base: those FROM or the image's label names. */
  const basesOf = (facts: ImageFacts, image: string | undefined): readonly (readonly string[])[] => {
    const isBase = (other: Opened): boolean =>
      (facts.base.digest !== undefined && facts.base.digest === other.facts.digest) ||
      (image !== undefined && nameOf(image) === other.name);
    return [...opened.values()]
      .filter((other) => isBase(other) && other.facts.layers.length < facts.layers.length)
      .flatMap(({ facts: { layers } }) => {
        const ids = layers.map(({ diffId }) => diffId).filter((id) => id !== undefined);
        return ids.length === layers.length && ids.length > 0 ? [ids] : [];
      });
  };

  const remember = ({ uri, target = "" }: OpenDockerfile, image: Opened): void => {
    const targets = before.get(uri) ?? new Map<string, readonly Opened[]>();
    const others = (targets.get(target) ?? []).filter(({ facts }) => !isSame(facts, image.facts));
    // The newest image of a file is the one whose sizes are shown last, over those of other targets.
    targets.delete(target);
    targets.set(target, [...others, image].slice(-MOST_BEFORE));
    before.set(uri, targets);
    revisions.set(uri, (revisions.get(uri) ?? 0) + 1);
  };

  const lastOf = ({ uri, target }: OpenDockerfile, facts: ImageFacts): Opened | undefined =>
    (before.get(uri)?.get(target ?? "") ?? []).findLast(
      (other) => !isSame(other.facts, facts) && other.facts.sizeMeaning === facts.sizeMeaning,
    );

  return {
    async open({ source, deep, registry, builtFrom }, asking) {
      const id = `image-${++count}`;
      const facts = await thread.ask("open", { image: id, source, deep, registry }, asking);
      const from = await builtFrom();
      const plain = originsOf(facts, from);
      const origins = originsOf(facts, from, basesOf(facts, plain.baseImage));
      const rows = layerRows(facts, origins, from?.lineOf ?? (() => ({ line: 0, endLine: 0 })));
      const name = titleOf(source);
      const last = from && lastOf(from, facts);
      const history = last && historyOf(last, facts, rows);
      const built = from && builtImage(from, { title: name, facts, rows, origins, history });
      const image: Opened = {
        id,
        facts,
        rows,
        name: source.kind === "path" ? source.path : nameOf(source.image),
        ...(from && built && { uri: from.uri, built }),
      };
      opened.set(id, image);
      if (from) remember(from, image);
      const [oldest] = opened.keys();
      if (opened.size > MOST_OPEN && oldest !== undefined) void close(oldest).catch(() => {});
      return {
        id,
        title: name,
        ...described(facts),
        layers: rows,
        suggestions: suggestionsOf(facts, origins, from),
        ...(origins.baseLayers > 0 && { base: baseOf(facts, origins) }),
        ...(history && { history }),
      };
    },

    async folder(id, question, against, signal) {
      const image = deepOf(id);
      if (against === undefined) return thread.ask("folder", { image: id, question }, { signal });
      const { layer } = question;
      const other = deepOf(against);
      const pairs = layer === null ? [] : layerPairs(other.rows, image.rows);
      const paired = layer === null ? null : pairs.find(({ b }) => b === layer)?.a;
      return thread.ask("folder", { image: id, question, against: { image: against, layer: paired } }, { signal });
    },

    async compare(a, b, signal) {
      const [first, second] = [openOf(a), openOf(b)];
      const bytesOf = sharedMeaning(first.facts, second.facts);
      const layers = layerPairs(first.rows, second.rows, bytesOf);
      const bytes = layers.reduce((sum, { bytesA, bytesB }) => sum + bytesB - bytesA, 0);
      if (!first.facts.deep || !second.facts.deep) return { layers, bytes };
      return { layers, bytes, ...(await thread.ask("changes", { a, b }, { signal })) };
    },

    close,

    builtOf(id) {
      const { uri, built } = opened.get(id) ?? {};
      return uri !== undefined && built ? { ...built, uri } : undefined;
    },
    shownIn: (uri) => [...(before.get(uri)?.values() ?? [])].flatMap((images) => images.at(-1)?.built ?? []),
    revision: (uri) => revisions.get(uri) ?? 0,

    documentClosed(uri) {
      if (before.delete(uri)) revisions.set(uri, (revisions.get(uri) ?? 0) + 1);
    },

    dispose: () => thread.dispose(),
  };
}

/** As people call it. */
const titleOf = (source: ImageSource): string =>
  source.kind === "path" ? (source.path.split(/[\\/]/).findLast((part) => part !== "") ?? source.path) : source.image;

/** Of the same layers: whatever the configuration says, nothing grew. */
function isSame(a: ImageFacts, b: ImageFacts): boolean {
  const ids = ({ layers }: ImageFacts): readonly (string | undefined)[] => layers.map(({ diffId }) => diffId);
  const [ofA, ofB] = [ids(a), ids(b)];
  if ([...ofA, ...ofB].includes(undefined)) return a.digest !== undefined && a.digest === b.digest;
  return ofA.length === ofB.length && ofA.every((id, at) => id === ofB[at]);
}

function described(facts: ImageFacts): Omit<OpenedImage, "id" | "title" | "layers" | "suggestions"> {
  const { files, layers, platform, deep, sizeMeaning, sizeNote } = facts;
  const digest = facts.digest ?? facts.configDigest;
  const compressed = layers.map(({ compressedBytes }) => compressedBytes).filter((bytes) => bytes !== undefined);
  const none = { rows: [], count: 0, bytes: 0 };
  return {
    deep,
    sizeMeaning,
    sizeNote,
    ...(digest !== undefined && { digest }),
    ...(platform !== undefined && { platform }),
    totals: {
      bytes: totalBytes(facts),
      ...(compressed.length === layers.length && { compressedBytes: sum(compressed) }),
      ...(files && { wastedBytes: files.wasted.bytes, files: files.count }),
    },
    wasted: files?.wasted ?? none,
    duplicates: files?.duplicates ?? none,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const baseOf = ({ layers }: ImageFacts, { baseLayers, baseImage }: Origins): NonNullable<OpenedImage["base"]> => ({
  ...(baseImage !== undefined && { image: baseImage }),
  layers: baseLayers,
  bytes: sum(layers.slice(0, baseLayers).map(({ bytes }) => bytes)),
});

function historyOf(
  { id, facts: old, rows: oldRows }: Opened,
  facts: ImageFacts,
  rows: readonly LayerRow[],
): NonNullable<OpenedImage["history"]> {
  const changed = layerPairs(oldRows, rows).flatMap(({ a, b, bytesA, bytesB }) =>
    a !== undefined && b !== undefined && bytesA !== bytesB ? [{ layer: b, bytes: bytesB - bytesA }] : [],
  );
  return { id, bytes: totalBytes(facts) - totalBytes(old), layers: changed };
}

interface Seen {
  readonly title: string;
  readonly facts: ImageFacts;
  readonly rows: readonly LayerRow[];
  readonly origins: Origins;
  readonly history: OpenedImage["history"] | undefined;
}

function builtImage(
  { dockerfile, target }: OpenDockerfile,
  { title, facts, rows, origins, history }: Seen,
): BuiltImage {
  const steps = stepsIn(dockerfile, target);
  const at = new Map(steps.map(({ instruction }, index) => [instruction, index]));
  return {
    title,
    facts,
    rows,
    target,
    steps: steps.map(({ name, says }) => ({ name, says })),
    stepOf: origins.makers.map((makers) => {
      const last = makers.at(-1);
      return last && at.get(last);
    }),
    makers: origins.makers.map(({ length }) => length),
    staleFrom: firstUnbuilt(steps, facts.history, origins.matched),
    baseBytes: sum(rows.filter(({ ofBase }) => ofBase).map(({ bytes }) => bytes)),
    grown: history && {
      bytes: history.bytes,
      layers: new Map(history.layers.map(({ layer, bytes }) => [layer, bytes])),
    },
  };
}

/** What both images' layers weigh in one meaning. @throws ThreadFailure when there is none */
function sharedMeaning(a: ImageFacts, b: ImageFacts): (row: LayerRow) => number {
  if (a.sizeMeaning === b.sizeMeaning) return ({ bytes }) => bytes;
  const compressed = [...a.layers, ...b.layers].every(({ compressedBytes }) => compressedBytes !== undefined);
  if (compressed) return ({ compressedBytes = 0 }) => compressedBytes;
  throw new ThreadFailure(
    `Their sizes cannot be compared: ${a.sizeNote} here, ${b.sizeNote} there. Open both with their files`,
  );
}
