/**
 * Everything needed to write a rule: what a rule is, what it is given, what it reports.
 * A rule is a pure function of the document and of the answers it looks up; it never waits.
 */
import type { Dockerfile } from "./model/dockerfile/model.ts";
import type { Edit, Span } from "./text/edit.ts";

export type Severity = "error" | "warning" | "info" | "hint";

/**
 * safe: the built image is the same, or differs only in what the rule is about and nothing can come to rely on.
 * unsafe: probably wanted, but it changes what is built or needs a person's choice. Never applied without being asked for.
 */
export type Safety = "safe" | "unsafe";

/** The smallest profile that runs a rule: `strict` includes `recommended`, `all` includes both. */
export type Profile = "recommended" | "strict" | "all";

/** Something only the outside world knows. Plain data: it is also the key under which its answer is kept. */
export type Question =
  /** The digest (`sha256:…`) the reference's tag points at today; of the index where the image is multi-platform. */
  | { readonly ask: "digest"; readonly image: string }
  /** The most precise tag with the digest of the image's tag today, as `22.11.0-alpine3.20` for `node:alpine`. */
  | { readonly ask: "version-tag"; readonly image: string }
  /** `yes` or `no`: whether the build context (the Dockerfile's folder) has this path. */
  | { readonly ask: "exists"; readonly path: string };

/** What was found out, or why it could not be. */
export type Answer = string | { readonly unknown: string };

export type Answers = ReadonlyMap<string, Answer>;

export const keyOf = (question: Question): string =>
  `${question.ask}:${question.ask === "exists" ? question.path : question.image}`;

export interface Fix {
  /** Verb phrase in sentence case, shown in the menu: "Replace ADD with COPY". */
  readonly title: string;
  readonly safety: Safety;
  /** All against the same text, never overlapping. */
  readonly edits: readonly Edit[];
  /** The same change with `${1:tab stops}`, for editors that can; everything else takes `edits`. */
  readonly snippet?: readonly Edit[];
}

/** A fix that can be had once a question is answered; choosing it in a menu asks the question. */
export interface Offer {
  /** Title of the fix to come: "Pin node:22 to its current digest". */
  readonly title: string;
  readonly question: Question;
}

export interface Related {
  readonly span: Span;
  readonly message: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The smallest profile that shows it: the rule's, or a stricter one where the case is weaker. */
  readonly profile: Profile;
  readonly span: Span;
  /** What is wrong here, one sentence without its full stop. */
  readonly message: string;
  /** Alternatives, best first; at most one is ever applied. */
  readonly fixes: readonly Fix[];
  readonly offers: readonly Offer[];
  readonly related: readonly Related[];
  /** Why there is no fix, where a reader would expect one. */
  readonly refusal?: string;
}

export interface Report {
  readonly message: string;
  /** Where this case is weaker than the rule's usual one. */
  readonly severity?: Severity;
  readonly profile?: Profile;
  readonly fixes?: readonly Fix[];
  readonly offers?: readonly Offer[];
  readonly related?: readonly Related[];
  readonly refusal?: string;
}

export interface Context {
  readonly dockerfile: Dockerfile;
  report(span: Span, report: Report): void;
  /** The answer if it is known. Otherwise undefined, and the driver may find it out and run the rule again. */
  lookup(question: Question): Answer | undefined;
}

/** A text the documentation shows and the tests run. `bad` has findings, and becomes `fixed` if that is given. */
export type Example =
  | { readonly bad: string; readonly fixed?: string; readonly answers?: Readonly<Record<string, Answer>> }
  | { readonly good: string; readonly answers?: Readonly<Record<string, Answer>> };

export interface Rule {
  /** Names the bad pattern, so that `ignore=<id>` reads well. */
  readonly id: string;
  /** The bad pattern in a few words. */
  readonly summary: string;
  readonly severity: Severity;
  readonly profile: Profile;
  readonly fixable: "always" | "sometimes" | "never";
  readonly since: string;
  /** The same check elsewhere, as `hadolint:DL3006`. */
  readonly sameAs: readonly string[];
  /** Markdown: what happens to the person who leaves it so. */
  readonly why: string;
  /** Markdown: the argument for the safety its fixes state. Required when there are fixes. */
  readonly fixSafety?: string;
  readonly examples: readonly Example[];
  check(context: Context): void;
}

export const defineRule = (rule: Rule): Rule => rule;

export const safeFix = (title: string, ...edits: readonly Edit[]): Fix => ({ title, safety: "safe", edits });
export const unsafeFix = (title: string, ...edits: readonly Edit[]): Fix => ({ title, safety: "unsafe", edits });

/** The answer when it is one; undefined when it is missing or could not be found out. */
export const known = (answer: Answer | undefined): string | undefined =>
  typeof answer === "string" ? answer : undefined;
