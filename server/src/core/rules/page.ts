/** A rule as a page of documentation: what docs/rules holds and what "Explain rule" shows. */
import type { Example, Rule } from "../rule.ts";

/** Where the project and its rules are described. */
export const HOME = "https://github.com/dockwright/dockwright";

export const rulePage = (rule: string): string => `${HOME}/blob/main/docs/rules/${rule}.md`;

export function renderRule(rule: Rule): string {
  return [
    `# ${rule.id}`,
    "",
    `${capitalised(rule.summary)}.`,
    "",
    `Severity: ${rule.severity} · profile: ${rule.profile} · fix: ${rule.fixable} · since ${rule.since}`,
    ...(rule.sameAs.length > 0 ? ["", `Elsewhere: ${rule.sameAs.map((code) => `\`${code}\``).join(", ")}`] : []),
    "",
    "## Why",
    "",
    rule.why.trim(),
    ...(rule.fixSafety ? ["", "## Fix safety", "", rule.fixSafety.trim()] : []),
    "",
    "## Examples",
    "",
    ...rule.examples.flatMap(renderExample),
    "## Switching it off",
    "",
    `Above one instruction: \`# dockwright ignore=${rule.id} reason\`. For a file: \`# dockwright global ignore=${rule.id}\`.`,
    `Everywhere: the setting \`"dockwright.rules": { "${rule.id}": "off" }\`, or \`--ignore ${rule.id}\` on the command line.`,
    "",
  ].join("\n");
}

function renderExample(example: Example): string[] {
  if ("good" in example) return ["Good:", "", ...fence(example.good), ""];
  const fixed = example.fixed === undefined ? [] : ["Fixed:", "", ...fence(example.fixed), ""];
  return ["Bad:", "", ...fence(example.bad), "", ...fixed];
}

const fence = (text: string): string[] => {
  const ticks = text.includes("```") ? "````" : "```";
  return [`${ticks}dockerfile`, text.replace(/\n$/, ""), ticks];
};

/** The table of all rules. */
export function renderRuleIndex(rules: readonly Rule[]): string {
  return [
    "# Rules",
    "",
    `${rules.length} rules. A profile includes the ones before it: recommended, strict, all.`,
    "",
    "| rule | finds | severity | profile | fix | elsewhere |",
    "|---|---|---|---|---|---|",
    ...rules.map(
      ({ id, summary, severity, profile, fixable, sameAs }) =>
        `| [${id}](${id}.md) | ${summary.replaceAll("|", "\\|")} | ${severity} | ${profile} | ${fixable} | ${sameAs.join(", ")} |`,
    ),
    "",
  ].join("\n");
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
