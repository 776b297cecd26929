/** Which documents are looked at, and as what. */
import type { TextDocument } from "vscode-languageserver-textdocument";
import { isCompose } from "../core/model/compose/detect.ts";
import type { Language } from "../core/model/document.ts";

/** By the editor's language; a file it takes for plain YAML by what is in it. */
export function languageOf(document: TextDocument): Language | undefined {
  const { languageId } = document;
  if (languageId === "dockerfile") return "dockerfile";
  if (languageId === "dockercompose") return "compose";
  return languageId === "yaml" && isCompose(document.getText()) ? "compose" : undefined;
}
