/** Services at the top of a compose file, as files of the first version had them, go below `services`. */
import { looksLikeService } from "../model/compose/schema-unknown.ts";
import type { ComposeFile } from "../model/compose/model.ts";
import { type Remedy, unsafeFix } from "../rule.ts";
import { type Edit, insert } from "../text/edit.ts";
import type { YamlEntry, YamlMap } from "../text/yaml.ts";

/** One fix for all of them where there is no `services` yet; it is the first one's. */
export function belowServices(compose: ComposeFile, key: string): Remedy {
  const { root, text, eol } = compose;
  if (!root || root.flow) return {};
  const { written } = root;
  const column = columnOf(written[0]?.keySpan.start ?? 0, text);
  // All of it is indented already: only the line above is missing.
  if (column > 0 && written.every(isService) && written[0]?.key === key) {
    const line = written[0].keySpan.start - column;
    return { fixes: [unsafeFix("Put services: above", insert(line, `services:${eol}`))] };
  }
  if (column > 0) return {};
  const at = written.findIndex((entry) => entry.key === key);
  const services = written.findIndex((entry) => entry.key === "services");
  const width = services === -1 ? undefined : childColumn(written[services]?.value, text);
  if (services !== -1) {
    const follows = at > services && written.slice(services + 1, at + 1).every(isService);
    if (!follows || width === undefined) return {};
    return { fixes: [unsafeFix(`Indent ${key} below services:`, ...indented(written.slice(at, at + 1), width, text))] };
  }
  const group = written.filter(isService);
  const [first] = group;
  const last = group.at(-1);
  if (!first || !last || first.key !== key) return {};
  if (written.indexOf(last) - written.indexOf(first) !== group.length - 1)
    return { refusal: "the services do not stand one behind the other" };
  const step = childColumn(first.value, text) ?? 2;
  const [edit, ...edits] = indented(group, step, text);
  if (!edit) return {};
  const above = { ...edit, text: `services:${eol}${edit.text}` };
  return { fixes: [unsafeFix("Put them below services:", above, ...edits)] };
}

const isService = ({ value, via }: YamlEntry): boolean => !via && !value.via && looksLikeService(value);

/** Blanks before every line of neighbouring entries and of what stands between them, but before empty ones. */
function indented(entries: readonly YamlEntry[], width: number, text: string): readonly Edit[] {
  const start = entries[0]?.keySpan.start ?? 0;
  const end = entries.at(-1)?.value.span.end ?? start;
  const edits: Edit[] = [];
  for (let at = start; at < end; at = nextLine(at, text))
    if (/\S/.test(text.slice(at, nextLine(at, text)))) edits.push(insert(at, " ".repeat(width)));
  return edits;
}

function nextLine(at: number, text: string): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}

/** A byte order mark takes no column. */
function columnOf(at: number, text: string): number {
  const line = text.lastIndexOf("\n", at - 1) + 1;
  return at - line - (text.codePointAt(line) === 0xfeff ? 1 : 0);
}

function childColumn(value: YamlEntry["value"] | undefined, text: string): number | undefined {
  const child = value?.kind === "map" && !value.flow && !value.via ? firstKey(value) : undefined;
  return child === undefined ? undefined : columnOf(child, text);
}

const firstKey = ({ written }: YamlMap): number | undefined => written[0]?.keySpan.start;
