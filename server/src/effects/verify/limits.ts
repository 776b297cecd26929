/** What one verification may take at most: a hostile image prints, answers and runs without end. */

export interface Limits {
  /** For one build. */
  readonly buildMs: number;
  /** Until something that exposes a port answers on it. */
  readonly answerMs: number;
  /** So long what exposes no port is watched, unless it ends before. */
  readonly watchMs: number;
  /** For all questions to one container. */
  readonly askMs: number;
  /** Until a health check says something. */
  readonly healthMs: number;
  /** A container's memory, as engines take it; empty for no limit of ours. */
  readonly memory: string;
  /** Processes of a container; 0 for no limit of ours. */
  readonly processes: number;
}

export const LIMITS: Limits = {
  buildMs: 30 * 60_000,
  answerMs: 60_000,
  watchMs: 10_000,
  askMs: 120_000,
  healthMs: 30_000,
  memory: "4g",
  processes: 4096,
};

/** A container that prints more than that is not read further. */
export const MAX_PRINTED = 8 * 1024 ** 2;
/** The lines that are compared. */
export const FIRST_LINES = 20;
export const MAX_LINE = 300;
/** The last lines that are shown of what failed. */
export const LAST_LINES = 12;
/** Of one answer. */
export const MAX_BODY = 1024 ** 2;
export const REQUEST_MS = 10_000;
export const MAX_LINKS = 20;
/** Between the signal and the end, in seconds: what engines wait for by default. */
export const STOP_SECONDS = 10;
/** Of what an engine answers to a question. */
export const ENGINE_MS = 60_000;
export const MAX_ENGINE_ANSWER = 16 * 1024 ** 2;
