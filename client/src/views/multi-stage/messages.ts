/** What the page of *Convert to Multi-Stage* and the extension say to each other. Types only. */
import type { MultiStageResult } from "../../../../server/src/lsp/messages.ts";

export interface Shown extends Pick<MultiStageResult, "ecosystem" | "decisions" | "dropped"> {
  /** The file, for people. */
  readonly name: string;
  readonly stages: number;
  /** What the person chose instead, and what that does. Such a decision may not be among those any more. */
  readonly chosen: readonly { readonly decision: string; readonly label: string }[];
  /** The project was not read, and nothing may be built: the workspace is not trusted. */
  readonly restricted: boolean;
}

export type ToPage =
  | { readonly kind: "shown"; readonly shown: Shown }
  /** One sentence about what was done, or why not. */
  | { readonly kind: "said"; readonly text: string };

export type ToHost =
  | { readonly kind: "ready" }
  | { readonly kind: "choose"; readonly decision: string; readonly alternative: string }
  /** Back to what is decided without the person. */
  | { readonly kind: "reset"; readonly decision: string }
  | { readonly kind: "trust" }
  | { readonly kind: "difference" }
  | { readonly kind: "apply" }
  | { readonly kind: "verify" }
  | { readonly kind: "cancel" };
