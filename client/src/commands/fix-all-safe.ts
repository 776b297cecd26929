/** Fixes everything in the open file that can be fixed safely. */
import { window } from "vscode";
import { type Parts, runOnActiveFile } from "./command.ts";

const SHOWN_MS = 5_000;

export async function fixAllSafe(parts: Pick<Parts, "client">): Promise<void> {
  const summary = await runOnActiveFile(parts, "dockwright.fixAll");
  if (!summary) return;
  if (summary.failed.length > 0) void window.showWarningMessage(summary.message);
  else window.setStatusBarMessage(`Dockwright: ${summary.message}`, SHOWN_MS);
}
