/** Where what is named is written, in the same file: a stage, an ARG or ENV, a heredoc's marker. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";
import { nameAt } from "./names.ts";

export interface Definition {
  /** What was asked about. */
  readonly origin: Span;
  readonly target: Span;
}

export function definitionAt(dockerfile: Dockerfile, offset: number): Definition | undefined {
  const place = nameAt(dockerfile, offset);
  return place?.definition && { origin: place.span, target: place.definition };
}
