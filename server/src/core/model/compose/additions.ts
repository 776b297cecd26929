/** One more entry or item: behind another one, in front of all, in block and flow form. */
import { insert } from "../../text/edit.ts";
import type { YamlList, YamlMap } from "../../text/yaml.ts";
import { UNUSUAL } from "./editable.ts";
import {
  beginsLine,
  blockEnd,
  columnOf,
  contentEnd,
  endsOpen,
  isSeparated,
  lineEnd,
  lineStart,
  runsOn,
} from "./layout.ts";
import type { Change, ComposeFile } from "./model.ts";
import { commaBehind, startAt, valueAt } from "./spots.ts";

export function addBehind(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  index: number,
  column: number,
  write: (oneLine: boolean) => readonly string[],
): Change {
  const last = valueAt(node, index);
  const starts = startAt(compose, node, index);
  if (!last || compose.text.slice(lineStart(compose, starts), starts).includes("\t")) return { refusal: UNUSUAL };
  const at = blockEnd(compose, contentEnd(compose, last), column);
  const blank = isSeparated(compose, node) && !endsOpen(compose, last) ? compose.eol : "";
  const lines = write(runsOn(compose, at, column));
  return { edits: [insert(at, compose.eol + blank + lines.join(compose.eol))] };
}

/** Behind comments at the head of the file, which are about all of it; above those that are about the first key. */
export function addInFront(compose: ComposeFile, map: YamlMap, start: number, lines: readonly string[]): Change {
  const { eol } = compose;
  const blank = isSeparated(compose, map) ? eol : "";
  const indentation = " ".repeat(columnOf(compose, start));
  return { edits: [insert(start, lines.join(eol).trimStart() + eol + blank + indentation)] };
}

export function addToFlow(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  index: number,
  first: boolean,
  text: string,
): Change {
  const start = startAt(compose, node, first ? 0 : index);
  if (first) return { edits: [insert(start, `${text}, `)] };
  const last = valueAt(node, index);
  if (!last) return { refusal: UNUSUAL };
  const end = contentEnd(compose, last);
  if (!beginsLine(compose, start)) return { edits: [insert(end, `, ${text}`)] };
  // A line for each: the new one gets its own, and comments stay behind what they were behind.
  const line = compose.eol + " ".repeat(columnOf(compose, start)) + text;
  const lineBreak = lineEnd(compose, end);
  const rest = compose.text.slice(end, lineBreak);
  if (/^[ \t]*,[ \t]*(?:#.*)?$/.test(rest)) return { edits: [insert(lineBreak, `${line},`)] };
  if (/^[ \t]*(?:#.*)?$/.test(rest) && commaBehind(compose, end) === end)
    return { edits: rest === "" ? [insert(end, `,${line}`)] : [insert(end, ","), insert(lineBreak, line)] };
  return { edits: [insert(end, `,${line}`)] };
}
