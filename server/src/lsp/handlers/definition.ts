/** `textDocument/definition` in compose files. */
import type { Definition, DefinitionLink, DefinitionParams } from "vscode-languageserver/node";
import { definitionAt } from "../../core/features/compose/definition.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import type { Session } from "../session.ts";

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export async function definition(
  session: Session,
  { textDocument, position }: DefinitionParams,
  signal: AbortSignal,
): Promise<Definition | DefinitionLink[] | null> {
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const offset = toOffset(open.checked.lines, position);
  // Most names are declared in a file that this one names; only for the others all files are looked through.
  const near = await withFiles(session, open, { signal, reach: "named" }, (path, files) =>
    definitionAt(path, offset, files),
  );
  const { result, file } = near.result
    ? near
    : await withFiles(session, open, { signal, reach: "around" }, (path, files) => definitionAt(path, offset, files));
  if (!result) return null;
  const found = result.targets.map(({ path, span }) => {
    const { uri, lines } = file(path);
    return { uri, range: span ? toRange(lines, span) : START };
  });
  if (!session.abilities.definitionLinks) return found;
  const originSelectionRange = toRange(open.checked.lines, result.origin);
  return found.map(({ uri, range }) => ({
    originSelectionRange,
    targetUri: uri,
    targetRange: range,
    targetSelectionRange: range,
  }));
}
