/** Starts the server anew, also after it has crashed too often. */
import type { Parts } from "./command.ts";

export async function restartServer({ client, log }: Pick<Parts, "client" | "log">): Promise<void> {
  log.info("The server is restarted");
  if (client.needsStop()) await client.stop();
  await client.start();
}
