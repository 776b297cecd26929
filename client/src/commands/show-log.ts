/** Shows the log. */
import type { Parts } from "./command.ts";

export async function showLog({ log }: Pick<Parts, "log">): Promise<void> {
  log.show();
}
