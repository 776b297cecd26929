/** A .dockerignore as it is written: its lines in order, each a pattern, a fault, or a comment. Offsets are UTF-16 and half-open. */
import type { Span } from "../../text/edit.ts";
import type { Comment, Problem } from "../dockerfile/model.ts";
import type { IgnorePattern } from "../ignore.ts";

/** A line that is neither empty nor a comment. */
export interface IgnoreLine {
  /** As written, blanks around it left out, the `!` included. */
  readonly text: string;
  readonly span: Span;
  /** The whole line with its line end. */
  readonly line: Span;
  /** Absent where BuildKit stops at it. */
  readonly pattern?: IgnorePattern;
  /** Why it does. */
  readonly fault?: string;
}

export interface Dockerignore {
  readonly language: "dockerignore";
  /** The file's name without folders, as `.dockerignore` or `Dockerfile.dockerignore`; undefined for a text without a name. */
  readonly name: string | undefined;
  readonly text: string;
  readonly eol: "\n" | "\r\n";
  readonly lines: readonly IgnoreLine[];
  readonly comments: readonly Comment[];
  /** None: what stops a build is a rule's finding. */
  readonly problems: readonly Problem[];
  /** What `memo.ts` keeps of this document; nobody else writes here. */
  readonly memory: unknown[];
}
