/** Which tags could be the precise name of what a floating tag points at: pure, over a list of tags. */
import { compareVersions, compareNumbers, splitTag, type VersionTag, type Word } from "./version-tag.ts";

/** Newest first, so that what is cut off are old versions; a repository may have tens of thousands of tags. */
const MAX_COMPARED = 500;

/**
 * Tags that may have the asked tag's digest, the likeliest first: those with the same words and a version within the asked one;
 * of them the ones no other makes more precise, newest first.
 */
export function candidatesFor(tag: string, tags: readonly string[]): readonly string[] {
  const asked = splitTag(tag);
  const fitting = tags
    .map(splitTag)
    .filter((candidate) => isPrecise(candidate) && refines(candidate, asked))
    .sort(newestFirst)
    .slice(0, MAX_COMPARED);
  return fitting
    .filter((candidate) => !fitting.some((other) => refines(other, candidate) && !refines(candidate, other)))
    .map((candidate) => candidate.tag);
}

/** A date by itself is a snapshot, and would sort above every version. */
const isPrecise = ({ style, words }: VersionTag): boolean =>
  style !== undefined && !(style === "date" && words.length === 0);

/** Whether `a` says the same as `b` or more, in every part. */
function refines(a: VersionTag, b: VersionTag): boolean {
  if (a.words.length !== b.words.length || !extendsVersion(a.version, b.version)) return false;
  if ((a.before === undefined) !== (b.before === undefined) || !extendsVersion(a.before ?? [], b.before ?? []))
    return false;
  if (b.revision && !isSameWord(a.revision, b.revision)) return false;
  return a.words.every((word, index) => {
    const other = b.words[index];
    return other !== undefined && word.name === other.name && extendsVersion(word.version, other.version);
  });
}

const isSameWord = (a: Word | undefined, b: Word): boolean =>
  a !== undefined && a.name === b.name && compareNumbers(a.version, b.version) === 0;

const extendsVersion = (long: readonly number[], short: readonly number[]): boolean =>
  short.every((part, index) => long[index] === part);

function newestFirst(a: VersionTag, b: VersionTag): number {
  const byVersion = compareVersions(b, a);
  if (byVersion !== 0) return byVersion;
  for (const [index, word] of a.words.entries()) {
    const byWord = compareNumbers(b.words[index]?.version ?? [], word.version);
    if (byWord !== 0) return byWord;
  }
  return compareNumbers(b.revision?.version ?? [], a.revision?.version ?? []) || (a.tag < b.tag ? -1 : 1);
}
