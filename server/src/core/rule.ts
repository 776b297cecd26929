/**
 * Everything needed to write a rule: what a rule is, what it is given, what it reports.
 * A rule is a pure function of the document and of the answers it looks up; it never waits.
 */
import type { SuppressedName, Suppression } from "./model/comments.ts";
import type { ComposeFile } from "./model/compose/model.ts";
import type { Project } from "./model/compose/project.ts";
import type { Dockerfile } from "./model/dockerfile/model.ts";
import type { Dockerignore } from "./model/dockerignore/model.ts";
import type { Document } from "./model/document.ts";
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
  /** The names of the variables the image's configuration sets, separated by blanks. */
  | { readonly ask: "environment"; readonly image: string }
  /** The platforms there are of it, separated by blanks: `linux/amd64 linux/arm64/v8`. */
  | { readonly ask: "platforms"; readonly image: string }
  /** The images for single platforms that it stands for: `linux/amd64@sha256:… linux/arm64@sha256:…`; empty where it is one image. */
  | { readonly ask: "platform-digests"; readonly image: string }
  /** The distribution in it: `debian trixie`, `ubuntu noble`, `alpine v3.22`. */
  | { readonly ask: "distribution"; readonly image: string }
  /** The newest tag of the same scheme, as `24-alpine` for `node:22-alpine`; the tag itself when it is the newest. */
  | { readonly ask: "newer-tag"; readonly image: string }
  /** Tags of the same scheme worth going to, separated by blanks: the newest of its minor version, of its major version, of all. */
  | { readonly ask: "newer-tags"; readonly image: string }
  /**
   * As `digest`, of an image whose reference has a digest: asked where looking images up is switched on. `anew`: whatever was said
   * before, which is for who has chosen to update.
   */
  | { readonly ask: "digest-today"; readonly image: string; readonly anew?: true }
  /** When it was made, as ISO 8601. Unknown where its builder put no time there, as those do who make the same image each time. */
  | { readonly ask: "created"; readonly image: string }
  /** `yes`; `no`, where the registry says that there is no such tag or repository, and behind it the nearest tags, separated by blanks. */
  | { readonly ask: "existence"; readonly image: string }
  /** All its tags, newest first, separated by blanks. */
  | { readonly ask: "tags"; readonly image: string }
  /** Platforms with their sizes, when it was made, labels: JSON, see model/image-overview.ts. */
  | { readonly ask: "overview"; readonly image: string; readonly anew?: true }
  /** Whether signatures, SBOMs and provenance are beside it: JSON, see model/image-overview.ts. */
  | { readonly ask: "evidence"; readonly image: string; readonly anew?: true }
  /** Bytes of its layers for a platform, as they are downloaded. */
  | { readonly ask: "compressed-size"; readonly image: string; readonly platform: string }
  /** What registries said of it before and is kept on disk, however old: JSON, see model/recalled-image.ts. Asks nobody. */
  | { readonly ask: "recalled"; readonly image: string }
  /** Who said last what the reference leads to, and when: JSON, see model/recalled-image.ts. Asks nobody. */
  | { readonly ask: "told-by"; readonly image: string; readonly anew?: true }
  /** As `tags`, as it was said before and is kept on disk, however old. Asks nobody. */
  | { readonly ask: "recalled-tags"; readonly image: string }
  /** How many known vulnerabilities a scanner finds: `critical=2 high=5`. */
  | { readonly ask: "vulnerabilities"; readonly image: string }
  /** `yes` or `no`: whether the build context (the Dockerfile's folder) has this path. */
  | { readonly ask: "exists"; readonly path: string }
  /** The text of a file of the build context. Unknown when it is not there, too large or not text. */
  | { readonly ask: "read"; readonly path: string }
  /** The paths in the build context, one a line, folders with a final `/`. Unknown when there are too many. */
  | { readonly ask: "list" }
  /** `file`, `folder` or `missing`: what is at a path. It is relative to the document's folder and may lead out of it, not out of the project. */
  | { readonly ask: "path-kind"; readonly path: string }
  /** The text of a file there. Unknown when it is not there, too large or not text. */
  | { readonly ask: "text"; readonly path: string }
  /** The names in a folder there, one a line, folders with a final `/`. Asked for completions only. */
  | { readonly ask: "entries"; readonly path: string }
  /** Which compose services build the Dockerfile of that name in the document's folder: JSON, see model/compose/uses-of-dockerfile.ts. */
  | { readonly ask: "builds"; readonly path: string }
  /** The checksum (`sha256:…`) of what is at an address today. It is downloaded for that: asked when a person has chosen it, never else. */
  | { readonly ask: "checksum"; readonly url: string }
  /**
   * The version of a package that is installed today where none is asked for, from the index it comes from. Asked when a person has
   * chosen it, never else.
   */
  | {
      readonly ask: "package-version";
      readonly manager: PackageManager;
      readonly name: string;
      readonly within: string;
    }
  /** What ShellCheck says about a script, as its json1 output. */
  | { readonly ask: "shellcheck"; readonly shell: string; readonly script: string };

