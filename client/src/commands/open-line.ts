/** Opens a file at a line: where links of reports lead. */
import { Selection, Uri, window } from "vscode";
import type { Parts } from "./command.ts";

/** @param address of the file @param line from 0 */
export async function openLine(_: Parts, address?: unknown, line?: unknown): Promise<void> {
  if (typeof address !== "string" || typeof line !== "number") return;
  await window.showTextDocument(Uri.parse(address, true), { selection: new Selection(line, 0, line, 0) });
}
