/** What is offered in a Dockerfile, and what that is worked out from. */
import type { Frontend } from "../../model/dockerfile/frontend.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";
import type { Completion } from "../compose/completion-model.ts";
import type { Look } from "../compose/look.ts";
import type { Part, Place } from "./cursor.ts";

/** What ignore comments name. */
export interface RuleName {
  readonly id: string;
  readonly summary: string;
  /** The same check elsewhere, as `hadolint:DL3006`. */
  readonly sameAs: readonly string[];
}

/** What is known beside the text. */
export interface Surroundings {
  /** Questions about files: paths are relative to the document's folder. */
  readonly look: Look;
  /** The folder COPY reads from, from the document's: empty when it is the same one; undefined where it cannot be looked into. */
  readonly context: string | undefined;
  readonly rules: readonly RuleName[];
  /** A person asked; typing alone did not. */
  readonly asked?: boolean;
  /** What the document's folder is called. */
  readonly folder?: string | undefined;
}

export interface Setting extends Surroundings {
  readonly dockerfile: Dockerfile;
  readonly offset: number;
  readonly frontend: Frontend;
}

export type InInstruction = Extract<Place, { readonly at: "instruction" }>;
export type Argument = Extract<Part, { readonly in: "argument" }>;

/** At the cursor within an instruction. */
export interface Inside extends Setting {
  readonly place: InInstruction;
  readonly instruction: Instruction;
  /** Undefined above the first FROM. */
  readonly stage: Stage | undefined;
}

/** Something that could stand at the cursor: what `Completion` has, but for where it stands. */
export type Candidate = Omit<Completion, "span" | "text"> & {
  /** The label, if not given. */
  readonly text?: string;
  /** Where it is a part of the word: that part. */
  readonly span?: Span;
};

/** Text without anything a snippet would take for its own. */
export const plainInSnippet = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
