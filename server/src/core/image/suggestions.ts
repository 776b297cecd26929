/**
 * What makes an image smaller, by the line that makes it large: what is known to be dispensable, and bytes that one layer stores and
 * another hides. A rule is named only where it reports something on that line, a fix only where the editor offers it there.
 */
import type { Instruction } from "../model/dockerfile/model.ts";
import type { Finding } from "../rule.ts";
import { bytesText } from "../text/bytes.ts";
import type { Recognised } from "./costs.ts";
import type { ImageFacts, WasteGroup } from "./facts.ts";
import type { LineOf, Origins } from "./layer-rows.ts";
import type { DuplicateRow, Suggestion } from "./rows.ts";

export interface SuggestionSource {
  /** What the editor reports in the Dockerfile now. */
  readonly findings: readonly Finding[];
  readonly lineOf: LineOf;
  /** Fixes that ask a registry first are offered. */
  readonly offers: boolean;
}

/** Less than this is not worth a line. */
const LEAST_BYTES = 50_000;
const MOST = 200;

/** Largest first. */
export function suggestionsOf(
  facts: ImageFacts,
  origins: Origins,
  source: SuggestionSource | undefined,
): readonly Suggestion[] {
  const { recognised = [], waste = [], duplicates } = facts.files ?? {};
  const all = [
    ...recognised.map((each) => ofRecognised(each, origins, source)),
    // What the base image does to its own files is nobody's line.
    ...waste.filter(({ hiddenBy }) => !inBase(origins, hiddenBy)).map((group) => ofWaste(group, origins, source)),
    ...(duplicates?.rows ?? []).flatMap((each) => ofDuplicate(each, origins, source)),
  ];
  return all
    .filter(({ bytes }) => bytes >= LEAST_BYTES)
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, MOST);
}

function ofRecognised(
  { title, bytes, layer, rules, advice, path }: Recognised,
  origins: Origins,
  source: SuggestionSource | undefined,
): Suggestion {
  const where = inBase(origins, layer) ? `layer ${layer + 1}, of the base image` : `layer ${layer + 1}`;
  return {
    title: `${title}: ${bytesText(bytes)} in ${where}`,
    advice: inBase(origins, layer) ? `${OF_BASE} (/${path})` : advice,
    bytes,
    layer,
    ...placeOf(origins, layer, source),
    ...helpOf(makersOf(origins, layer), rules, source),
  };
}

/** None where the base image holds all of them. */
function ofDuplicate(
  { wastedBytes, count, paths, bytes }: DuplicateRow,
  origins: Origins,
  source: SuggestionSource | undefined,
): readonly Suggestion[] {
  const own = paths.find(({ layer }) => !inBase(origins, layer));
  if (!own) return [];
  const { layer, path } = own;
  return [
    {
      title: `${bytesText(wastedBytes)} of the same content: /${path} is there ${count} times`,
      advice: `Store the ${bytesText(bytes)} once: copy one of them, and make the others links to it`,
      bytes: wastedBytes,
      layer,
      ...placeOf(origins, layer, source),
    },
  ];
}

const OF_BASE =
  "It is in the base image, and deleting it here frees nothing: choose a smaller base, or copy what is needed into one";

interface Help {
  readonly advice: string;
  /** Rules that report it, on the instruction that stores or that hides. */
  readonly rules: readonly string[];
}

