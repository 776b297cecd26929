/** `textDocument/references` in compose files: in all files of the project. */
import type { Location, ReferenceParams } from "vscode-languageserver/node";
import { referencesAt } from "../../core/features/compose/references.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import type { Session } from "../session.ts";

export async function references(
  session: Session,
  { textDocument, position, context }: ReferenceParams,
  signal: AbortSignal,
): Promise<Location[] | null> {
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const offset = toOffset(open.checked.lines, position);
  const declarations = context.includeDeclaration;
  const { result, file } = await withFiles(session, open, { signal, reach: "around" }, (path, files) =>
    referencesAt(path, offset, files, { declarations }),
  );
  if (!result) return null;
  return result.targets.map(({ path, span }) => {
    const { uri, lines } = file(path);
    return { uri, range: toRange(lines, span) };
  });
}
