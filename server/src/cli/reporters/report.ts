/** What every reporter is given. */
import type { FileFailure } from "../../effects/files/failure.ts";
import type { Finding, Rule } from "../../core/rule.ts";

export interface ReportedFile {
  readonly name: string;
  readonly text: string;
  readonly findings: readonly Finding[];
  /** One for each finding, where they are wanted. */
  readonly fingerprints?: readonly string[];
}

export interface CheckReport {
  readonly files: readonly ReportedFile[];
  readonly failures: readonly FileFailure[];
  /** Those that ran. */
  readonly rules: readonly Rule[];
  /** Absolute: names are relative to it. */
  readonly cwd: string;
  readonly color: boolean;
}

/** The whole output for a run, line endings included. */
export type Reporter = (report: CheckReport) => string;
