/** Tags as a person looks for them: newest first. Pure, over a list of tags in any order. */
import { CHANNELS, compareNumbers, compareVersions, splitTag, type VersionTag } from "./version-tag.ts";

/**
 * Names of channels (`latest`, `lts`), versions, dates, names without a version, what came before a release, and what tools write (hashes,
 * signatures). In each the newest first; `22` is before `22.1`, for it is as new as any of them, and `22` before `22-alpine`.
 */
export function newestFirst(tags: readonly string[]): readonly string[] {
  return tags
    .map((tag) => ({ ...splitTag(tag), group: groupOf(splitTag(tag)) }))
    .sort((a, b) => a.group - b.group || compared(a, b))
    .map(({ tag }) => tag);
}

const WRITTEN_BY_TOOLS = /^(?:sha(?:256)?-)?[0-9a-f]{7,64}(?:\.(?:sig|att|sbom))?$/;
const GROUPS: readonly ((tag: VersionTag) => boolean)[] = [
  ({ tag }) => CHANNELS.has(tag),
  ({ tag, style }) => WRITTEN_BY_TOOLS.test(tag) && style === undefined,
  ({ before }) => before !== undefined,
  ({ style }) => style === "number" || style === "v",
  ({ style }) => style !== undefined,
];
/** Where each comes; what is in none is a name. */
const PLACES: readonly number[] = [0, 5, 4, 1, 2];
const NAMES = 3;

function groupOf(tag: VersionTag): number {
  const group = GROUPS.findIndex((is) => is(tag));
  return PLACES[group] ?? NAMES;
}

function compared(a: VersionTag, b: VersionTag): number {
  const byVersion =
    a.version.length === b.version.length ? -compareVersions(a, b) : floatingFirst(a.version, b.version);
  if (byVersion !== 0) return byVersion;
  if (a.words.length !== b.words.length) return a.words.length - b.words.length;
  for (const [at, word] of a.words.entries()) {
    const other = b.words[at];
    if (!other) break;
    if (word.name !== other.name) return word.name < other.name ? -1 : 1;
    const byWord = floatingFirst(word.version, other.version);
    if (byWord !== 0) return byWord;
  }
  const byRevision = compareNumbers(b.revision?.version ?? [], a.revision?.version ?? []);
  return byRevision || (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0);
}

/** Newest first; what is left out may be anything, the newest too. */
function floatingFirst(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at] ?? Number.POSITIVE_INFINITY, b[at] ?? Number.POSITIVE_INFINITY];
    if (left !== right) return left > right ? -1 : 1;
  }
  return 0;
}
