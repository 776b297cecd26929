/** How long, how much and how often: the numbers that keep a bad server from costing more than a message. */

export interface Limits {
  readonly manifestBytes: number;
  /** A page of tags/list; some registries send all tags at once. */
  readonly tagsBytes: number;
  readonly tokenBytes: number;
  readonly errorBytes: number;
  readonly redirects: number;
  /** A connection that is silent for so long is given up. */
  readonly idleMs: number;
  /** One digest, with everything it takes. */
  readonly totalMs: number;
  /** One version tag: a digest, pages of tags, and the digests of candidates. */
  readonly versionTagMs: number;
  readonly attempts: number;
  /** Wait before the second attempt; three times as long before each further one. */
  readonly retryMs: number;
  /** A server that asks for a longer wait is not waited for. */
  readonly maxWaitMs: number;
  readonly requestsPerHost: number;
  /** A blob may take so long, and besides as long as its bytes take at the least speed there is patience for. */
  readonly blobMs: number;
  readonly blobBytesPerSecond: number;
  readonly tagPages: number;
  readonly candidates: number;
}

export const LIMITS: Limits = {
  manifestBytes: 4 << 20,
  tagsBytes: 4 << 20,
  tokenBytes: 64 << 10,
  errorBytes: 64 << 10,
  redirects: 5,
  idleMs: 10_000,
  totalMs: 20_000,
  versionTagMs: 60_000,
  attempts: 3,
  retryMs: 500,
  maxWaitMs: 10_000,
  requestsPerHost: 6,
  blobMs: 60_000,
  blobBytesPerSecond: 16 << 10,
  tagPages: 20,
  candidates: 20,
};
