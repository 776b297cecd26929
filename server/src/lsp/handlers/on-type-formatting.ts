/** `textDocument/onTypeFormatting` of Dockerfiles. */
import type { DocumentOnTypeFormattingParams, TextEdit } from "vscode-languageserver/node";
import { formatOptions } from "../../core/features/dockerfile/format-options.ts";
import { editsBehind } from "../../core/features/dockerfile/format-on-type.ts";
import { toOffset, toTextEdit } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function onTypeFormatting(
  session: Session,
  { textDocument, position, ch, options }: DocumentOnTypeFormattingParams,
): Promise<TextEdit[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "formatting");
  if (!own) return null;
  const { lines, config } = own.opened;
  const edits = editsBehind(own.dockerfile, toOffset(lines, position), ch, formatOptions(config.format, options));
  return edits.map((edit) => toTextEdit(lines, edit));
}
