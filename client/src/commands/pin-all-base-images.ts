/** Adds today's digest to every base image of the open Dockerfile. The server shows progress and outcome. */
import { type Parts, runOnActiveDockerfile } from "./command.ts";

export async function pinAllBaseImages(parts: Parts): Promise<void> {
  await runOnActiveDockerfile(parts, "dockwright.pinAllBaseImages");
}
