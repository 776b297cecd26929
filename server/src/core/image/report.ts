/** The comparison of two images for people: the files that differ below the instruction that made them, with what helps. */
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import type { Finding } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { adviceFor } from "./causes.ts";
import type { Comparison, ConfigDifference, FileDifference, LayerDifference } from "./compare.ts";
import { readStep, stepsOfLayers } from "./history.ts";
import type { Image } from "./image.ts";
import { matchSteps } from "./match.ts";

export interface ImageReport {
  readonly identical: boolean;
  readonly a: ImageName;
  readonly b: ImageName;
  readonly by: Comparison["by"];
  /** Files that differ, all of them. */
  readonly count: number;
  /** Those of them that differ in their time alone. */
  readonly timeOnly: number;
  /** Those with differences, from the lowest. */
  readonly layers: readonly LayerReport[];
  readonly config: readonly ConfigDifference[];
}

export interface ImageName {
  /** Of the manifest, or of the configuration where an archive has no manifest. */
  readonly digest: string | undefined;
  readonly platform: string | undefined;
  readonly layers: number;
}

export interface LayerReport {
  /** From 0. */
  readonly layer: number;
  /** Usually one; several where a builder made one layer of them; none where the history does not say. */
  readonly madeBy: readonly Maker[];
  /** True of a layer that no instruction of the Dockerfile made. */
  readonly ofBase: boolean;
  readonly only: LayerDifference["only"];
  /** The first of them, as many as asked for. */
  readonly files: readonly FileReport[];
  /** All of them. */
  readonly count: number;
  /** Rules that report something in those instructions that makes builds differ. */
  readonly rules: readonly string[];
}

export interface FileReport extends FileDifference {
  readonly advice: string | undefined;
}

export interface Maker {
  /** `RUN date > /built`, as the history has it. */
  readonly text: string;
  /** Of the Dockerfile. */
  readonly span: Span | undefined;
}

/** The Dockerfile the second image was built from, and what all rules find in it. */
export interface Source {
  readonly dockerfile: Dockerfile;
  readonly target?: string | undefined;
  readonly findings: readonly Finding[];
}

/** Rules about what makes two builds of one source differ. */
const RULES: ReadonlySet<string> = new Set([
  ...["timestamp-in-build", "base-tag-floating", "base-tag-missing", "base-digest-unpinned", "useradd-sparse-log"],
  ...["apt-unpinned", "apk-unpinned", "dnf-unpinned", "tdnf-unpinned", "yum-unpinned", "zypper-unpinned"],
  ...["pip-unpinned", "npm-unpinned", "gem-unpinned", "go-unpinned", "install-ignores-lockfile", "lockfile-not-copied"],
  ...["apt-upgrade", "apt-dist-upgrade", "zypper-dist-upgrade", "update-alone", "apt-lists-left", "apk-no-cache"],
  ...["dnf-clean", "tdnf-clean", "yum-clean", "zypper-clean", "pip-cache", "yarn-cache"],
  ...["add-remote-url", "unpinned-git-or-url-add", "download-without-checksum", "curl-pipe-shell"],
  ...["dockerignore-missing", "secret-file-copied"],
]);

const MAX_TEXT = 200;

export interface Compared {
  readonly a: Image;
  readonly b: Image;
  readonly comparison: Comparison;
}

export function reportOf({ a, b, comparison }: Compared, source: Source | undefined, mostFiles: number): ImageReport {
  const steps = stepsOfLayers(b.history, b.layers);
  const matched = source ? matchSteps(b.history, source.dockerfile, source.target) : [];
  const byLayer = Map.groupBy(comparison.files, ({ layer }) => layer);
  const different = new Map(comparison.layers.map((each) => [each.layer, each]));
  const indices = [...new Set([...byLayer.keys(), ...(comparison.by === "layers" ? different.keys() : [])])];
  const timeOnly = comparison.files.filter(isTimeOnly).length;
  // What differs in more than its time is shown in every layer before any that does not.
  let room = mostFiles;
  let roomForTimes = Math.max(0, mostFiles - (comparison.files.length - timeOnly));

  const layers = indices
    .toSorted((x, y) => x - y)
    .map((layer): LayerReport => {
      const files = byLayer.get(layer) ?? [];
      const grave = files.filter((file) => !isTimeOnly(file)).slice(0, room);
      const times = files.filter(isTimeOnly).slice(0, roomForTimes);
      room -= grave.length;
      roomForTimes -= times.length;
      const shown = [...grave, ...times].map(fileReport);
      const of = steps[layer] ?? [];
      const instructions = of.flatMap((at) => matched[at] ?? []);
      return {
        layer,
        madeBy: of.map((at) => ({ text: textOf(b, at), span: matched[at]?.span })),
        ofBase: source !== undefined && of.length > 0 && instructions.length === 0,
        only: different.get(layer)?.only,
        files: shown,
        count: files.length,
        rules: source ? rulesIn(source, instructions, of.length > 0 && instructions.length === 0) : [],
      };
    });
  return {
    identical: comparison.identical,
    a: nameOf(a),
    b: nameOf(b),
    by: comparison.by,
    count: comparison.files.length,
    timeOnly,
    layers,
    config: comparison.config,
  };
}

const nameOf = ({ digest, configDigest, platform, layers }: Image): ImageName => ({
  digest: digest ?? configDigest,
  platform,
  layers: layers.length,
});

function textOf({ history }: Image, at: number): string {
  const step = history[at];
  if (!step) return "";
  const { keyword, text } = readStep(step);
  return shortened(`${keyword} ${text}`.trim().replaceAll(/\s+/g, " "));
}

const fileReport = (file: FileDifference): FileReport => ({
  ...file,
  aspects: file.aspects.map(({ what, a, b }) => ({ what, a: shortened(a), b: shortened(b) })),
  advice: adviceFor(file.path),
});

const shortened = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** A time that differs follows from most other differences; where it is all there is it matters least. */
const isTimeOnly = ({ aspects }: FileDifference): boolean =>
  aspects.length > 0 && aspects.every(({ what }) => what === "mtime");

/** A base image's layer is the matter of FROM. */
function rulesIn(source: Source, instructions: readonly Instruction[], ofBase: boolean): readonly string[] {
  const spans = ofBase
    ? source.dockerfile.instructions.filter(({ name }) => name === "FROM").map(({ span }) => span)
    : instructions.map(({ span }) => span);
  const within = source.findings.filter(
    ({ rule, span }) => RULES.has(rule) && spans.some(({ start, end }) => start <= span.start && span.start <= end),
  );
  return [...new Set(within.map(({ rule }) => rule))];
}
