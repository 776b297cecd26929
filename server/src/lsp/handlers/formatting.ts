/** `textDocument/formatting` of compose files. */
import type { DocumentFormattingParams, TextEdit } from "vscode-languageserver/node";
import { formatCompose } from "../../core/features/compose/format.ts";
import { openCompose } from "../compose-files.ts";
import { toTextEdit } from "../convert.ts";
import type { Session } from "../session.ts";

export async function formatting(
  session: Session,
  { textDocument, options }: DocumentFormattingParams,
): Promise<TextEdit[] | null> {
  const open = await openCompose(session, textDocument.uri, "formatting");
  if (!open) return null;
  const { text, lines } = open.checked;
  return formatCompose(text, { tabSize: options.tabSize }).map((edit) => toTextEdit(lines, edit));
}
