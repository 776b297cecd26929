import { lint, type Result } from "../lint.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { parseDockerfile } from "../model/dockerfile/parse.ts";
import type { Answers, Rule } from "../rule.ts";
import { asConfigured, enabledRules, type Settings } from "./settings.ts";
import { suppress } from "./suppress.ts";

export interface Inspection extends Result {
  readonly dockerfile: Dockerfile;
}

/** Text → model → rules → findings, as configured and without the suppressed ones: what every driver shows. */
export function inspect(text: string, rules: readonly Rule[], settings: Settings, answers: Answers): Inspection {
  return inspectDockerfile(parseDockerfile(text), rules, settings, answers);
}

/** The same for a document that is parsed already. */
export function inspectDockerfile(
  dockerfile: Dockerfile,
  rules: readonly Rule[],
  settings: Settings,
  answers: Answers,
): Inspection {
  const result = lint(dockerfile, enabledRules(rules, settings), answers, settings);
  return { ...result, dockerfile, findings: asConfigured(suppress(dockerfile, result.findings, rules), settings) };
}