/** First that fits: how it was hidden, what stored it, what hid it. */
const HELP: readonly (readonly [WasteGroup["how"] | "any", RegExp, RegExp, Help])[] = [
  [
    "removed",
    /^(?:COPY|ADD)$/,
    /./,
    {
      advice:
        "Do not copy it in: list it in .dockerignore, mount it with RUN --mount=type=bind, or use it in a stage of its own and copy the result",
      rules: ["copy-then-extract", "copy-from-whole-root", "dockerignore-missing", "secret-file-copied"],
    },
  ],
  [
    "removed",
    /^RUN$/,
    /^RUN$/,
    {
      advice:
        "Delete it in the RUN that writes it: what a later RUN deletes stays stored. A cache mount keeps a cache out of the image",
      rules: ["run-consecutive", "cache-mount-missing"],
    },
  ],
  [
    "metadata",
    /^(?:COPY|ADD)$/,
    /^RUN$/,
    {
      advice:
        "Give owner and mode while copying: COPY --chown=… --chmod=…; chown and chmod in a later RUN store the files again",
      rules: [],
    },
  ],
  [
    "metadata",
    /./,
    /./,
    {
      advice: "Set owner, mode and times in the instruction that writes the files: a later change stores them again",
      rules: ["run-consecutive"],
    },
  ],
  [
    "replaced",
    /^(?:COPY|ADD)$/,
    /^(?:COPY|ADD)$/,
    { advice: "Copy each file once: the later copy stores it again, and the first stays", rules: ["copy-consecutive"] },
  ],
  [
    "replaced",
    /^RUN$/,
    /^RUN$/,
    { advice: "Write it in one RUN: the later one stores it again", rules: ["run-consecutive"] },
  ],
  ["any", /(?:)/, /(?:)/, { advice: "Have the file written once, in its last form", rules: [] }],
];

const DONE: Readonly<Record<WasteGroup["how"], string>> = {
  removed: "deleted",
  replaced: "replaced",
  metadata: "stored again for owner, mode or time",
};

function ofWaste(
  { storedBy, hiddenBy, how, bytes, files, path }: WasteGroup,
  origins: Origins,
  source: SuggestionSource | undefined,
): Suggestion {
  const [stored, hidden] = [makersOf(origins, storedBy), makersOf(origins, hiddenBy)];
  const [keyword, hider] = [stored, hidden].map((makers) => makers.at(-1)?.name ?? "");
  const help = HELP.find(
    ([kind, by, then]) => (kind === how || kind === "any") && by.test(keyword ?? "") && then.test(hider ?? ""),
  )?.[3];
  const count = files === 1 ? `/${path}` : `${files} files${path === "" ? "" : ` in /${path}`}`;
  const where = (layer: number): string => lineText(origins, layer, source);
  return {
    title: `${bytesText(bytes)} stored by ${where(storedBy)}, ${DONE[how]} by ${where(hiddenBy)}: ${count}`,
    advice: inBase(origins, storedBy) ? OF_BASE : (help?.advice ?? ""),
    bytes,
    layer: storedBy,
    ...placeOf(origins, inBase(origins, storedBy) ? hiddenBy : storedBy, source),
    ...(!inBase(origins, storedBy) && helpOf([...stored, ...hidden], help?.rules ?? [], source)),
  };
}

const makersOf = ({ makers }: Origins, layer: number): readonly Instruction[] => makers[layer] ?? [];
const inBase = ({ baseLayers }: Origins, layer: number): boolean => layer < baseLayers;

function lineText(origins: Origins, layer: number, source: SuggestionSource | undefined): string {
  const maker = makersOf(origins, layer).at(-1);
  if (maker && source) return `line ${source.lineOf(maker.span).line + 1}`;
  return inBase(origins, layer) ? "the base image" : `layer ${layer + 1}`;
}

function placeOf(
  origins: Origins,
  layer: number,
  source: SuggestionSource | undefined,
): Pick<Suggestion, "line"> | undefined {
  const maker = makersOf(origins, layer).at(-1);
  return maker && source && { line: source.lineOf(maker.span).line };
}

/** The first of the rules that reports something in one of the instructions, with a fix before without. */
function helpOf(
  makers: readonly Instruction[],
  rules: readonly string[],
  source: SuggestionSource | undefined,
): Pick<Suggestion, "line" | "rule" | "fixTitle"> | undefined {
  if (!source) return undefined;
  const found = rules.flatMap((rule) =>
    source.findings.filter(
      (finding) => finding.rule === rule && makers.some(({ span }) => within(finding.span.start, span)),
    ),
  );
  const titles = ({ fixes, offers }: Finding): string | undefined =>
    fixes[0]?.title ?? (source.offers ? offers[0]?.title : undefined);
  const best = found.find((finding) => titles(finding) !== undefined) ?? found[0];
  if (!best) return undefined;
  const fixTitle = titles(best);
  return {
    line: source.lineOf(best.span).line,
    rule: best.rule,
    ...(fixTitle !== undefined && { fixTitle }),
  };
}

const within = (at: number, { start, end }: { readonly start: number; readonly end: number }): boolean =>
  start <= at && at <= end;
