/** The tags that may be meant by one that there is not. Pure, over a list of tags in any order. */
import { editDistance } from "../../text/nearest.ts";
import { newestFirst } from "./order.ts";
import { CHANNELS, compareVersions, splitTag, type VersionTag } from "./version-tag.ts";

const MOST = 3;

/**
 * Those of the same scheme whose version begins alike, then those that a few slips are away, the nearest first. For a channel that there is
 * not, as `latest`, the newest versions.
 */
export function nearestTags(tag: string, tags: readonly string[], most = MOST): readonly string[] {
  if (tags.includes(tag)) return [];
  const asked = splitTag(tag);
  if (CHANNELS.has(tag)) return newestFirst(tags.filter(isPlainVersion)).slice(0, most);
  const ofScheme = tags
    .map(splitTag)
    .filter((other) => isOfScheme(other, asked))
    .map((other) => ({ other, alike: sameParts(other.version, asked.version) }))
    .sort(
      (a, b) =>
        b.alike - a.alike ||
        distanceOfParts(a.other, asked) - distanceOfParts(b.other, asked) ||
        compareVersions(b.other, a.other),
    )
    .map(({ other, alike }) => ({ tag: other.tag, alike }));
  const of = (isNear: boolean) => ofScheme.flatMap(({ tag, alike }) => (alike > 0 === isNear ? [tag] : []));
  const found = [...closest(tag, tags, 1), ...of(true), ...closest(tag, tags, slipsIn(tag)), ...of(false)];
  return [...new Set(found)].slice(0, most);
}

function isPlainVersion(tag: string): boolean {
  const { style, words } = splitTag(tag);
  return style !== undefined && words.length === 0;
}

/** The same words around a version. */
const isOfScheme = (a: VersionTag, b: VersionTag): boolean =>
  b.style !== undefined &&
  a.style === b.style &&
  (a.before === undefined) === (b.before === undefined) &&
  a.words.length === b.words.length &&
  a.words.every(({ name }, at) => name === b.words[at]?.name);

const distanceOfParts = (a: VersionTag, b: VersionTag): number => Math.abs(a.version.length - b.version.length);

function sameParts(a: readonly number[], b: readonly number[]): number {
  const first = a.findIndex((part, at) => part !== b[at]);
  return first < 0 ? a.length : first;
}

const slipsIn = (tag: string): number => Math.max(1, Math.min(3, Math.floor(tag.length / 3)));

function closest(tag: string, tags: readonly string[], slips: number): readonly string[] {
  return tags
    .filter((each) => Math.abs(each.length - tag.length) <= slips && !isOtherVersion(each, tag))
    .map((each) => ({ each, distance: editDistance(tag.toLowerCase(), each.toLowerCase()) }))
    .filter(({ distance }) => distance <= slips)
    .sort((a, b) => a.distance - b.distance || (a.each < b.each ? -1 : 1))
    .map(({ each }) => each);
}

/** Of two versions, one that differs in its number and in the words around it, or in numbers alone: no slip of the finger. */
function isOtherVersion(a: string, b: string): boolean {
  const [left, right] = [splitTag(a), splitTag(b)];
  if (left.style === undefined || right.style === undefined) return false;
  const isSameNumber = compareVersions(left, right) === 0;
  const isSameShape = a.replaceAll(/\d+/g, "#") === b.replaceAll(/\d+/g, "#");
  return isSameShape || (!isSameNumber && !isOfScheme({ ...left, style: right.style }, right));
}
