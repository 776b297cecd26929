/** The table of commands. */
import { check } from "./check.ts";
import type { Command } from "./command.ts";
import { compare } from "./compare.ts";
import { config } from "./config.ts";
import { explain } from "./explain.ts";
import { fix } from "./fix.ts";
import { fmt } from "./fmt.ts";
import { image } from "./image.ts";
import { init } from "./init.ts";
import { lsp } from "./lsp.ts";
import { pin } from "./pin.ts";
import { refactor } from "./refactor.ts";
import { rules } from "./rules.ts";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  check,
  fix,
  fmt,
  pin,
  refactor,
  rules,
  explain,
  image,
  compare,
  config,
  init,
  lsp,
];
