/** `textDocument/references`: in compose files in all files of the project, in Dockerfiles in the same. */
import type { Location, ReferenceParams } from "vscode-languageserver/node";
import { referencesAt } from "../../core/features/compose/references.ts";
import { referencesAt as referencesInDockerfile } from "../../core/features/dockerfile/references.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function references(
  session: Session,
  { textDocument, position, context }: ReferenceParams,
  signal: AbortSignal,
): Promise<Location[] | null> {
  const declarations = context.includeDeclaration;
  const own = await openDockerfile(session, textDocument.uri, "navigation");
  if (own) {
    const { lines } = own.opened;
    const found = referencesInDockerfile(own.dockerfile, toOffset(lines, position), { declarations });
    return found?.map(({ span }) => ({ uri: textDocument.uri, range: toRange(lines, span) })) ?? null;
  }
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const offset = toOffset(open.checked.lines, position);
  const { result, file } = await withFiles(session, open, { signal, reach: "around" }, (path, files) =>
    referencesAt(path, offset, files, { declarations }),
  );
  if (!result) return null;
  return result.targets.map(({ path, span }) => {
    const { uri, lines } = file(path);
    return { uri, range: toRange(lines, span) };
  });
}
