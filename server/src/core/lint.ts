/** The pipeline, and nothing else: every rule over one document. */
import type { Dockerfile } from "./model/dockerfile/model.ts";
import { type Answers, type Finding, keyOf, type Question, type Rule } from "./rule.ts";

export interface Crash {
  readonly rule: string;
  readonly error: unknown;
}

export interface Result {
  /** By position, then by rule. */
  readonly findings: readonly Finding[];
  /** What rules looked up and did not find in the answers. */
  readonly questions: readonly Question[];
  /** Rules that threw. The findings they had reported by then are dropped; the other rules are not affected. */
  readonly crashes: readonly Crash[];
}

/** Document → rules → findings. Pure: the same document, rules and answers give the same result. */
export function lint(dockerfile: Dockerfile, rules: readonly Rule[], answers: Answers): Result {
  const findings: Finding[] = [];
  const questions = new Map<string, Question>();
  const crashes: Crash[] = [];
  for (const rule of rules) {
    const mine: Finding[] = [];
    try {
      rule.check({
        dockerfile,
        report: (span, { fixes = [], offers = [], related = [], ...rest }) =>
          mine.push({
            rule: rule.id,
            severity: rule.severity,
            profile: rule.profile,
            span,
            fixes,
            offers,
            related,
            ...rest,
          }),
        lookup(question) {
          const key = keyOf(question);
          const answer = answers.get(key);
          if (answer === undefined) questions.set(key, question);
          return answer;
        },
      });
      findings.push(...mine);
    } catch (error) {
      crashes.push({ rule: rule.id, error });
    }
  }
  findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || compare(a.rule, b.rule));
  return { findings, questions: [...questions.values()], crashes };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
