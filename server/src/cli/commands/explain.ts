/** `dockwright explain`: the page of a rule, as Markdown. */
import { exampleOutput } from "../../core/findings/example-output.ts";
import { renderRule } from "../../core/rules/page.ts";
import { rulesNamed } from "../choose-rules.ts";
import { EXIT, UsageError } from "../io.ts";
import { HELP } from "../options.ts";
import type { Command } from "./command.ts";

export const explain: Command = {
  name: "explain",
  summary: "say what a rule finds, why, and what its fix does",
  usage: "<rule>…",
  details: "A rule is named by its id or by a peer's code such as DL3006.",
  options: [HELP],
  async run({ positionals }, io, { rules }) {
    if (positionals.length === 0) throw new UsageError('name a rule to explain; "dockwright rules" lists them');
    const named = new Set(positionals.flatMap((name) => rulesNamed(name, rules)));
    const outputOf = exampleOutput(rules);
    io.stdout.write([...named].map((rule) => renderRule(rule, outputOf)).join("\n"));
    return EXIT.clean;
  },
};
