/**
 * What a tag says by how it is written: a version, whether it is one of before a release, and the words around it. There is no standard
 * for tags; these are the forms that publishers use.
 */

export interface VersionTag {
  readonly tag: string;
  /** How its version is written: only tags written alike are compared. Undefined without a version. */
  readonly style: Style | undefined;
  readonly version: readonly number[];
  /** Of what comes before a release: which kind, and its number. */
  readonly before: readonly number[] | undefined;
  /** Of the rebuild of one version: `5` of `1.2.3-r5`. */
  readonly revision: Word | undefined;
  /** The other words: `alpine3.20` of `22.11.0-alpine3.20`. */
  readonly words: readonly Word[];
}

/** number: `22.11`, year: `2024.1.5`, date: `20240110`, dashed: `2024-01-10`. */
export type Style = "number" | "v" | "year" | "date" | "dashed";

/** A word of a tag and the version at its end: `alpine` and `3.20`. */
export interface Word {
  readonly name: string;
  readonly version: readonly number[];
}

/** Names of a release channel: they say nothing about what is in the image. */
export const CHANNELS: ReadonlySet<string> = new Set([
  ...["latest", "stable", "mainline", "current", "lts", "edge", "release"],
]);

/** Words that come with the number of something else than a version. */
const NO_VERSIONS: ReadonlySet<string> = new Set([
  ...["pr", "mr", "ci", "run", "job", "pipeline", "commit", "sha", "git", "branch", "sha256"],
]);

/** From the earliest. A single letter means one only with a number. */
const BEFORE = ["a", "alpha", "b", "beta", "m", "milestone", "ea", "pre", "preview", "c", "cr", "rc"] as const;
const KINDS = BEFORE.join("|");
const BEFORE_WORD = new RegExp(`^(?:(${KINDS})[._]?(\\d+)|(alpha|beta|milestone|ea|pre|preview|cr|rc))$`, "i");

const VERSION = new RegExp(`^(v?)(\\d+(?:[._]\\d+)*)(?:[._]?((?:${KINDS})[._]?\\d+))?$`, "i");
const COMPACT = /^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;
/** `RELEASE.2024-01-10T22-10-10Z` too. */
const DASHED = /(?<=^|[.-])((?:19|20)\d\d)-(0[1-9]|1[0-2])-(\d\d)(?:T(\d\d)-(\d\d)-(\d\d)Z)?(?=$|-)/;
const YEAR = /^(?:19|20)\d\d$/;
const REVISION = /^(|r|rev|ls|build|b|p)(\d+)$/;

/** A single number that is longer is the number of a build or a part of a hash. */
const MAX_LONE_DIGITS = 4;

/**
 * `v1.2-alpine3` is version 1.2 and the word alpine 3; `bookworm-20241111-slim` is a date and two words; `alpine` and `latest` have no
 * version, and `latest` no word either.
 */
export function splitTag(tag: string): VersionTag {
  const dashed = DASHED.exec(tag);
  if (dashed) {
    const [found, ...numbers] = dashed;
    const around = [tag.slice(0, dashed.index), tag.slice(dashed.index + found.length)].join("-");
    const rest = restOf(around.split("-"), undefined);
    return { tag, style: "dashed", version: numbers.flatMap((part) => (part ? [Number(part)] : [])), ...rest };
  }
  const parts = tag.split("-");
  const at = placeOfVersion(parts);
  const text = parts[at] ?? "";
  const rest = restOf(parts, at < 0 ? undefined : at);
  const compact = COMPACT.exec(text);
  if (compact) return { tag, style: "date", version: compact.slice(1).map(Number), ...rest };
  const [, v = "", digits = "", before] = VERSION.exec(text) ?? [];
  if (digits === "" || isNoVersion(digits, parts[at - 1])) return { tag, style: undefined, version: [], ...rest };
  const version = numbersIn(digits);
  const style = v !== "" ? "v" : YEAR.test(digits.split(/[._]/)[0] ?? "") && version.length > 1 ? "year" : "number";
  return { tag, style, version, ...rest, ...(before !== undefined && { before: beforeOf(before) }) };
}

/** The first part, else the first that is a date, else the first that is a version. */
function placeOfVersion(parts: readonly string[]): number {
  if (VERSION.test(parts[0] ?? "")) return 0;
  const date = parts.findIndex((part) => COMPACT.test(part));
  return date >= 0 ? date : parts.findIndex((part) => VERSION.test(part));
}

const isNoVersion = (digits: string, wordBefore: string | undefined): boolean =>
  /^\d+$/.test(digits) &&
  (digits.length > MAX_LONE_DIGITS || (wordBefore !== undefined && NO_VERSIONS.has(wordBefore.toLowerCase())));

/** @param at where the version is */
function restOf(parts: readonly string[], at: number | undefined): Pick<VersionTag, "before" | "revision" | "words"> {
  let before: readonly number[] | undefined;
  let revision: Word | undefined;
  const words: Word[] = [];
  for (const [index, part] of parts.entries()) {
    if (index === at || part === "" || CHANNELS.has(part)) continue;
    const isAfter = at !== undefined && index > at;
    // `rc.1` and `rc1`, where a version is before it.
    const early = isAfter && !before ? beforeOf(part) : undefined;
    if (early) {
      before = early;
      continue;
    }
    const again = isAfter ? REVISION.exec(part) : null;
    const last = words.at(-1);
    // A number by itself belongs to the word in front of it, `debian-12`; right behind the version it counts rebuilds.
    if (again && (again[1] !== "" || index === (at ?? 0) + 1)) {
      revision = { name: again[1] ?? "", version: [Number(again[2])] };
      continue;
    }
    if (isAfter && last && /^\d+(?:\.\d+)*$/.test(part) && last.version.length === 0)
      words[words.length - 1] = { name: `${last.name}-`, version: numbersIn(part) };
    else words.push(wordOf(part));
  }
  return { before, revision, words };
}

function beforeOf(text: string): readonly number[] | undefined {
  const [, kind, number, bare] = BEFORE_WORD.exec(text) ?? [];
  const rank = BEFORE.findIndex((each) => each === (kind ?? bare)?.toLowerCase());
  if (rank < 0) return undefined;
  return number === undefined ? [rank] : [rank, Number(number)];
}

function wordOf(word: string): Word {
  const [, name = word, version = ""] = /^(.*?[^\d.])(\d+(?:\.\d+)*)$/.exec(word) ?? [];
  return { name, version: numbersIn(version) };
}

const numbersIn = (version: string): readonly number[] => (version === "" ? [] : version.split(/[._]/).map(Number));

/** Negative where `a` is the earlier; what is missing is before everything. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A release is after everything that came before it. */
export function compareVersions(a: VersionTag, b: VersionTag): number {
  const byVersion = compareNumbers(a.version, b.version);
  if (byVersion !== 0 || (!a.before && !b.before)) return byVersion;
  return a.before && b.before ? compareNumbers(a.before, b.before) : a.before ? -1 : 1;
}
