/** `textDocument/documentSymbol` in compose files and Dockerfiles: the outline. */
import { type DocumentSymbol, type DocumentSymbolParams, SymbolKind } from "vscode-languageserver/node";
import { outlineOf, type OutlineSymbol, type SymbolKind as Kind } from "../../core/features/compose/symbols.ts";
import {
  outlineOf as outlineOfDockerfile,
  type SymbolKind as DockerfileKind,
} from "../../core/features/dockerfile/symbols.ts";
import type { Lines } from "../../core/text/lines.ts";
import { openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

/** Their icons tell things apart in the outline. */
export const SYMBOL_KINDS: Readonly<Record<Kind | DockerfileKind, SymbolKind>> = {
  stage: SymbolKind.Class,
  argument: SymbolKind.Constant,
  variable: SymbolKind.Variable,
  label: SymbolKind.Property,
  run: SymbolKind.Method,
  files: SymbolKind.File,
  folder: SymbolKind.Package,
  user: SymbolKind.Object,
  port: SymbolKind.Interface,
  start: SymbolKind.Event,
  setting: SymbolKind.Key,
  trigger: SymbolKind.Operator,
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
  const own = await openDockerfile(session, textDocument.uri, "symbols");
  if (own) return outlineOfDockerfile(own.dockerfile).map((symbol) => toSymbol(own.opened.lines, symbol));
  const open = await openCompose(session, textDocument.uri, "symbols");
  return open ? outlineOf(open.compose).map((symbol) => toSymbol(open.checked.lines, symbol)) : null;
}

interface Outlined extends Omit<OutlineSymbol, "kind" | "children"> {
  readonly kind: Kind | DockerfileKind;
  readonly children: readonly Outlined[];
}

const toSymbol = (lines: Lines, { name, detail, kind, span, nameSpan, children }: Outlined): DocumentSymbol => ({
  name,
  detail,
  kind: SYMBOL_KINDS[kind],
  range: toRange(lines, span),
  selectionRange: toRange(lines, nameSpan),
  children: children.map((child) => toSymbol(lines, child)),
});
