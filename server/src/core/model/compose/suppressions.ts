/**
 * Comments that switch rules off in a compose file: ours, dclint's and KICS's. dclint's are about one line, and about the file only
 * above everything else (its comments-handler.ts); KICS's about the next line or block, or the file.
 */
import type { Span } from "../../text/edit.ts";
import type { YamlComment } from "../../text/yaml.ts";
import { namesIn, OURS, startOf, type Suppression, suppression } from "../suppression.ts";
import { perCompose } from "./fields.ts";
import type { ComposeFile } from "./model.ts";
import { unitAfter } from "./units.ts";

const DCLINT = /^dclint[ \t]+(disable-file|disable-line|disable)(?:[ \t]+([\w][\w \t-]*))?[ \t]*$/;
const KICS = /^kics-scan[ \t]+(ignore|ignore-line|ignore-block)[ \t]*$/;

export const composeSuppressions = perCompose((compose): readonly Suppression[] =>
  compose.comments.flatMap((comment) => read(comment, compose) ?? []),
);

function read(comment: YamlComment, compose: ComposeFile): Suppression | undefined {
  const { span, text } = comment;
  const at = startOf(comment, compose.text);
  const ours = OURS.exec(text);
  if (ours) return suppression(span, at, ours, "dockwright");
  const dclint = DCLINT.exec(text);
  if (dclint) return fromDclint(compose, span, at, dclint);
  const kics = KICS.exec(text);
  if (!kics) return undefined;
  const names = [{ text: "kics", id: "kics:*", span: { start: at, end: at + text.length } }];
  if (kics[1] === "ignore") return { scope: "file", names, span, by: "kics" };
  const next = kics[1] === "ignore-line" ? lineBelow(compose, span.start) : unitAfter(compose, span.end);
  return next && { scope: "next", names, span, by: "kics", reach: next };
}

function fromDclint(compose: ComposeFile, span: Span, at: number, match: RegExpExecArray): Suppression | undefined {
  const [whole, what, list = ""] = match;
  const names =
    list.trim() === ""
      ? [{ text: whole, id: "dclint:*", span: { start: at, end: at + whole.length } }]
      : namesIn(list, at + whole.indexOf(list, (what ?? "").length + 7), "dclint");
  if (what !== "disable-line")
    return isAboveAll(compose.text, span.start) ? { scope: "file", names, span, by: "dclint" } : undefined;
  const own = lineOf(compose, span.start);
  const isAlone = compose.text.slice(own.start, span.start).trim() === "";
  return { scope: "next", names, span, by: "dclint", reach: isAlone ? lineBelow(compose, span.start) : own };
}

const isAboveAll = (text: string, at: number): boolean =>
  /^\uFEFF?(?:[ \t]*(?:---[ \t]*)?\r?\n)*[ \t]*$/.test(text.slice(0, at));

const lineBelow = (compose: ComposeFile, at: number): Span => lineOf(compose, lineOf(compose, at).end + 1);

/** The line an offset is on, without its line break. */
function lineOf({ text }: ComposeFile, at: number): Span {
  const end = text.indexOf("\n", at);
  return { start: text.lastIndexOf("\n", at - 1) + 1, end: end === -1 ? text.length : end };
}
