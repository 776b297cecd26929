/** Which documents are looked at, and as what. */
import type { TextDocument } from "vscode-languageserver-textdocument";
import { isCompose } from "../core/model/compose/detect.ts";
import type { Language } from "../core/model/document.ts";

/** An ignore file by its name, which editors call this or that; others by the editor's language, plain YAML by what is in it. */
export function languageOf(document: TextDocument): Language | undefined {
  const { languageId, uri } = document;
  if (/\.(?:docker|container)ignore$/i.test(uri)) return "dockerignore";
  if (languageId === "dockerfile") return "dockerfile";
  if (languageId === "dockercompose") return "compose";
  return languageId === "yaml" && isCompose(document.getText()) ? "compose" : undefined;
}
