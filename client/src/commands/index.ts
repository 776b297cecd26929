/** Every command of package.json and what runs it. */
import type { Command } from "./command.ts";
import { composeRun } from "./compose-run.ts";
import { explainRule } from "./explain-rule.ts";
import { fixAllSafe } from "./fix-all-safe.ts";
import { pinAllBaseImages } from "./pin-all-base-images.ts";
import { restartServer } from "./restart-server.ts";
import { showLog } from "./show-log.ts";

export const commandTable: Readonly<Record<string, Command>> = {
  "dockwright.fixAllSafe": fixAllSafe,
  "dockwright.pinAllBaseImages": pinAllBaseImages,
  "dockwright.explainRule": explainRule,
  "dockwright.compose.run": composeRun,
  "dockwright.restartServer": restartServer,
  "dockwright.showLog": showLog,
};
