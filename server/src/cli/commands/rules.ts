/** `dockwright rules`: the rules as a table, or as JSON with all that is known about them. */
import { rulesChosen } from "../choose-rules.ts";
import { EXIT, UsageError } from "../io.ts";
import { rulePage } from "../../core/rules/page.ts";
import { HELP, RULE_CHOICE } from "../options.ts";
import type { Rule } from "../../core/rule.ts";
import type { Command } from "./command.ts";

export const rules: Command = {
  name: "rules",
  summary: "list the rules",
  usage: "[options]",
  details: "All rules are listed unless some are chosen.",
  options: [
    { name: "format", short: "f", value: "FORMAT", choices: ["text", "json"], help: "text (default) or json" },
    ...RULE_CHOICE,
    HELP,
  ],
  async run(args, io, { rules: all }) {
    if (args.positionals.length > 0)
      throw new UsageError(`rules takes no argument; try "dockwright explain ${args.positionals[0]}"`);
    const everything = !args.has("profile") && !args.has("select") && !args.has("ignore");
    const chosen = everything ? all : rulesChosen(args, all);
    io.stdout.write(args.value("format") === "json" ? json(chosen) : table(chosen));
    return EXIT.clean;
  },
};

const json = (chosen: readonly Rule[]): string =>
  `${JSON.stringify(
    chosen.map(({ check: _check, ...metadata }) => ({ ...metadata, url: rulePage(metadata.id) })),
    undefined,
    2,
  )}\n`;

function table(chosen: readonly Rule[]): string {
  const rows = [
    ["RULE", "SEVERITY", "PROFILE", "FIX", "FINDS"],
    ...chosen.map(({ id, severity, profile, fixable, summary }) => [id, severity, profile, fixable, summary]),
  ];
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  return rows
    .map(
      (row) => `${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  ")}\n`,
    )
    .join("");
}
