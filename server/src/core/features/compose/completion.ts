/** What could be written at a place of a compose file. The text need not parse: see cursor.ts. */
import type { ComposeFile, Service } from "../../model/compose/model.ts";
import { parseCompose } from "../../model/compose/parse.ts";
import { type Project, projectOf } from "../../model/compose/project.ts";
import type { Span } from "../../text/edit.ts";
import { keyCompletions } from "./completion-keys.ts";
import { scalarCompletions } from "./completion-values.ts";
import { variableCompletions } from "./completion-variables.ts";
import { type Cursor, type Glance, glanceAt } from "./cursor.ts";
import type { Look } from "./look.ts";
import { placeOf, type SchemaPlace } from "./schema-place.ts";

export type CompletionKind = "key" | "value" | "name" | "image" | "file" | "folder" | "variable";

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

/** Best first. `compose` is the last model of the text, if there is any: it may be older than the text. */
export function completionsAt(
  text: string,
  offset: number,
  look: Look,
  compose: ComposeFile = parseCompose(""),
): readonly Completion[] {
  const glance = glanceAt(text, offset);
  const { cursor } = glance;
  if (!cursor) return [];
  let project: Project | undefined;
  const setting: Setting = {
    text,
    offset,
    cursor,
    glance,
    look,
    compose,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    project: () => (project ??= projectOf(compose, look)),
    service: () => serviceIn(glance, compose),
    ...placeOf(cursor.path),
  };
  const variables = cursor.at === "key" ? undefined : variableCompletions(setting);
  if (variables) return variables;
  return [...scalarCompletions(setting), ...keyCompletions(setting)];
}

function serviceIn({ entry }: Glance, compose: ComposeFile): Service | undefined {
  if (entry?.section !== "services") return undefined;
  const [now] = parseCompose(`services:\n${entry.text}`).services;
  // What anchors bring is known to the whole file only.
  const whole = compose.services.find(({ name }) => name === entry.name);
  return now?.map && !now.map.written.some(({ key }) => key === "<<") ? now : (whole ?? now);
}
