/**
 * One HTTP request with caps on time and size, its body whole or as a stream. It follows no redirect and retries nothing.
 *
 * node:http and node:https rather than fetch: fetch takes no CA of one's own and no lookup function without undici as a
 * dependency, and it decodes bodies without a limit.
 */
import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { RegistryError } from "./errors.ts";
import { networkError } from "./network-errors.ts";

export interface HttpRequest {
  readonly method: "HEAD" | "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Most bytes of the body, as sent and decoded. */
  readonly limit: number;
  readonly idleMs: number;
  readonly signal: AbortSignal;
  readonly agent?: http.Agent;
  readonly lookup?: LookupFunction;
  /** The body of a success comes as a stream, which whoever asked reads to its end or destroys, and counts. */
  readonly streamed?: boolean;
}

export interface HttpResponse {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty where it is streamed. */
  readonly body: Buffer;
  /** Ends with an error when the connection breaks or is silent for too long. */
  readonly stream?: Readable;
}

/** @throws RegistryError, or the signal's reason when that aborted */
export function send(request: HttpRequest): Promise<HttpResponse> {
  const { url, signal } = request;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === "https:" ? https : http).request(url, {
      method: request.method,
      headers: { "user-agent": "dockwright", "accept-encoding": "identity", ...request.headers },
      timeout: request.idleMs,
      signal,
      ...(request.agent && { agent: request.agent }),
      ...(request.lookup && { lookup: request.lookup }),
    });
    let stream: Readable | undefined;
    const fail = (error: unknown) => {
      reject(signal.aborted ? signal.reason : networkError(error, url.host));
      stream?.destroy(error instanceof Error ? error : undefined);
      outgoing.destroy();
    };
    outgoing.on("error", fail);
    outgoing.on("timeout", () => fail(silence(url, request.idleMs)));
    outgoing.on("response", (incoming) => {
      const [status, headers] = [incoming.statusCode ?? 0, incoming.headers];
      if (request.streamed && (status === 200 || status === 206)) {
        stream = incoming;
        resolve({ url, status, headers, body: Buffer.alloc(0), stream });
        return;
      }
      read(incoming, request)
        .then((body) => resolve({ url, status, headers, body }))
        .catch(fail);
    });
    outgoing.end(request.body);
  });
}

const silence = (url: URL, ms: number): RegistryError =>
  new RegistryError("timeout", `${url.host} was silent for ${ms / 1000} s; check the network, or try again later`);

async function read(incoming: IncomingMessage, request: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  if (request.method !== "HEAD" && Number(incoming.headers["content-length"]) > request.limit) throw tooLarge(request);
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > request.limit) throw tooLarge(request);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return body.length === 0 ? body : decode(body, incoming.headers["content-encoding"], request);
}

const tooLarge = ({ url, limit }: HttpRequest): RegistryError =>
  new RegistryError(
    "too-large",
    `${url.host} sent over ${limit} bytes where far less belongs; check that it is a registry`,
  );

const DECODERS: ReadonlyMap<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = new Map([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

/** Some registries compress although asked not to; digests are of the decoded body. */
async function decode(body: Buffer, encoding: string | undefined, request: HttpRequest): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? "identity";
  if (name === "identity" || name === "") return body;
  const decoder = DECODERS.get(name);
  const garbled = new RegistryError(
    "protocol",
    `${request.url.host} sent a body that could not be decoded; try again later`,
  );
  if (!decoder) throw garbled;
  try {
    return await decoder(body, { maxOutputLength: request.limit });
  } catch (error) {
    const tooLong = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw tooLong ? tooLarge(request) : garbled;
  }
}
