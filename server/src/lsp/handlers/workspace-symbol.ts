/** `workspace/symbol`: what the open compose files declare. */
import type { SymbolInformation, WorkspaceSymbolParams } from "vscode-languageserver/node";
import { SECTIONS } from "../../core/model/compose/name-index.ts";
import { outlineOf } from "../../core/features/compose/symbols.ts";
import { openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import type { Session } from "../session.ts";
import { SYMBOL_KINDS } from "./document-symbol.ts";

/** Editors narrow the list down further while somebody types. */
const MAX_SYMBOLS = 500;

export async function workspaceSymbol(
  session: Session,
  { query }: WorkspaceSymbolParams,
): Promise<SymbolInformation[]> {
  const found: SymbolInformation[] = [];
  for (const uri of session.uris()) {
    const open = await openCompose(session, uri, "symbols");
    if (!open) continue;
    const { lines } = open.checked;
    for (const section of outlineOf(open.compose)) {
      if (!SECTIONS.has(section.name)) continue;
      for (const { name, kind, span } of section.children)
        if (isSubsequence(query.toLowerCase(), name.toLowerCase()))
          found.push({
            name,
            kind: SYMBOL_KINDS[kind],
            containerName: section.name,
            location: { uri, range: toRange(lines, span) },
          });
    }
  }
  return found.slice(0, MAX_SYMBOLS);
}

/** As the protocol wants it: relaxed, the characters of the query in their order. */
function isSubsequence(query: string, name: string): boolean {
  let at = 0;
  for (const character of name) if (character === query[at]) at++;
  return at >= query.length;
}
