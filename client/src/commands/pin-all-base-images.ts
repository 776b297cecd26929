/** Adds today's digest to every image of the open file. The server shows the progress. */
import { type Parts, runOnActiveFile, tellSummary } from "./command.ts";

export async function pinAllBaseImages(parts: Parts): Promise<void> {
  await tellSummary(await runOnActiveFile(parts, "dockwright.pinAllBaseImages"));
}
