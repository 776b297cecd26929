/** A row of the table that compares two images and their runs. */

export type Verdict =
  | "same"
  /** It behaves otherwise, or says something else about itself. */
  | "different"
  /** It differs as such a change is meant to, or as was declared. */
  | "expected"
  /** Nothing is known; `why` says the reason. */
  | "not compared";

/** What a row is about; the one of `answer` is there once for each path. */
export type Subject =
  | "build"
  | "command"
  | "environment"
  | "folder"
  | "ports"
  | "volumes"
  | "labels"
  | "stop-signal"
  | "user"
  | "healthcheck"
  | "start"
  | "exit-code"
  | "output"
  | "answer"
  | "running-user"
  | "health"
  | "stop"
  | "size"
  | "layers";

export interface Row {
  readonly subject: Subject;
  /** For people: `GET /health`, `working directory`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly verdict: Verdict;
  /** A clause without a full stop. */
  readonly why?: string;
}

/** What a row says of two values, before it is known what was declared. */
export type Judged = readonly [verdict: Verdict, why?: string];

export const row = (
  subject: Subject,
  what: string,
  [before, after]: readonly [string, string],
  [verdict, why]: Judged,
): Row => ({ subject, what, before, after, verdict, ...(why !== undefined && { why }) });

const SHOWN = 6;

/** `a, b, c, …`, or `none`. */
export const listed = (values: readonly string[]): string =>
  values.length === 0
    ? "none"
    : [...values.slice(0, SHOWN), ...(values.length > SHOWN ? [`${values.length - SHOWN} more`] : [])].join(", ");
