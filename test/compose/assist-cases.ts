/** What rewritings make of texts: all of a file at the command line's request, and one thing at a place in the editor. */
import type { AssistKind, Companion } from "../../server/src/core/assists/compose/index.ts";

interface RequestCase {
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly service?: string;
  readonly unsafe?: boolean;
  /** `refusal: …` where nothing is done. */
  readonly after: string;
  readonly left?: readonly string[];
  readonly companions?: readonly Companion[];
}

export const REQUEST_CASES: readonly RequestCase[] = [];

interface AssistCase {
  /** The first place where this stands is the cursor's. */
  readonly at: string;
  readonly title: string;
  readonly text: string;
  /** Undefined when it must not be offered. */
  readonly after: string | undefined;
  readonly snippet?: string;
  readonly kind?: AssistKind;
}

export const ASSIST_CASES: readonly AssistCase[] = [];
