/** What the main thread and the threads that check files say to each other. Plain data. */
import type { Answer, Question } from "../../core/rule.ts";
import type { CheckResult } from "../check/check-file.ts";
import type { Share } from "./share.ts";

/** Given to a thread when it starts. */
export interface ThreadStart {
  readonly dockwright: "check";
  /** Arguments of the command, to be read again. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly isShort: boolean;
}

export type ToThread =
  /** Sent once, when the files are found. */
  | { readonly kind: "share"; readonly share: Share }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer };

export type FromThread =
  /** Those of the places from there on. */
  | { readonly kind: "checked"; readonly from: number; readonly results: readonly CheckResult[] }
  /** Only one thread runs ShellCheck's own threads, and asks registries. */
  | { readonly kind: "ask"; readonly id: number; readonly question: Question; readonly shellcheck: string }
  /** `usage`: the person's mistake, not ours. */
  | { readonly kind: "failed"; readonly usage: boolean; readonly message: string };
