/** *Convert to Multi-Stage*: shows what a Dockerfile of one stage is as one of several, and writes it once the person says so. */
import { type TextDocument, window, workspace } from "vscode";
import { dockerfileFor } from "../tasks/dockerfile.ts";
import { previewMultiStage } from "../views/multi-stage/preview.ts";
import type { Parts } from "./command.ts";

/** @param file a Uri or an address */
export async function convertToMultiStage(parts: Parts, file?: unknown): Promise<void> {
  const document = await documentFor(file);
  if (document) await previewMultiStage(parts, document);
}

/** One that is open need not be on disk. */
async function documentFor(file: unknown): Promise<TextDocument | undefined> {
  const active = window.activeTextEditor?.document;
  if (file === undefined && active?.languageId === "dockerfile") return active;
  const open = workspace.textDocuments.find(({ uri }) => uri.toString() === String(file));
  if (open) return open;
  const uri = await dockerfileFor(file);
  return uri && workspace.openTextDocument(uri);
}
