/** What our own client and the server say to each other beyond the Language Server Protocol. Types only. */
import type { Severity } from "../core/rule.ts";

/** What our client sends along with `initialize`; other editors may leave out all of it. */
export interface InitializationOptions {
  /** The `dockwright` settings, for clients that cannot be asked for them. */
  readonly settings?: unknown;
  /** False in a workspace the person has not trusted: no network, no credentials, no files. True when absent. */
  readonly trusted?: boolean;
  /** Send `dockwright/status`. */
  readonly status?: boolean;
  /** What other extensions do for compose files. */
  readonly claimed?: readonly ComposeFeature[];
  /** Commands the client carries out or registers itself; the server does not announce them. */
  readonly commands?: readonly string[];
}

/** What is done for compose files, each to be switched on and off. */
export type ComposeFeature =
  | "validation"
  | "completion"
  | "hover"
  | "navigation"
  | "symbols"
  | "links"
  | "formatting"
  | "inlayHints"
  | "codeLens";

/** Notification `dockwright/neighbours`: what other extensions do for compose files. */
export interface NeighboursParams {
  readonly claimed: readonly ComposeFeature[];
}

/** Notification `dockwright/trust`. */
export interface TrustParams {
  readonly trusted: boolean;
}

/** Notification `dockwright/status`, after each inspection. */
export interface StatusParams {
  readonly uri: string;
  readonly findings: Readonly<Record<Severity, number>>;
  /** True when nothing may be asked of a registry. */
  readonly offline: boolean;
}

/** Request `dockwright/composeCommand`; null where nothing can be run. */
export interface ComposeCommandParams {
  readonly verb: string;
  /** The compose file's address. */
  readonly uri: string;
  /** Absent for all services. */
  readonly service?: string;
}
export interface ComposeCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Request `dockwright/explain`; null when there is no such rule. */
export interface ExplainParams {
  readonly rule: string;
}
export interface Explanation {
  readonly markdown: string;
}

/** Request `dockwright/rules`: all of them, by id. */
export interface RuleSummary {
  readonly id: string;
  readonly summary: string;
}

/** What `workspace/executeCommand` gives back for commands that change a file. */
export interface CommandSummary {
  /** One sentence for the person. */
  readonly message: string;
  /** Fixes that were applied. */
  readonly applied: number;
  /** What could not be done, and why. */
  readonly failed: readonly { readonly what: string; readonly why: string }[];
}
