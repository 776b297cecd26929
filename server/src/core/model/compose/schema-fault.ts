/** A fault of a compose file, and the place it is in. */
import type { Span } from "../../text/edit.ts";
import type { Shape } from "./schema-shapes.ts";
import type { Path } from "./schema-words.ts";

/** What could stand there instead. */
export interface Suggestion {
  readonly span: Span;
  readonly text: string;
  /** Verb phrase in sentence case. */
  readonly title: string;
  /** It says the same; otherwise it is a guess. */
  readonly same: boolean;
}

export interface SchemaFault {
  readonly span: Span;
  readonly at: "key" | "value";
  readonly path: Path;
  readonly message: string;
  readonly suggestion?: Suggestion;
  /** A service at the top of the file. */
  readonly isService?: true;
  /** Something is not there, which another file that is merged with this one may have. */
  readonly missing?: true;
  /** Who refuses it, where that is not every compose: the engine, what the file asks for; Docker's compose, while others take it; nobody, but it has no effect. */
  readonly by?: "engine" | "compose" | "nobody";
}

/** A value with what may stand there. */
export interface Place {
  readonly shape: Shape;
  readonly path: Path;
  /** The path with `*` for names that people chose and for items: `services.*.ports.*`. */
  readonly at: string;
  /** Of the key it belongs to, or of the list it is an item of. */
  readonly keySpan: Span;
  readonly parent?: Place;
}

export type Report = (fault: Omit<SchemaFault, "path"> & { readonly path?: Path }) => void;
