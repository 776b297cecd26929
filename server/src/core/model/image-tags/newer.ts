/** Newer tags of the same scheme. Pure, over a list of tags in any order. */
import { compareNumbers, compareVersions, splitTag, type VersionTag } from "./version-tag.ts";

/**
 * The newest tag of the same scheme: the same words around a version of as many parts, `24-alpine3.22` for `22-alpine3.20`. The tag
 * itself when it is the newest; undefined when it has no version to compare.
 */
export function newestLike(tag: string, tags: readonly string[]): string | undefined {
  const asked = splitTag(tag);
  return hasVersion(asked) ? (newerThan(asked, tags)[0]?.tag ?? tag) : undefined;
}

/** The tags of that scheme worth going to, the smallest step first: newest of the same minor version, of the same major version, of all. */
export function newerLike(tag: string, tags: readonly string[]): readonly string[] {
  const asked = splitTag(tag);
  if (!hasVersion(asked)) return [];
  const newer = newerThan(asked, tags);
  const steps = [2, 1, 0].map((kept) =>
    newer.find(({ version }) => asked.version.slice(0, kept).every((part, at) => version[at] === part)),
  );
  return [...new Set(steps.flatMap((step) => step?.tag ?? []))];
}

const hasVersion = ({ style, words }: VersionTag): boolean =>
  style !== undefined || words.some(({ version }) => version.length > 0);

/** The newest first. Nothing of it may be older, so that a new version does not bring an old distribution along. */
const newerThan = (asked: VersionTag, tags: readonly string[]): readonly VersionTag[] =>
  tags
    .map(splitTag)
    .filter((other) => isOfScheme(other, asked))
    .filter((other) =>
      other.words.every((word, at) => compareNumbers(word.version, asked.words[at]?.version ?? []) >= 0),
    )
    .filter((other) => compareVersions(other, asked) >= 0 && compareAll(other, asked) > 0)
    .sort((a, b) => compareAll(b, a));

/** What came before a release leads to the release, and nobody is led the other way. */
const isOfScheme = (a: VersionTag, b: VersionTag): boolean =>
  a.style === b.style &&
  a.version.length === b.version.length &&
  (a.before === undefined || b.before !== undefined) &&
  a.revision?.name === b.revision?.name &&
  a.words.length === b.words.length &&
  a.words.every(({ name, version }, at) => {
    const other = b.words[at];
    return other !== undefined && name === other.name && version.length === other.version.length;
  });

function compareAll(a: VersionTag, b: VersionTag): number {
  const byVersion = compareVersions(a, b);
  if (byVersion !== 0) return byVersion;
  for (const [at, word] of a.words.entries()) {
    const byWord = compareNumbers(word.version, b.words[at]?.version ?? []);
    if (byWord !== 0) return byWord;
  }
  return compareNumbers(a.revision?.version ?? [], b.revision?.version ?? []);
}
