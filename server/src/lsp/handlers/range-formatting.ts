/** `textDocument/rangeFormatting` of compose files and Dockerfiles. */
import type { DocumentRangeFormattingParams, TextEdit } from "vscode-languageserver/node";
import { formatComposeRange } from "../../core/features/compose/format-range.ts";
import { formatDockerfile } from "../../core/features/dockerfile/format.ts";
import { formatOptions } from "../../core/features/dockerfile/format-options.ts";
import { openCompose } from "../compose-files.ts";
import { toSpan, toTextEdit } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function rangeFormatting(
  session: Session,
  { textDocument, range, options }: DocumentRangeFormattingParams,
): Promise<TextEdit[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "formatting");
  if (own) {
    const { lines, config } = own.opened;
    const edits = formatDockerfile(own.dockerfile, formatOptions(config.format, options), toSpan(lines, range));
    return edits.map((edit) => toTextEdit(lines, edit));
  }
  const open = await openCompose(session, textDocument.uri, "formatting");
  if (!open) return null;
  const { text, lines, config } = open.checked;
  const { tabSize } = formatOptions(config.format, options);
  return formatComposeRange(text, toSpan(lines, range), { tabSize }).map((edit) => toTextEdit(lines, edit));
}
