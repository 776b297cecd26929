/** The texts of `--help`, made from the tables of commands and options. */
import { describeOptions } from "./args.ts";
import type { Command } from "./commands/command.ts";
import { HOME } from "../core/rules/page.ts";

export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `Finds what is wrong, unsafe, slow or unreproducible in Dockerfiles, and repairs it.

Usage: dockwright <command> [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join("")}
  --help, --version

"dockwright <command> --help" says more. ${HOME}
`;
}

export const commandHelp = ({ name, summary, usage, details, options }: Command): string =>
  `dockwright ${name}: ${summary}

Usage: dockwright ${name} ${usage}

${details}

${describeOptions(options)}`;
