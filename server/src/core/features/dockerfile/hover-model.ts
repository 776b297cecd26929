/** What hovers are. */
import type { Span } from "../../text/edit.ts";

/** What is said of a place. */
export interface DockerfileHover {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}
