/** What the outline of a file shows, in any language. */
import type { Span } from "../text/edit.ts";

export interface OutlineSymbol<Kind extends string> {
  readonly name: string;
  /** A few words beside the name. */
  readonly detail: string;
  readonly kind: Kind;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly OutlineSymbol<Kind>[];
}
