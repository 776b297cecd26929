/** What could be written at a place of a compose file. The text need not parse: see cursor.ts. */
import type { ComposeFile, Service } from "../../model/compose/model.ts";
import { parseCompose } from "../../model/compose/parse.ts";
import { type Project, projectOf } from "../../model/compose/project.ts";
import { keyCompletions } from "./completion-keys.ts";
import { scalarCompletions } from "./completion-values.ts";
import { variableCompletions } from "./completion-variables.ts";
import type { Completion, Setting } from "./completion-model.ts";
import { type Glance, glanceAt } from "./cursor.ts";
import type { Look } from "./look.ts";
import { placeOf } from "./schema-place.ts";

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
