/** `textDocument/documentSymbol` in compose files: the outline. */
import { type DocumentSymbol, type DocumentSymbolParams, SymbolKind } from "vscode-languageserver/node";
import { outlineOf, type OutlineSymbol, type SymbolKind as Kind } from "../../core/features/compose/symbols.ts";
import type { Lines } from "../../core/text/lines.ts";
import { openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import type { Session } from "../session.ts";

/** Their icons tell things apart in the outline. */
export const SYMBOL_KINDS: Readonly<Record<Kind, SymbolKind>> = {
  section: SymbolKind.Namespace,
  service: SymbolKind.Class,
  network: SymbolKind.Interface,
  volume: SymbolKind.Struct,
  secret: SymbolKind.Key,
  config: SymbolKind.File,
  model: SymbolKind.Module,
  extension: SymbolKind.Variable,
  include: SymbolKind.File,
  key: SymbolKind.Object,
  text: SymbolKind.Property,
  number: SymbolKind.Number,
  list: SymbolKind.Array,
};

export async function documentSymbol(
  session: Session,
  { textDocument }: DocumentSymbolParams,
): Promise<DocumentSymbol[] | null> {
  const open = await openCompose(session, textDocument.uri, "symbols");
  return open ? outlineOf(open.compose).map((symbol) => toSymbol(open.checked.lines, symbol)) : null;
}

const toSymbol = (lines: Lines, { name, detail, kind, span, nameSpan, children }: OutlineSymbol): DocumentSymbol => ({
  name,
  detail,
  kind: SYMBOL_KINDS[kind],
  range: toRange(lines, span),
  selectionRange: toRange(lines, nameSpan),
  children: children.map((child) => toSymbol(lines, child)),
});
