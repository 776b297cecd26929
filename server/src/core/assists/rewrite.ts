/** What a rewriting comes to that a person asks for, in documents of any language. */
import type { Edit, Span } from "../text/edit.ts";
import type { Safety } from "../rule.ts";

/** As the Language Server Protocol sorts them. */
export type AssistKind = "refactor.rewrite" | "refactor.extract" | "refactor.inline";

export interface Refusal {
  /** Begins in lower case, no full stop. */
  readonly refusal: string;
}

/** A file beside the document that comes with a rewriting; paths are relative to the document's folder. */
export type Companion =
  /** Made with this text. One that is there is left alone. */
  | { readonly make: string; readonly text: string }
  /** This line is added to it unless it has it; it is made where it is missing. */
  | { readonly addTo: string; readonly line: string };

export interface Rewrite {
  readonly edits: readonly Edit[];
  /** The same change with `${1:tab stops}`. */
  readonly snippet?: readonly Edit[];
  readonly companions?: readonly Companion[];
  /** What was asked for and not done, and why; clauses without a full stop. */
  readonly left?: readonly string[];
}

/** A rewriting at a place: offered there, worked out when somebody chooses it. */
export interface Assist {
  /** As the command line names it. */
  readonly id: string;
  /** Verb phrase in sentence case. */
  readonly title: string;
  readonly kind: AssistKind;
  readonly safety: Safety;
  /** The text it is about. */
  readonly span: Span;
  /** Known beforehand to be impossible, and why. */
  readonly refusal?: string;
  rewrite(): Rewrite | Refusal;
}

export const isRefusal = (value: object): value is Refusal => "refusal" in value;
