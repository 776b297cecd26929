/** Which tags could be the precise name of what a floating tag points at: pure, over a list of tags. */

interface VersionTag {
  readonly tag: string;
  readonly version: readonly number[];
  /** Words after the version: `alpine3.20` of `22.11.0-alpine3.20`. */
  readonly words: readonly Word[];
}

/** A word of a tag and the version at its end: `alpine` and `3.20`. */
interface Word {
  readonly name: string;
  readonly version: readonly number[];
}

/** Names of a release channel: they say nothing about what is in the image. */
const CHANNELS: ReadonlySet<string> = new Set(["latest", "stable", "mainline", "current", "lts", "edge", "release"]);

/** A single number that is longer is a date or a build number, which would sort above every version. */
const MAX_LONE_DIGITS = 4;

/** Newest first, so that what is cut off are old versions; a repository may have tens of thousands of tags. */
const MAX_COMPARED = 500;

/**
 * Tags that may have the asked tag's digest, the likeliest first: those with the same words and a version within the asked one;
 * of them the ones no other makes more precise, newest first.
 */
export function candidatesFor(tag: string, tags: readonly string[]): readonly string[] {
  const asked = splitTag(tag);
  const fitting = tags
    .map(parseVersionTag)
    .filter((candidate) => candidate !== undefined)
    .filter((candidate) => refines(candidate, asked))
    .sort(newestFirst)
    .slice(0, MAX_COMPARED);
  return fitting
    .filter((candidate) => !fitting.some((other) => refines(other, candidate) && !refines(candidate, other)))
    .map((candidate) => candidate.tag);
}

/**
 * The newest tag of the same scheme: the same words around a version of as many parts, `24-alpine3.22` for `22-alpine3.20`. The tag
 * itself when it is the newest; undefined when it has no version to compare.
 */
export function newestLike(tag: string, tags: readonly string[]): string | undefined {
  const asked = parseVersionTag(tag);
  return asked && (newerThan(asked, tags)[0]?.tag ?? tag);
}

/** The tags of that scheme worth going to, the smallest step first: newest of the same minor version, of the same major version, of all. */
export function newerLike(tag: string, tags: readonly string[]): readonly string[] {
  const asked = parseVersionTag(tag);
  if (!asked) return [];
  const newer = newerThan(asked, tags);
  const steps = [2, 1, 0].map((kept) =>
    newer.find(({ version }) => asked.version.slice(0, kept).every((part, at) => version[at] === part)),
  );
  return [...new Set(steps.flatMap((step) => step?.tag ?? []))];
}

/** Newer ones of the same scheme, the newest first. */
const newerThan = (asked: VersionTag, tags: readonly string[]): readonly VersionTag[] =>
  tags
    .map(parseVersionTag)
    .filter((other) => other !== undefined)
    .filter((other) => isOfScheme(other, asked) && compare(other.version, asked.version) > 0)
    .filter((other) => other.words.every((word, at) => compare(word.version, asked.words[at]?.version ?? []) >= 0))
    .sort(newestFirst);

const isOfScheme = (a: VersionTag, b: VersionTag): boolean =>
  a.tag.startsWith("v") === b.tag.startsWith("v") &&
  a.version.length === b.version.length &&
  isDate(a) === isDate(b) &&
  a.words.length === b.words.length &&
  a.words.every(({ name, version }, at) => {
    const other = b.words[at];
    return other !== undefined && name === other.name && version.length === other.version.length;
  });

/** `20250101`, also between words: newer than every version and no version itself. */
const isDate = ({ version }: VersionTag): boolean =>
  version.length === 1 && String(version[0]).length > MAX_LONE_DIGITS;

function parseVersionTag(tag: string): VersionTag | undefined {
  const parsed = splitTag(tag);
  const { version } = parsed;
  if (version.length === 0) return undefined;
  const loneNumber = version.length === 1 && /^\d/.test(tag);
  return loneNumber && String(version[0]).length > MAX_LONE_DIGITS ? undefined : parsed;
}

const VERSION = /^v?(\d+(?:[._]\d+)*)$/;
const DATE = /^\d{8}$/;

/**
 * `v1.2-alpine3` is version 1.2 and the word alpine 3; `bookworm-20241111-slim` is the version 20241111 and two words;
 * `alpine` and `latest` have no version.
 */
function splitTag(tag: string): VersionTag {
  const parts = tag.split("-");
  const at = VERSION.test(parts[0] ?? "") ? 0 : parts.findIndex((part) => DATE.test(part));
  const version = VERSION.exec(parts[at] ?? "")?.[1];
  const words = parts.filter((part, index) => index !== at && !CHANNELS.has(part));
  return { tag, version: numbers(version), words: words.map(parseWord) };
}

function parseWord(word: string): Word {
  const [, name = word, version] = /^(.*?[^\d.])(\d+(?:\.\d+)*)$/.exec(word) ?? [];
  return { name, version: numbers(version) };
}

const numbers = (version: string | undefined): readonly number[] => version?.split(/[._]/).map(Number) ?? [];

/** Whether `a` says the same as `b` or more, in every part. */
function refines(a: VersionTag, b: VersionTag): boolean {
  if (a.words.length !== b.words.length || !extendsVersion(a.version, b.version)) return false;
  return a.words.every((word, index) => {
    const other = b.words[index];
    return other !== undefined && word.name === other.name && extendsVersion(word.version, other.version);
  });
}

const extendsVersion = (long: readonly number[], short: readonly number[]): boolean =>
  short.every((part, index) => long[index] === part);

function newestFirst(a: VersionTag, b: VersionTag): number {
  const byVersion = compare(b.version, a.version);
  if (byVersion !== 0) return byVersion;
  for (const [index, word] of a.words.entries()) {
    const byWord = compare(b.words[index]?.version ?? [], word.version);
    if (byWord !== 0) return byWord;
  }
  return a.tag < b.tag ? -1 : 1;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
