/** Adds today's digest to every image of the open file. The server shows progress and outcome. */
import { type Parts, runOnActiveFile } from "./command.ts";

export async function pinAllBaseImages(parts: Parts): Promise<void> {
  await runOnActiveFile(parts, "dockwright.pinAllBaseImages");
}