/**
 * Whose index is asked, and what decides besides the name which version it is (`within`): apt `debian trixie amd64` or
 * `ubuntu noble arm64`, apk `v3.22 x86_64`, pip and gem the version of Python and Ruby, npm nothing.
 */
export type PackageManager = "apt" | "apk" | "pip" | "npm" | "gem";

/** What was found out, or why it could not be. */
export type Answer = string | { readonly unknown: string };

export type Answers = ReadonlyMap<string, Answer>;

/** Where rules get them: what is known, or somebody who looks when he is asked and has the answer at once. */
export interface AnswerSource {
  get(key: string, question: Question): Answer | undefined;
}

export function keyOf(question: Question): string {
  if ("platform" in question) return `${question.ask}:${question.platform}:${question.image}`;
  if ("image" in question) return `${question.ask}:${question.image}`;
  if ("path" in question) return `${question.ask}:${question.path}`;
  if ("url" in question) return `${question.ask}:${question.url}`;
  if ("manager" in question) return `${question.ask}:${question.manager}:${question.within}:${question.name}`;
  return question.ask === "list" ? "list:" : `shellcheck:${question.shell}:${question.script}`;
}

/** Another file that is written whole. */
export interface FileChange {
  /** Where its path begins: in the build context, or in the folder of the document. */
  readonly in: "context" | "folder";
  readonly path: string;
  /** Its text when the change was worked out; undefined when there was no such file. */
  readonly before: string | undefined;
  readonly text: string;
}

export interface Fix {
  /** Verb phrase in sentence case, shown in the menu: "Replace ADD with COPY". */
  readonly title: string;
  readonly safety: Safety;
  /** All against the same text, never overlapping. */
  readonly edits: readonly Edit[];
  /** The same change with `${1:tab stops}`, for editors that can; everything else takes `edits`. */
  readonly snippet?: readonly Edit[];
  /** What else is written, where the remedy is not in this text alone. Who cannot write files leaves such a fix out. */
  readonly files?: readonly FileChange[];
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
  /** Where a rule stands for many checks of a tool, that check: `SC2086`. */
  readonly code?: string;
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
  readonly refusal?: string | undefined;
}

/** What can be done about a finding. */
export interface Remedy {
  readonly fixes?: readonly Fix[];
  readonly offers?: readonly Offer[];
  readonly refusal?: string;
}

export interface Report extends Remedy {
  readonly message: string;
  readonly code?: string;
  /** Where this case is weaker than the rule's usual one. */
  readonly severity?: Severity;
  readonly profile?: Profile;
  readonly related?: readonly Related[];
  /** Instead of fixes, offers and refusal: worked out when somebody looks at them, and not while somebody types. */
  readonly remedy?: () => Remedy;
}

export type LabelKind = "text" | "url" | "semver" | "hash" | "rfc3339" | "spdx" | "email";

