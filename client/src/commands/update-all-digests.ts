/** Renews every digest of the open file that its tag does not point at any more. The server shows the progress. */
import { type Parts, runOnActiveFile, tellSummary } from "./command.ts";

export async function updateAllDigests(parts: Parts): Promise<void> {
  await tellSummary(await runOnActiveFile(parts, "dockwright.updateAllDigests"));
}
