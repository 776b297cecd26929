/** What a build tells while it runs, in words that all engines share. Lines count from 0. */

export interface Step {
  readonly id: string;
  /** As the engine names it: `[build 2/3] RUN make`. */
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "cached" | "failed";
  readonly error?: string;
  /** How long it took, when it is over and the engine says so. */
  readonly ms?: number;
}

export interface BuildWarning {
  /** BuildKit's name of the check. */
  readonly code?: string;
  readonly message: string;
  readonly url?: string;
  readonly place?: Place;
}

export interface Place {
  readonly line: number;
  readonly endLine: number;
}

export type BuildEvent =
  | { readonly kind: "step"; readonly step: Step }
  | { readonly kind: "log"; readonly step: string; readonly text: string }
  | {
      readonly kind: "progress";
      readonly step: string;
      readonly what: string;
      readonly current: number;
      readonly total: number;
    }
  | { readonly kind: "warning"; readonly warning: BuildWarning }
  /** What belongs to no step. */
  | { readonly kind: "text"; readonly text: string };

/** What is known when the engine has ended. */
export interface BuildReport {
  readonly steps: readonly Step[];
  readonly warnings: readonly BuildWarning[];
  /** What the engine printed outside of any step, its error among it. */
  readonly text: string;
  /** The last lines that each step printed, by its id. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  /** As the engine names it, where it prints one. */
  readonly image?: string;
}

/** Reads one build's output as it comes. */
export interface BuildReader {
  readonly read: (stream: "stdout" | "stderr", text: string) => readonly BuildEvent[];
  readonly end: () => readonly BuildEvent[];
  readonly report: () => BuildReport;
}

/** A step of the Dockerfile that does something; what an engine does for itself, and FROM, are none. */
export const isBuildStep = ({ name }: Step): boolean => STEP.test(name) && !/^FROM\b/i.test(instructionOf(name));

/** `[linux/arm64 build 2/3] `, `[1/2] STEP 3/4: `, `STEP 3/4: `, `Step 3/7 : ` */
const STEP = /^(?:\[(?:[^\]]* )?\d+\/\d+\] (?:STEP \d+\/\d+: )?|step \d+\/\d+ ?: )/i;

/** What stands in the Dockerfile, without the engine's words before it. */
export const instructionOf = (name: string): string => name.replace(STEP, "");