/** What people decide for a whole project, and several rules read. */
export interface Policy {
  /** Registries images may come from, with `*`; none means any. */
  readonly trustedRegistries: readonly string[];
  /** The labels an image has to have, and what their values are. */
  readonly labels: Readonly<Record<string, LabelKind>>;
  /** No other labels. */
  readonly strictLabels: boolean;
}

export const noPolicy: Policy = { trustedRegistries: [], labels: {}, strictLabels: false };

export type OptionValue = boolean | number | string | readonly string[];

/** The value of an option that is a list. */
export const listOf = (value: OptionValue): readonly string[] => (typeof value === "object" ? value : []);

/** A setting of one rule. */
export interface OptionSpec {
  /** In camelCase. */
  readonly name: string;
  /** One sentence for the documentation and for the editor's settings. */
  readonly about: string;
  /** Also says of which type its values are. */
  readonly default: OptionValue;
}

/** What a rule of any language is given. */
export interface RuleContext {
  readonly policy: Policy;
  /** A setting of this rule, as one of `options` declares it; its default when nobody set it. */
  option(name: string): OptionValue;
  report(span: Span, report: Report): void;
  /** The answer if it is known. Otherwise undefined, and the driver may find it out and run the rule again. */
  lookup(question: Question): Answer | undefined;
}

export interface Context extends RuleContext {
  readonly dockerfile: Dockerfile;
}

export interface ComposeContext extends RuleContext {
  readonly compose: ComposeFile;
  /** The file with what it extends, includes and is overridden by, as far as that is known. */
  readonly project: Project;
}

export interface DockerignoreContext extends RuleContext {
  readonly dockerignore: Dockerignore;
}

/** What became of one name in a suppression comment. */
export interface IgnoredName {
  readonly name: SuppressedName;
  readonly suppression: Suppression;
  /** A rule has this name. */
  readonly known: boolean;
  /** Every rule it stands for has run and got all the answers it asked for: that it took nothing away means something. */
  readonly judged: boolean;
  /** It took a finding away. */
  readonly used: boolean;
}

export interface ReviewContext extends Pick<RuleContext, "report"> {
  readonly document: Document;
  readonly ignored: readonly IgnoredName[];
  /** Names that suppressions can have: ids of ours and codes of peers. */
  readonly names: Iterable<string>;
}

/** A text the documentation shows and the tests run. `bad` has findings, and becomes `fixed` if that is given. */
export type Example = ({ readonly bad: string; readonly fixed?: string } | { readonly good: string }) & {
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly policy?: Partial<Policy>;
  readonly options?: Readonly<Record<string, OptionValue>>;
};

/** What there is to know of a rule without running it. */
export interface RuleFacts {
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
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** Runs when the findings are known and suppressions were heeded; in documents of every language. */
  review?(context: ReviewContext): void;
}

export interface DockerfileRule extends RuleFacts {
  readonly language: "dockerfile";
  check(context: Context): void;
}

export interface ComposeRule extends RuleFacts {
  readonly language: "compose";
  check(context: ComposeContext): void;
}

export interface DockerignoreRule extends RuleFacts {
  readonly language: "dockerignore";
  check(context: DockerignoreContext): void;
}

export type Rule = DockerfileRule | ComposeRule | DockerignoreRule;

export const defineRule = (rule: Omit<DockerfileRule, "language">): DockerfileRule => ({
  language: "dockerfile",
  ...rule,
});

export const defineComposeRule = (rule: Omit<ComposeRule, "language">): ComposeRule => ({
  language: "compose",
  ...rule,
});

export const defineDockerignoreRule = (rule: Omit<DockerignoreRule, "language">): DockerignoreRule => ({
  language: "dockerignore",
  ...rule,
});

export const safeFix = (title: string, ...edits: readonly Edit[]): Fix => ({ title, safety: "safe", edits });
export const unsafeFix = (title: string, ...edits: readonly Edit[]): Fix => ({ title, safety: "unsafe", edits });

/** The answer when it is one; undefined when it is missing or could not be found out. */
export const known = (answer: Answer | undefined): string | undefined =>
  typeof answer === "string" ? answer : undefined;
