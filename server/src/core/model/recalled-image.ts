/** What registries said of an image before, as it is kept on disk: how the answers `recalled` and `told-by` are written. */
import type { ImageEvidence, ImageOverview } from "./image-overview.ts";

export interface RecalledImage {
  /** Of what the reference leads to. Sizes may be missing. */
  readonly overview?: ImageOverview;
  readonly evidence?: ImageEvidence;
  /** What the tag led to. */
  readonly today?: string;
  /** When that was made, as ISO 8601. */
  readonly todayCreated?: string;
}

/** Who said what a reference leads to. */
export interface ToldBy {
  /** With its port where that is not the usual one. */
  readonly host: string;
  /** It is not the registry itself. */
  readonly isMirror: boolean;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** Nothing for what is no such answer. */
export const readRecalled = (answer: string): RecalledImage => parsed<RecalledImage>(answer) ?? {};

/** Undefined for what is no such answer. */
export function readToldBy(answer: string): ToldBy | undefined {
  const { host, isMirror, at } = parsed<Partial<ToldBy>>(answer) ?? {};
  return host !== undefined && isMirror !== undefined && at !== undefined ? { host, isMirror, at } : undefined;
}

function parsed<T extends object>(answer: string): T | undefined {
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
