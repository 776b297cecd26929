/** Shows the log. */
import type { Parts } from "./command.ts";

export async function showLog({ log }: Parts): Promise<void> {
  log.show();
}
