/** What is offered to be written, and what that is worked out from. */
import type { ComposeFile, Service } from "../../model/compose/model.ts";
import type { Project } from "../../model/compose/project.ts";
import type { Span } from "../../text/edit.ts";
import type { Cursor, Glance } from "./cursor.ts";
import type { Look } from "./look.ts";
import type { SchemaPlace } from "./schema-place.ts";

export type CompletionKind = "keyword" | "key" | "value" | "name" | "image" | "file" | "folder" | "variable";

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** A few words beside the label. */
  readonly detail?: string | undefined;
  /** Markdown. */
  readonly about?: string | undefined;
  /** What is replaced; up to the cursor only where the rest of the word is to stay. */
  readonly span: Span;
  readonly text: string;
  /** The same with tab stops, indented as the file is. */
  readonly snippet?: string | undefined;
  /** What the typed text is compared with, where that is not the label. */
  readonly filter?: string | undefined;
  readonly deprecated?: boolean | undefined;
  /** The rest of the word behind the cursor never stays. */
  readonly whole?: boolean | undefined;
  /** A command of our client that runs when it was taken. */
  readonly runs?: { readonly command: string; readonly args: readonly unknown[] } | undefined;
}

/** Everything completions are worked out from. */
export interface Setting extends SchemaPlace {
  readonly text: string;
  readonly offset: number;
  readonly cursor: Cursor;
  readonly glance: Glance;
  readonly eol: "\n" | "\r\n";
  readonly look: Look;
  /** The last text that was parsed, which may lack what was typed since. */
  readonly compose: ComposeFile;
  readonly project: () => Project;
  /** The service the cursor is in, without the cursor's line. */
  readonly service: () => Service | undefined;
}

/** Something that could stand at the cursor as a scalar, or as a part of one. */
export interface Candidate {
  /** The text itself, without quotes. */
  readonly value: string;
  readonly kind: CompletionKind;
  readonly label?: string;
  readonly detail?: string | undefined;
  readonly about?: string | undefined;
  /** It stays as it is: a beginning that goes on, or YAML already. */
  readonly raw?: boolean;
  /** In quotes even where YAML needs none. */
  readonly quoted?: boolean;
  readonly snippet?: string;
  /** Where it is a part of the word: that part. */
  readonly part?: Span;
}
