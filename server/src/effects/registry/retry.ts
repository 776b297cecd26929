/** Requests to a host, few at a time, repeated when the failure is one that passes, and not at all while the host asks for rest. */
import { setTimeout as sleep } from "node:timers/promises";
import { RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import type { Limits } from "./limits.ts";
import { createSlots } from "./slots.ts";

const PASSING_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const PASSING_CODE: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"]);

type Attempt = () => Promise<HttpResponse>;

/** Gives the last response whatever its status; a host that asks for a long wait is a `rate-limited` error. */
export type Retry = (host: string, signal: AbortSignal, attempt: Attempt) => Promise<HttpResponse>;

export function createRetry(limits: Limits): Retry {
  const slots = createSlots(limits.requestsPerHost);
  const restUntil = new Map<string, number>();

  return async (host, signal, attempt) => {
    for (let attempts = 1, pause = limits.retryMs; ; attempts++, pause *= 3) {
      await rest(host, signal);
      const outcome = await slots(host, signal, () => settled(attempt));
      if (outcome.error !== undefined && !passes(outcome.error)) throw outcome.error;
      const { response } = outcome;
      if (response && !PASSING_STATUS.has(response.status)) return response;
      const asked = response && retryAfter(response.headers["retry-after"], Date.now());
      if (asked !== undefined) restUntil.set(host, Date.now() + asked);
      if (asked !== undefined && asked > limits.maxWaitMs) throw resting(host, asked);
      if (attempts >= limits.attempts) {
        if (response?.status === 429) throw resting(host, asked);
        if (response) return response;
        throw outcome.error;
      }
      if (asked === undefined) await wait(pause * (0.5 + Math.random()), signal);
    }
  };

  /** Waits out what the host asked for, on whichever request it did. */
  async function rest(host: string, signal: AbortSignal): Promise<void> {
    const left = (restUntil.get(host) ?? 0) - Date.now();
    if (left <= 0) restUntil.delete(host);
    else if (left > limits.maxWaitMs) throw resting(host, left);
    else await wait(left, signal);
  }
}

interface Outcome {
  readonly response?: HttpResponse;
  readonly error?: unknown;
}

const settled = (attempt: Attempt): Promise<Outcome> =>
  attempt().then(
    (response) => ({ response }),
    (error: unknown) => ({ error }),
  );

const passes = (error: unknown): boolean =>
  error instanceof RegistryError && error.details.code !== undefined && PASSING_CODE.has(error.details.code);

function resting(host: string, ms: number | undefined): RegistryError {
  const until = ms === undefined ? "for now" : `until ${new Date(Date.now() + ms).toTimeString().slice(0, 5)}`;
  const message = `${host} takes no more requests ${until} (HTTP 429 or Retry-After); wait, or log in with docker login`;
  return new RegistryError("rate-limited", message, ms === undefined ? {} : { retryAfterMs: ms });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}

/** Seconds or a date, RFC 9110 section 10.2.3; milliseconds from now, undefined when it is neither or has passed. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const wait = Date.parse(value) - now;
  return wait > 0 ? wait : undefined;
}
