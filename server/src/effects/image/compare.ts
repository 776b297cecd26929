/** Two images from disk, compared: read one after the other, layers that both have once. */
import { compareImages } from "../../core/image/compare.ts";
import type { Compared } from "../../core/image/report.ts";
import type { Limits } from "./limits.ts";
import { readImage } from "./read.ts";

export interface CompareOptions {
  readonly platform?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** From 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

/** @throws ImageError which names the path; the signal's reason when that aborted. */
export async function compareArchives(a: string, b: string, options: CompareOptions = {}): Promise<Compared> {
  const { onProgress, signal, limits } = options;
  const known = new Map();
  const from = (start: number) => (done: number, total: number) => onProgress?.(start + done / Math.max(1, total) / 2);
  const first = await readImage(a, { platform: options.platform, signal, limits, known, onProgress: from(0) });
  // Of several platforms the same one.
  const platform = options.platform ?? first.platform;
  const second = await readImage(b, { platform, signal, limits, known, onProgress: from(0.5) });
  return { a: first, b: second, comparison: compareImages(first, second) };
}
