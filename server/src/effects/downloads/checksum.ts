/** Answers `{ ask: "checksum" }`: downloads what is at an address, keeps nothing of it, and says its SHA-256. */
import { createHash } from "node:crypto";
import type { Answer } from "../../core/rule.ts";
import { type Fetch, FetchError, type FetchLimits } from "./fetch.ts";

/** Archives of compilers have a few hundred megabytes; what is larger is no file for an ADD. */
export const CHECKSUM_LIMITS: FetchLimits = {
  bytes: 2 * 1024 ** 3,
  errorBytes: 64 * 1024,
  redirects: 10,
  idleMs: 30_000,
  totalMs: 30 * 60_000,
};

/** Rejects only when the signal aborted, with its reason. */
export async function checksumOf(
  fetch: Fetch,
  url: string,
  signal: AbortSignal,
  limits: FetchLimits = CHECKSUM_LIMITS,
): Promise<Answer> {
  const hash = createHash("sha256");
  try {
    for await (const piece of fetch(url, { limits }, signal)) hash.update(piece);
  } catch (error) {
    if (error instanceof FetchError) return { unknown: error.message };
    throw error;
  }
  return `sha256:${hash.digest("hex")}`;
}
