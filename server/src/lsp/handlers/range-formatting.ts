/** `textDocument/rangeFormatting` of compose files. */
import type { DocumentRangeFormattingParams, TextEdit } from "vscode-languageserver/node";
import { formatComposeRange } from "../../core/features/compose/format-range.ts";
import { openCompose } from "../compose-files.ts";
import { toSpan, toTextEdit } from "../convert.ts";
import type { Session } from "../session.ts";

export async function rangeFormatting(
  session: Session,
  { textDocument, range, options }: DocumentRangeFormattingParams,
): Promise<TextEdit[] | null> {
  const open = await openCompose(session, textDocument.uri, "formatting");
  if (!open) return null;
  const { text, lines } = open.checked;
  const { tabSize } = options;
  return formatComposeRange(text, toSpan(lines, range), { tabSize }).map((edit) => toTextEdit(lines, edit));
}
