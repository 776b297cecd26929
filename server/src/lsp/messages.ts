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

/** Request `dockwright/buildFacts`: what a build of an open Dockerfile has to know; null for anything else. Lines count from 0. */
export interface BuildFactsParams {
  readonly uri: string;
}
export interface BuildFacts {
  readonly stages: readonly StageFact[];
  /** In the order of the file; those of ONBUILD are inside their ONBUILD. */
  readonly instructions: readonly InstructionFact[];
  /** A name once, with the first default it has. */
  readonly args: readonly ArgFact[];
  /** What `--mount=type=secret` and `--mount=type=ssh` ask for, an id once. */
  readonly secrets: readonly MountFact[];
  readonly ssh: readonly MountFact[];
  /** Compose services that build this file; none in a workspace that is not trusted. */
  readonly services: readonly ServiceFact[];
}
export interface StageFact {
  readonly index: number;
  readonly name?: string;
  /** As written behind FROM. */
  readonly base: string;
  readonly line: number;
  readonly endLine: number;
}
export interface InstructionFact {
  /** -1 above the first FROM. */
  readonly stage: number;
  readonly line: number;
  readonly endLine: number;
  /** Upper case. */
  readonly keyword: string;
  /** Behind the keyword, continuation lines joined. */
  readonly text: string;
}
export interface ArgFact {
  readonly name: string;
  readonly default?: string;
  readonly line: number;
}
export interface MountFact {
  readonly id: string;
  readonly line: number;
  /** The build fails without. */
  readonly required: boolean;
}
export interface ServiceFact {
  readonly service: string;
  readonly target?: string;
  /** Absolute. */
  readonly context?: string;
  /** Names of its build arguments. */
  readonly args: readonly string[];
}

/**
 * Request `dockwright/newChecks`: what a builder warned about, and which of it is new to the person: the positions in the list of
 * what no rule of ours reports there, has been told not to report there, or is switched off. Lines count from 0.
 */
export interface NewChecksParams {
  readonly uri: string;
  readonly checks: readonly { readonly code: string; readonly line: number; readonly endLine: number }[];
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
