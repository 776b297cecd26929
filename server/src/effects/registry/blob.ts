/** Blobs of a registry: streamed whole, taken up again where a connection broke, or a range of one at once. Nobody's digest is checked here. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { quote, RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import type { Limits } from "./limits.ts";
import { networkError } from "./network-errors.ts";
import { statusError } from "./status.ts";

export interface BlobQuery {
  /** Repository. */
  readonly path: string;
  readonly digest: string;
  /** Bytes it has by the manifest: never more are taken. */
  readonly size: number;
  /** The image as written, for messages. */
  readonly image: string;
}

/** A registry that answers so is not asked for more: what it says will not change. */
const LASTING: ReadonlySet<RegistryError["kind"]> = new Set([
  ...(["reference", "tls", "unauthorized", "not-found", "rate-limited", "protocol", "digest", "too-large"] as const),
]);

/**
 * From the first endpoint that has it; where one fails in the middle, the next goes on.
 *
 * @throws RegistryError, or the signal's reason
 */
export async function* blobBytes(
  client: Client,
  endpoints: readonly [Endpoint, ...Endpoint[]],
  query: BlobQuery,
  limits: Limits,
  outer: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const { size } = query;
  using deadline = deadlineFor(query, limits);
  const signal = AbortSignal.any([outer, deadline.signal]);
  let offset = 0;
  let [endpoint, ...others] = endpoints;
  for (let failures = 0; offset < size; ) {
    const before = offset;
    try {
      const response = await ask(client, endpoint, query, limits, signal, offset > 0 ? [offset, size] : undefined);
      // A server that knows no ranges begins anew.
      let skip = response.status === 206 ? 0 : offset;
      for await (const chunk of bytesOf(response)) {
        const fresh = skip < chunk.length ? chunk.subarray(skip) : undefined;
        skip = Math.max(0, skip - chunk.length);
        if (!fresh) continue;
        if (offset + fresh.length > size) throw tooLong(endpoint, query);
        offset += fresh.length;
        yield fresh;
      }
      if (offset < size) throw new RegistryError("network", `${endpoint.host} ended a layer of ${query.image} early`);
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof RegistryError ? error : networkError(error, endpoint.host);
      failures = offset > before ? 1 : failures + 1;
      if (LASTING.has(failure.kind) || failures >= limits.attempts) {
        const [next, ...rest] = others;
        if (!next) throw failure;
        [endpoint, others, failures] = [next, rest, 0];
        continue;
      }
      await pause(limits.retryMs, signal);
    }
  }
}

/**
 * The bytes from `start` up to and without `end`; undefined from a registry that knows no ranges.
 *
 * @throws RegistryError, or the signal's reason
 */
export async function blobRange(
  client: Client,
  endpoint: Endpoint,
  query: BlobQuery,
  [start, end]: readonly [start: number, end: number],
  limits: Limits,
  outer: AbortSignal,
): Promise<Buffer | undefined> {
  using deadline = deadlineFor({ ...query, size: end - start }, limits);
  const signal = AbortSignal.any([outer, deadline.signal]);
  const response = await ask(client, endpoint, query, limits, signal, [start, end]);
  if (response.status !== 206) {
    response.stream?.destroy();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let count = 0;
  try {
    for await (const chunk of bytesOf(response)) {
      count += chunk.length;
      if (count > end - start) throw tooLong(endpoint, query);
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RegistryError ? error : networkError(error, endpoint.host);
  }
  return count === end - start ? Buffer.concat(chunks) : undefined;
}

async function ask(
  client: Client,
  endpoint: Endpoint,
  { path, digest, image }: BlobQuery,
  limits: Limits,
  signal: AbortSignal,
  range: readonly [number, number] | undefined,
): Promise<HttpResponse> {
  const response = await client(
    endpoint,
    {
      ...{ method: "GET", path, route: `${path}/blobs/${digest}`, limit: limits.errorBytes, streamed: true },
      ...(range && { range: `bytes=${range[0]}-${range[1] - 1}` }),
    },
    signal,
  );
  if (response.status === 404) {
    const message = `${endpoint.host} no longer has the layer ${digest} of ${image} (HTTP 404); push the image again`;
    throw new RegistryError("not-found", message, { status: 404 });
  }
  if (!response.stream) throw statusError(response, `a layer of ${image}`);
  const said = response.headers["content-range"];
  if (response.status === 206 && !said?.startsWith(`bytes ${range?.[0] ?? 0}-`)) {
    response.stream.destroy();
    const message = `${endpoint.host} was asked for a part of a layer and gave another (${quote(said ?? "it does not say which")}); report it to its owner`;
    throw new RegistryError("protocol", message);
  }
  return response;
}

async function* bytesOf({ stream }: HttpResponse): AsyncGenerator<Uint8Array, void> {
  if (stream) for await (const chunk of stream) yield chunk;
}

const tooLong = ({ host }: Endpoint, { digest, size }: BlobQuery): RegistryError =>
  new RegistryError(
    "too-large",
    `${host} sent more than the ${size} bytes that ${digest} has; do not use it, report it`,
  );

interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** A server that drips bytes is never silent. */
function deadlineFor({ image, size }: BlobQuery, limits: Limits): Deadline {
  const ms = limits.blobMs + (size / limits.blobBytesPerSecond) * 1000;
  const controller = new AbortController();
  const message = `a layer of ${image} took over ${Math.round(ms / 1000)} s; check the network, or try again later`;
  const timer = setTimeout(() => controller.abort(new RegistryError("timeout", message)), Math.min(ms, 2 ** 31 - 1));
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
