/** What may stand behind the colon and the at sign of an image reference: tags in an order people look for them, and digests. */
import { CHANNELS, splitTag } from "../../model/image-tags/version-tag.ts";
import type { Span } from "../../text/edit.ts";

/** The part of a reference a cursor is in. Spans are in the reference's text. */
export interface ReferencePlace {
  readonly part: "name" | "tag" | "digest";
  /** In front of the tag's colon. */
  readonly name: string;
  /** Where the reference has one; the whole word, also what is behind the cursor. */
  readonly tag: string | undefined;
  /** What is replaced. */
  readonly span: Span;
  /** Its part before the cursor. */
  readonly typed: string;
}

/** Far above any valid reference. */
const LONGEST = 4096;

/** @param text a reference, which need not be complete; @param offset in it. Undefined where a variable has a part in it. */
export function placeInReference(text: string, offset: number): ReferencePlace | undefined {
  if (text.length > LONGEST || /[\s$"'<>{}]/.test(text)) return undefined;
  const at = text.indexOf("@");
  const nameAndTag = at < 0 ? text : text.slice(0, at);
  // The colon of a registry's port has a slash behind it.
  const colon = nameAndTag.indexOf(":", nameAndTag.lastIndexOf("/") + 1);
  const nameEnd = colon < 0 ? nameAndTag.length : colon;
  const name = text.slice(0, nameEnd);
  const tag = colon < 0 ? undefined : nameAndTag.slice(colon + 1);
  const place = (part: ReferencePlace["part"], start: number, end: number): ReferencePlace => ({
    ...{ part, name, tag, span: { start, end }, typed: text.slice(start, offset) },
  });
  if (at >= 0 && offset > at) return place("digest", at + 1, text.length);
  if (colon >= 0 && offset > colon) return place("tag", colon + 1, nameAndTag.length);
  return place("name", 0, nameEnd);
}

/** More than people scroll through; what is typed on narrows them down. */
const MOST = 100;

export interface OfferedTags {
  /** In the order they are to be shown. */
  readonly tags: readonly string[];
  /** Others would fit as well: a further letter brings them. */
  readonly cut: boolean;
}

/**
 * First tags of the scheme of one that is used, `24-alpine` where `22-alpine` is; then all others; names of channels and `latest` last, because
 * what they lead to is another image tomorrow. What has the typed text inside only comes behind all of them.
 *
 * @param all newest first, which stays so
 * @param typed the beginning of the tag, or a part of it
 * @param used tags of the same image that tell which scheme is wanted
 */
export function offeredTags(all: readonly string[], typed: string, used: readonly string[]): OfferedTags {
  const wanted = typed.toLowerCase();
  const schemes = new Set(used.filter((tag) => tag !== typed || all.includes(tag)).map(schemeOf));
  const ranked: string[][] = Array.from({ length: 2 * RANKS }, () => []);
  for (const tag of all) {
    const at = tag.toLowerCase().indexOf(wanted);
    if (at >= 0) ranked[rankOf(tag, schemes) + (at === 0 ? 0 : RANKS)]?.push(tag);
  }
  const tags = ranked.flat();
  return { tags: tags.slice(0, MOST), cut: tags.length > MOST };
}

const RANKS = 4;

function rankOf(tag: string, schemes: ReadonlySet<string>): number {
  if (tag === "latest") return 3;
  if (CHANNELS.has(tag)) return 2;
  return schemes.size > 0 && schemes.has(schemeOf(tag)) ? 0 : 1;
}

/** The same for tags that differ in their versions alone. */
function schemeOf(tag: string): string {
  const { style, version, words } = splitTag(tag);
  return [style ?? "", version.length, ...words.map(({ name, version: of }) => `${name} ${of.length}`)].join("|");
}
