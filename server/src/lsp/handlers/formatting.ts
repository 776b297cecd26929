/** `textDocument/formatting` of compose files and Dockerfiles. */
import type { DocumentFormattingParams, TextEdit } from "vscode-languageserver/node";
import { formatCompose } from "../../core/features/compose/format.ts";
import { formatDockerfile } from "../../core/features/dockerfile/format.ts";
import { formatOptions } from "../../core/features/dockerfile/format-options.ts";
import { openCompose } from "../compose-files.ts";
import { toTextEdit } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function formatting(
  session: Session,
  { textDocument, options }: DocumentFormattingParams,
): Promise<TextEdit[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "formatting");
  if (own) {
    const { lines, config } = own.opened;
    const edits = formatDockerfile(own.dockerfile, formatOptions(config.format, options));
    return edits.map((edit) => toTextEdit(lines, edit));
  }
  const open = await openCompose(session, textDocument.uri, "formatting");
  if (!open) return null;
  const { text, lines, config } = open.checked;
  const { tabSize } = formatOptions(config.format, options);
  return formatCompose(text, { tabSize }).map((edit) => toTextEdit(lines, edit));
}
