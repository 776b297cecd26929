/** Rendering of findings and reading of fixtures, shared by the rule tests. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FixedText, fixAll } from "../server/src/core/findings/fix-all.ts";
import { inspect, type Kind } from "../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../server/src/core/findings/settings.ts";
import {
  type Answer,
  type Answers,
  type Example,
  type FileChange,
  type Finding,
  keyOf,
  noPolicy,
  type Profile,
  type Rule,
  type Safety,
} from "../server/src/core/rule.ts";
import { rules as allRules } from "../server/src/core/rules/index.ts";
import { linesOf } from "../server/src/core/text/lines.ts";

/** Every rule runs, whatever its profile. */
export const everything: Settings = { ...defaultSettings, profile: "all" };

export const answersFrom = (record: Readonly<Record<string, Answer>> | undefined): Answers =>
  new Map(Object.entries(record ?? {}));

/** Every rule, with what an example or a fixture wishes of the one it is about. */
export const wishedFor = (rule: Rule, { policy, options }: Pick<Example, "policy" | "options">): Settings => ({
  ...everything,
  policy: { ...noPolicy, ...policy },
  options: options ? { [rule.id]: options } : {},
});

/** As what the texts of these rules are read: those of one test are of one language. A name only where an answer is about it. */
const kindOf = ([rule]: readonly Rule[], answers: Answers): Kind => ({
  language: rule?.language ?? "dockerfile",
  ...(answers.has(NAMED) && { name: "Dockerfile" }),
});
const NAMED = keyOf({ ask: "builds", path: "Dockerfile" });

export const findingsOf = (
  text: string,
  rules: readonly Rule[],
  answers: Answers = new Map(),
  settings: Settings = everything,
): readonly Finding[] => {
  const { findings, crashes } = inspect(text, withReviewed(rules), settings, answers, kindOf(rules, answers));
  for (const { rule, error } of crashes) throw new Error(`${rule} threw`, { cause: error });
  return findings.filter((finding) => rules.some(({ id }) => id === finding.rule));
};

/** A rule that reviews what others found needs the others. */
const withReviewed = (rules: readonly Rule[]): readonly Rule[] =>
  rules.some((rule) => rule.review) ? allRules : rules;

export const fixed = (
  text: string,
  rules: readonly Rule[],
  answers: Answers = new Map(),
  allow: readonly Safety[] = ["safe", "unsafe"],
  settings: Settings = everything,
): FixedText =>
  fixAll(text, {
    rules: withReviewed(rules),
    only: new Set(rules.map(({ id }) => id)),
    settings,
    answers,
    allow,
    kind: kindOf(rules, answers),
  });

const profiles: ReadonlyMap<string, Profile> = new Map(allRules.map(({ id, profile }) => [id, profile]));

/** Findings under the lines they are about, as a person reads them; with its profile where a case is weaker than its rule. */
export function render(text: string, findings: readonly Finding[]): string {
  const lines = linesOf(text);
  return findings
    .map(({ rule, profile, span, severity, message, fixes, offers, refusal }) => {
      const from = lines.position(span.start);
      const to = lines.position(span.end);
      const line = lines.text(from.line);
      const gutter = `${from.line + 1} | `;
      const indent = " ".repeat(gutter.length) + line.slice(0, from.column).replace(/[^\t]/g, " ");
      const length = from.line === to.line ? to.column - from.column : line.length - from.column;
      const weaker = profile === profiles.get(rule) ? "" : ` (${profile})`;
      return [
        gutter + line,
        `${indent}${"^".repeat(Math.max(1, length))} ${severity}${weaker}: ${message}`,
        ...fixes.flatMap((fix) => [`${indent}${fix.safety}: ${fix.title}`, ...(fix.files ?? []).flatMap(written)]),
        ...offers.map((offer) => `${indent}offer: ${offer.title}`),
        ...(refusal === undefined ? [] : [`${indent}no fix: ${refusal}`]),
        "",
      ].join("\n");
    })
    .join("");
}

/** Another file as it is afterwards. */
const written = ({ path, text }: FileChange): readonly string[] => [
  `      ${path}:`,
  ...text.split(/\r?\n/).flatMap((line) => (line === "" ? [] : [`        ${line}`])),
];

export interface Fixture {
  readonly file: string;
  readonly rule: string;
  readonly source: string;
  /** Pieces of `source`; those that are cases are rewritten from what the rule does. */
  readonly sections: readonly string[];
}

const folder = join(import.meta.dirname, "rules");

export const fixtures = (
  languages: readonly Rule["language"][] = ["dockerfile", "compose", "dockerignore"],
): Fixture[] =>
  languages.flatMap((language) =>
    readdirSync(join(folder, language))
      .filter((name) => name.endsWith(".md"))
      .map((name) => {
        const file = join(folder, language, name);
        const source = readFileSync(file, "utf8");
        return { file, rule: name.slice(0, -3), source, sections: source.split(/^(?=## )/m) };
      }),
  );

const BLOCK = /^```(dockerfile|yaml|gitignore|answers|settings|findings|fixed)([^\n]*)\n([\s\S]*?)^```$/gm;

export interface Case {
  readonly input: string;
  readonly answers: Answers;
  /** The rule's options and the project's policy. */
  readonly wishes: Pick<Example, "policy" | "options">;
}

/** The input of a section: ` crlf` on the fence gives CRLF line endings, ` no-eol` takes the last one away. */
export function caseOf(section: string): Case | undefined {
  const blocks = new Map(
    [...section.matchAll(BLOCK)].map((match) => [match[1], { options: match[2] ?? "", text: match[3] ?? "" }]),
  );
  const input = blocks.get("dockerfile") ?? blocks.get("yaml") ?? blocks.get("gitignore");
  if (!input) return undefined;
  const lf = input.options.includes("no-eol") ? input.text.replace(/\n$/, "") : input.text;
  const answers = JSON.parse(blocks.get("answers")?.text ?? "{}") as Record<string, Answer>;
  return {
    input: input.options.includes("crlf") ? lf.replaceAll("\n", "\r\n") : lf,
    answers: answersFrom(answers),
    wishes: JSON.parse(blocks.get("settings")?.text ?? "{}") as Case["wishes"],
  };
}

/** The section with its findings and fixed blocks as the rule gives them now; both are added where they are missing. */
export function rewritten(section: string, rule: Rule): string {
  const found = caseOf(section);
  if (!found) return section;
  const settings = wishedFor(rule, found.wishes);
  const findings = render(found.input, findingsOf(found.input, [rule], found.answers, settings)).replaceAll("\r", "");
  const after = fixed(found.input, [rule], found.answers, ["safe", "unsafe"], settings);
  const results: Record<string, string> = { findings };
  if (after.applied.length > 0) results["fixed"] = `${after.text.replaceAll("\r\n", "\n").replace(/\n$/, "")}\n`;
  const kept = section.replace(BLOCK, (all, kind: string, options: string) => {
    if (kind === "dockerfile" || kind === "yaml" || kind === "gitignore" || kind === "answers" || kind === "settings")
      return all;
    const text = results[kind];
    delete results[kind];
    return text === undefined ? "" : `\`\`\`${kind}${options}\n${text}\`\`\``;
  });
  const added = Object.entries(results).map(([kind, text]) => `\n\`\`\`${kind}\n${text}\`\`\`\n`);
  return `${kept.trimEnd()}\n${added.join("")}\n`;
}
