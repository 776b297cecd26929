import { type Crash, findingOf, inOrder, lint, type Result } from "../lint.ts";
import type { SuppressedName } from "../model/comments.ts";
import { suppressionsOf } from "../model/comments.ts";
import { type Document, type Language, parseDocument } from "../model/document.ts";
import type { AnswerSource, Finding, IgnoredName, Rule } from "../rule.ts";
import { asConfigured, enabledRules, type Settings } from "./settings.ts";
import { rulesBehind, suppress } from "./suppress.ts";

export interface Inspection extends Result {
  readonly document: Document;
  /** Before anything was suppressed or configured away: what to go on from when more is known. */
  readonly raw: Result;
}

/** As what a text is read. */
export interface Kind {
  readonly language: Language;
  /** The file's name without folders, where it has one. */
  readonly name?: string | undefined;
}

export const DOCKERFILE: Kind = { language: "dockerfile" };

/** Text → model → rules → findings, as configured and without the suppressed ones: what every driver shows. */
export function inspect(
  text: string,
  rules: readonly Rule[],
  settings: Settings,
  answers: AnswerSource,
  { language, name }: Kind = DOCKERFILE,
): Inspection {
  return inspectDocument(parseDocument(text, language, name), rules, settings, answers);
}

/** The same for a document that is parsed already, `before` with fewer answers. */
export function inspectDocument(
  document: Document,
  rules: readonly Rule[],
  settings: Settings,
  answers: AnswerSource,
  before?: Inspection,
): Inspection {
  const enabled = enabledRules(rules, settings);
  const result = lint(document, enabled, answers, settings, before?.raw);
  const { left, used } = suppress(document, result.findings, rules, settings.inlineIgnores);
  const reviewed = settings.inlineIgnores
    ? review(document, rules, enabled, result, used)
    : { findings: [], crashes: [] };
  const findings = reviewed.findings.length === 0 ? left : [...left, ...reviewed.findings].sort(inOrder);
  return {
    ...result,
    raw: result,
    document,
    findings: asConfigured(document, findings, rules, settings),
    crashes: [...result.crashes, ...reviewed.crashes],
  };
}

/** What rules say about the suppressions themselves; no comment suppresses that. */
function review(
  document: Document,
  rules: readonly Rule[],
  enabled: readonly Rule[],
  { waiting, crashes: crashed }: Result,
  used: ReadonlySet<SuppressedName>,
): { readonly findings: readonly Finding[]; readonly crashes: readonly Crash[] } {
  const findings: Finding[] = [];
  const crashes: Crash[] = [];
  const suppressions = suppressionsOf(document);
  if (suppressions.length === 0) return { findings, crashes };
  const reviewers = enabled.filter((rule) => rule.review);
  const failed = new Set(crashed.map(({ rule }) => rule));
  const ignored = suppressions.flatMap((suppression) =>
    suppression.names.map((name): IgnoredName => {
      const behind = rulesBehind(name, rules);
      const judged = behind.every((rule) => enabled.includes(rule) && !waiting.has(rule.id) && !failed.has(rule.id));
      return { name, suppression, known: behind.length > 0, judged, used: used.has(name) };
    }),
  );
  for (const rule of reviewers) {
    try {
      const mine: Finding[] = [];
      rule.review?.({
        document,
        ignored,
        names: rules.flatMap(({ id, sameAs }) => [id, ...sameAs.map((code) => code.slice(code.indexOf(":") + 1))]),
        report: (span, report) => mine.push(findingOf(rule, span, report)),
      });
      findings.push(...mine);
    } catch (error) {
      crashes.push({ rule: rule.id, error });
    }
  }
  return { findings, crashes };
}
