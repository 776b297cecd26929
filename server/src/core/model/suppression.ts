/** A comment that switches rules off, whosever language it is in. */
import type { Span } from "../text/edit.ts";

export type SuppressionBy = "dockwright" | "hadolint" | "buildkit" | "dclint" | "kics";

/** One name in the list of a suppression. */
export interface SuppressedName {
  /** As written. */
  readonly text: string;
  /** What it stands for: an id of ours or a code with its peer, `hadolint:DL3006`; `buildkit:*` is all that peer has. */
  readonly id: string;
  readonly span: Span;
}

/** A comment that switches rules off. */
export interface Suppression {
  /** `next`: the instruction that follows. `stage`: the stage whose FROM follows. `file`: everywhere. */
  readonly scope: "next" | "stage" | "file";
  readonly names: readonly SuppressedName[];
  /** The comment's, or the directive's. */
  readonly span: Span;
  readonly by: SuppressionBy;
  /** The part of the text it is about, where that does not follow from its scope. */
  readonly reach?: Span;
}

/** Ours: `# dockwright ignore=a,b reason`. */
export const OURS = /^dockwright[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*=[ \t]*([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/;

/** The suppression of a match with its scope in group 1 and its names in group 2; `at` is where the matched text begins. */
export function suppression(span: Span, at: number, match: RegExpExecArray, by: SuppressionBy): Suppression {
  const list = match[2] ?? "";
  return {
    scope: match[1] === "global" ? "file" : match[1] === "stage" ? "stage" : "next",
    names: namesIn(list, at + match[0].indexOf(list, match[0].indexOf("=")), by),
    span,
    by,
  };
}

/** Where the text of a comment begins, behind its `#`. */
export const startOf = ({ span, text }: { readonly span: Span; readonly text: string }, source: string): number =>
  span.start + source.slice(span.start, span.end).indexOf(text);

/** The names in a list that stands at an offset. */
export function namesIn(list: string, at: number, by: SuppressionBy): SuppressedName[] {
  return [...list.matchAll(/[^\s,]+/g)].map((match) => {
    const [text] = match;
    const start = at + match.index;
    const id = by === "dockwright" ? text : `${by}:${by === "buildkit" && text === "all" ? "*" : text}`;
    return { text, id, span: { start, end: start + text.length } };
  });
}
