/** The `dockwright` program with every command. */
import { bind } from "./bind.ts";
import { commands } from "./commands/index.ts";

bind(commands, import.meta.filename);
