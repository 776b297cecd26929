/** What a run of the command line touches, so that tests can stand in for the terminal. */

export interface Sink {
  write(text: string): unknown;
}

export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stdout is a terminal. */
  readonly isTTY: boolean;
  readonly stderrIsTTY?: boolean;
  /** Ctrl+C. */
  readonly signal: AbortSignal;
}

/** The command line asked for something that is not there: shown with exit code 2. */
export class UsageError extends Error {}

/** What a run ends with. */
export const EXIT = { clean: 0, findings: 1, trouble: 2, interrupted: 130 } as const;
