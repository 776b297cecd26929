/** What is asked of files beside the document. */
import { joined } from "../../model/compose/paths.ts";

/** Paths are relative to the document's folder. `entries`: the names in a folder, one a line, folders with a final `/`. */
export type Look = (question: {
  readonly ask: "path-kind" | "text" | "entries";
  readonly path: string;
}) => string | { readonly unknown: string } | undefined;

/** The text of a file; undefined when there is none, or it is not known yet. */
export function textAt(look: Look, path: string): string | undefined {
  const text = look({ ask: "text", path });
  return typeof text === "string" ? text : undefined;
}

/** The names in a folder. */
export function entriesAt(look: Look, base: string, path: string): readonly string[] {
  const folder = joined(base, path === "" ? "." : path);
  const entries = folder === undefined ? undefined : look({ ask: "entries", path: folder });
  return typeof entries === "string" ? entries.split("\n").filter((name) => name !== "") : [];
}
