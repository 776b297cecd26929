/** `textDocument/definition`: in compose files also in other files, of the project or of what they build; in Dockerfiles in the same. */
import type { Definition, DefinitionLink, DefinitionParams } from "vscode-languageserver/node";
import { definitionAt } from "../../core/features/compose/definition.ts";
import { definitionAt as definitionInDockerfile } from "../../core/features/dockerfile/definition.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export async function definition(
  session: Session,
  { textDocument, position }: DefinitionParams,
  signal: AbortSignal,
): Promise<Definition | DefinitionLink[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "navigation");
  if (own) {
    const { lines } = own.opened;
    const found = definitionInDockerfile(own.dockerfile, toOffset(lines, position));
    if (!found) return null;
    const range = toRange(lines, found.target);
    if (!session.abilities.definitionLinks) return [{ uri: textDocument.uri, range }];
    return [
      {
        originSelectionRange: toRange(lines, found.origin),
        targetUri: textDocument.uri,
        targetRange: range,
        targetSelectionRange: range,
      },
    ];
  }
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
