/** What a refactoring of a Dockerfile is: one file each, offered at a place, worked out when somebody chooses it. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Answer, Question, Safety } from "../../rule.ts";
import type { Span } from "../../text/edit.ts";
import type { Declared } from "../post-conditions/declared.ts";
import type { Assist, Refusal, Rewrite as AnyRewrite } from "../rewrite.ts";

export type { Refusal } from "../rewrite.ts";
export { isRefusal } from "../rewrite.ts";

/**
 * The answer if it is known. Otherwise undefined: then the question is recorded, and whoever asked for the rewriting may find it out and
 * try again.
 */
export type Lookup = (question: Question) => Answer | undefined;

export interface Rewrite extends AnyRewrite {
  /** What is not as it was besides the form; nothing where it is left out. */
  readonly declared?: Declared;
}

/** What a refactoring has for a place. */
export interface Offer extends Pick<Assist, "title" | "kind" | "span" | "refusal"> {
  /** Where this case is surer, or less sure, than the refactoring as a whole. */
  readonly safety?: Safety;
  /** Looks up what it needs; what it says while an answer is missing is asked for again. */
  rewrite(): Rewrite | Refusal;
}

export interface Refactoring {
  /** As the command line names it. */
  readonly id: string;
  /** Verb phrase for the command line's help, without a full stop. */
  readonly about: string;
  /** Of the rewritings, unless one says otherwise. */
  readonly safety: Safety;
  /** The argument for it, one sentence. */
  readonly why: string;
  /** It downloads what may take minutes: who chooses it is ready to wait. */
  readonly downloads?: true;
  /** Also wanted of a whole file at once. What needs a person to point at a place is not. */
  readonly everywhere: boolean;
  /** `at` is a cursor or a selection; a whole file is gone through with each instruction selected. */
  offers(dockerfile: Dockerfile, at: Span, lookup: Lookup): readonly Offer[];
}

export interface DockerfileAssist extends Assist {
  /** The argument for its safety. */
  readonly why: string;
}
