/** `workspace/symbol`: what the open compose files declare, and the stages and images of the workspace's Dockerfiles. */
import { type SymbolInformation, SymbolKind, type WorkspaceSymbolParams } from "vscode-languageserver/node";
import { SECTIONS } from "../../core/model/compose/name-index.ts";
import { outlineOf } from "../../core/features/compose/symbols.ts";
import { type ProjectSymbol, projectSymbolsOf } from "../../core/features/dockerfile/project-symbols.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import { type Lines, linesOf } from "../../core/text/lines.ts";
import { languageFound } from "../../effects/files/names.ts";
import { openCompose, pathOf } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";
import { SYMBOL_KINDS } from "./document-symbol.ts";

/** Editors narrow the list down further while somebody types. */
const MAX_SYMBOLS = 500;
/** As many Dockerfiles are read that are not open. */
const MAX_FILES = 300;

export async function workspaceSymbol(
  session: Session,
  { query }: WorkspaceSymbolParams,
  signal: AbortSignal,
): Promise<SymbolInformation[]> {
  const found: SymbolInformation[] = [];
  const wanted = query.toLowerCase();
  const uris = session.uris();
  for (const uri of uris) {
    const own = await openDockerfile(session, uri, "symbols");
    if (own) {
      found.push(...symbolsIn(uri, own.opened.lines, projectSymbolsOf(own.dockerfile), wanted));
      continue;
    }
    const open = await openCompose(session, uri, "symbols");
    if (!open) continue;
    const { lines } = open.checked;
    for (const section of outlineOf(open.compose)) {
      if (!SECTIONS.has(section.name)) continue;
      for (const { name, kind, span } of section.children)
        if (isSubsequence(wanted, name.toLowerCase()))
          found.push({
            name,
            kind: SYMBOL_KINDS[kind],
            containerName: section.name,
            location: { uri, range: toRange(lines, span) },
          });
    }
  }
  const opened = new Set(uris.map(pathOf));
  for (const root of session.abilities.roots)
    found.push(...(await closedFiles(session, root.replace(/\/$/, ""), opened, wanted, signal)));
  return found.slice(0, MAX_SYMBOLS);
}

/** Dockerfiles of a workspace folder that are not open. */
async function closedFiles(
  session: Session,
  root: string,
  opened: ReadonlySet<string>,
  wanted: string,
  signal: AbortSignal,
): Promise<readonly SymbolInformation[]> {
  const uri = `${root}/Dockerfile`;
  const config = await session.configFor(uri);
  if (!config.dockerfile.symbols) return [];
  const from = { uri, config, answers: new Map() };
  const list = await session.look({ ask: "list" }, from, signal);
  if (typeof list !== "string") return [];
  const paths = list
    .split("\n")
    .filter((path) => languageFound(path.slice(path.lastIndexOf("/") + 1)) === "dockerfile");
  const found: SymbolInformation[] = [];
  for (const path of paths.slice(0, MAX_FILES)) {
    const file = `${root}/${path.split("/").map(encodeURIComponent).join("/")}`;
    if (opened.has(pathOf(file))) continue;
    const text = await session.look({ ask: "text", path }, from, signal);
    if (typeof text !== "string") continue;
    found.push(...symbolsIn(file, linesOf(text), projectSymbolsOf(parseDockerfile(text)), wanted));
  }
  return found;
}

const symbolsIn = (
  uri: string,
  lines: Lines,
  symbols: readonly ProjectSymbol[],
  wanted: string,
): readonly SymbolInformation[] =>
  symbols
    .filter(({ name }) => isSubsequence(wanted, name.toLowerCase()))
    .map(({ name, kind, container, span }) => ({
      name,
      kind: kind === "stage" ? SymbolKind.Class : SymbolKind.Package,
      containerName: container,
      location: { uri, range: toRange(lines, span) },
    }));

/** As the protocol wants it: relaxed, the characters of the query in their order. */
function isSubsequence(query: string, name: string): boolean {
  let at = 0;
  for (const character of name) if (character === query[at]) at++;
  return at >= query.length;
}
