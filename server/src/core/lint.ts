/** The pipeline, and nothing else: every rule of its language over one document. */
import { type Project, projectOf } from "./model/compose/project.ts";
import type { Document } from "./model/document.ts";
import { sharedGetters } from "./model/shared-getters.ts";
import {
  type AnswerSource,
  type ComposeContext,
  type Context,
  type DockerignoreContext,
  type Finding,
  keyOf,
  noPolicy,
  type OptionValue,
  type Policy,
  type Question,
  type Remedy,
  type Report,
  type Rule,
  type RuleContext,
} from "./rule.ts";
import type { Span } from "./text/edit.ts";

/** What is decided for a project: read by rules, never by the pipeline. */
export interface Wishes {
  readonly policy: Policy;
  /** Rule id → its options. */
  readonly options: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>;
}

const noWishes: Wishes = { policy: noPolicy, options: {} };

export interface Crash {
  readonly rule: string;
  readonly error: unknown;
}

export interface Result {
  /** By position, then by rule. */
  readonly findings: readonly Finding[];
  /** What rules looked up and did not find in the answers. */
  readonly questions: readonly Question[];
  /** Ids of the rules that still miss an answer: they may find more with it. */
  readonly waiting: ReadonlySet<string>;
  /** Rules that threw. The findings they had reported by then are dropped; the other rules are not affected. */
  readonly crashes: readonly Crash[];
}

/**
 * Document → rules → findings. Pure: the same document, rules and answers give the same result. `before` is what the same gave with
 * fewer answers: rules that missed none then are not run again.
 */
export function lint(
  document: Document,
  rules: readonly Rule[],
  answers: AnswerSource,
  { policy, options }: Wishes = noWishes,
  before?: Result,
): Result {
  const isDone = (id: string): boolean => before?.waiting.has(id) === false;
  const findings = before?.findings.filter(({ rule }) => isDone(rule)) ?? [];
  const questions = new Map<string, Question>();
  const waiting = new Set<string>();
  const crashes = before?.crashes.filter(({ rule }) => isDone(rule)) ?? [];
  let current: Rule | undefined;
  // One for all rules: a rule is done with it when `check` returns.
  const shared: RuleContext = {
    policy,
    option(name) {
      if (!current) throw new Error("an option is read while a rule checks");
      return optionOf(current, name, options[current.id]?.[name]);
    },
    report(span, report) {
      if (current) findings.push(findingOf(current, span, report));
    },
    lookup(question) {
      const key = keyOf(question);
      const answer = answers.get(key, question);
      if (answer === undefined) questions.set(key, question);
      if (typeof answer !== "string" && current) waiting.add(current.id);
      return answer;
    },
  };
  const context = contextOf(
    document,
    shared,
    () => current !== undefined && waiting.has(current.id),
    () => current && waiting.add(current.id),
  );
  const { language } = document;
  const due = checksOf(before ? rules.filter(({ id }) => !isDone(id)) : rules, language);
  // By index: an iterator would make an object for each rule, for every document.
  for (let at = 0; at < due.length; at++) {
    const { rule, check } = due[at] as Check;
    current = rule;
    const found = findings.length;
    try {
      check(context);
    } catch (error) {
      findings.length = found;
      crashes.push({ rule: rule.id, error });
    }
  }
  findings.sort(inOrder);
  return { findings, questions: [...questions.values()], waiting, crashes };
}

type AnyContext = Context | ComposeContext | DockerignoreContext;

/** A rule beside its check: rules have many shapes, and V8 is slow at reading what has many. */
interface Check {
  readonly rule: Rule;
  readonly check: (context: AnyContext) => void;
}

type Language = Document["language"];

const checks = new WeakMap<readonly Rule[], Map<Language, readonly Check[]>>();

/** The checks of a language. Found out once for the rules of a run. */
function checksOf(rules: readonly Rule[], language: Language): readonly Check[] {
  const known = checks.get(rules) ?? new Map<Language, readonly Check[]>();
  checks.set(rules, known);
  const found =
    known.get(language) ??
    rules
      .filter((rule) => rule.language === language)
      // A document of a language makes the context of that language.
      .map((rule) => ({ rule, check: rule.check as Check["check"] }));
  known.set(language, found);
  return found;
}

/** What the rules of the document's language are given. */
function contextOf(document: Document, shared: RuleContext, isWaiting: () => boolean, wait: () => void): AnyContext {
  if (document.language === "dockerfile") return { ...shared, dockerfile: document };
  if (document.language === "dockerignore") return { ...shared, dockerignore: document };
  let project: Project | undefined;
  let makerWaits = false;
  // Put together once for all rules; what it misses, each rule misses that looks at it.
  return withProject({ ...shared, compose: document }, () => {
    if (!project) {
      project = projectOf(document, shared.lookup);
      makerWaits = isWaiting();
    } else if (makerWaits && !isWhole(project)) wait();
    return project;
  });
}

const withProject = sharedGetters<() => Project, Pick<ComposeContext, "project">>({ project: (read) => read() });

/** Nothing of it is unknown. */
const isWhole = ({ complete, services }: Project): boolean => complete && services.every((service) => service.complete);

/** What a rule reported, with the rule's own severity and profile where it named none. */
export const findingOf = ({ id, severity, profile }: Rule, span: Span, report: Report): Finding => {
  // To copy all of it is quicker than to copy the rest of it.
  if (!report.remedy) return { rule: id, severity, profile, span, fixes: [], offers: [], related: [], ...report };
  const { related = [], remedy, ...rest } = report;
  let known: Remedy | undefined;
  const found = (): Remedy => (known ??= workedOut(remedy));
  return withRemedy({ rule: id, severity, profile, span, related, ...rest }, found);
};

const withRemedy = sharedGetters<() => Remedy, Pick<Finding, "fixes" | "offers" | "refusal">>({
  fixes: (found) => found().fixes ?? [],
  offers: (found) => found().offers ?? [],
  refusal: (found) => found().refusal,
});

/** How the refusal of a finding begins whose remedy threw. */
export const REMEDY_THREW = "working it out failed, please report this";

/** Nobody is there to log a crash any more: the finding stays, and says so. */
function workedOut(remedy: () => Remedy): Remedy {
  try {
    return remedy();
  } catch (error) {
    return { refusal: `${REMEDY_THREW}: ${String(error)}` };
  }
}

/** By position, then by rule. */
export const inOrder = (a: Finding, b: Finding): number =>
  a.span.start - b.span.start || a.span.end - b.span.end || compare(a.rule, b.rule);

/** The wish where it is of the right type, else the default. */
function optionOf(rule: Rule, name: string, wish: OptionValue | undefined): OptionValue {
  const spec = rule.options?.find((option) => option.name === name);
  if (!spec) throw new Error(`${rule.id} declares no option ${name}`);
  return wish !== undefined && typeof wish === typeof spec.default ? wish : spec.default;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
