/** A rule as a page of documentation: what docs/rules holds and what "Explain rule" shows. */
import type { Example, Rule } from "../rule.ts";

/** Where the project and its rules are described. */
export const HOME = "https://github.com/dockwright/dockwright";

export const rulePage = (rule: string): string => `${HOME}/blob/main/docs/rules/${rule}.md`;

/** `outputOf` gives what the rule says about an example, a line for each finding. */
export function renderRule(rule: Rule, outputOf?: (rule: Rule, example: Example) => readonly string[]): string {
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
    ...rule.examples.flatMap((example) => renderExample(rule, example, outputOf?.(rule, example) ?? [])),
    ...renderOptions(rule),
    "## Switching it off",
    "",
    `Above ${ABOVE[rule.language]}: \`# dockwright ignore=${rule.id} reason\`. For a file: \`# dockwright global ignore=${rule.id}\`.`,
    `Everywhere: \`rules: { ${rule.id}: off }\` in \`.dockwright.yaml\`, the setting \`"dockwright.rules": { "${rule.id}": "off" }\`, or`,
    `\`--ignore ${rule.id}\` on the command line.`,
    "",
  ].join("\n");
}

const ABOVE: Readonly<Record<Rule["language"], string>> = {
  dockerfile: "one instruction",
  compose: "a key or behind it",
  dockerignore: "one pattern",
};

const FENCES: Readonly<Record<Rule["language"], string>> = {
  dockerfile: "dockerfile",
  compose: "yaml",
  dockerignore: "gitignore",
};

function renderExample({ language: of }: Rule, example: Example, output: readonly string[]): string[] {
  const given = renderGiven(example);
  const language = FENCES[of];
  if ("good" in example) return [`Good${given}:`, "", ...fence(language, example.good), ""];
  const said = output.length === 0 ? [] : [...fence("text", output.join("\n")), ""];
  const fixed = example.fixed === undefined ? [] : ["Fixed:", "", ...fence(language, example.fixed), ""];
  return [`Bad${given}:`, "", ...fence(language, example.bad), "", ...said, ...fixed];
}

/** What an example is told besides its text. */
function renderGiven({ answers, policy, options }: Example): string {
  const given = { ...policy, ...options, ...answers };
  const parts = Object.entries(given).map(([name, value]) => `\`${name}\` is \`${shortened(JSON.stringify(value))}\``);
  return parts.length === 0 ? "" : `, where ${parts.join(", ")}`;
}

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

const renderOptions = ({ id, options = [] }: Rule): string[] =>
  options.length === 0
    ? []
    : [
        "## Options",
        "",
        "| option | default | |",
        "|---|---|---|",
        ...options.map(
          ({ name, about, default: value }) => `| \`${name}\` | \`${JSON.stringify(value)}\` | ${about} |`,
        ),
        "",
        `In \`.dockwright.yaml\`: \`options: { ${id}: { ${options[0]?.name}: … } }\`.`,
        "",
      ];

const fence = (language: string, text: string): string[] => {
  const ticks = text.includes("```") ? "````" : "```";
  return [`${ticks}${language}`, text.replace(/\n$/, ""), ticks];
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
