/** What is at an address, as a stream: with caps on time, size and redirects, and given up the moment nobody wants it any more. */
import http from "node:http";
import https from "node:https";
import { isLoopback } from "../registry/address.ts";
import { type CertificateSource, createCertificates } from "../registry/certificates.ts";
import { quote, RegistryError } from "../registry/errors.ts";
import { type HttpResponse, send } from "../registry/http.ts";
import { follow } from "../registry/redirect.ts";

export interface FetchLimits {
  /** Most bytes of what is downloaded. */
  readonly bytes: number;
  /** Of an answer that is no success. */
  readonly errorBytes: number;
  readonly redirects: number;
  /** A connection that is silent for so long is given up. */
  readonly idleMs: number;
  /** All of it together. */
  readonly totalMs: number;
}

export interface Wish {
  readonly limits: FetchLimits;
  readonly accept?: string;
}

/** Why something could not be downloaded: a sentence for a person. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  /** There is nothing at the address. */
  readonly missing: boolean;

  constructor(message: string, missing = false) {
    super(message);
    this.missing = missing;
  }
}

/**
 * The bytes, piece by piece, after redirects. https stays https; http is asked where the address itself says so.
 *
 * @throws FetchError, or the signal's reason when that aborted
 */
export type Fetch = (address: string, wish: Wish, signal: AbortSignal) => AsyncIterable<Buffer>;

export function createFetch(options: CertificateSource): Fetch {
  const certificates = createCertificates(options);

  const agentFor = ({ protocol, host }: URL): http.Agent => {
    const common = isLoopback(host) ? {} : { proxyEnv: options.env };
    return protocol === "https:"
      ? new https.Agent({ ...common, secureContext: certificates(host), rejectUnauthorized: true })
      : new http.Agent(common);
  };

  return async function* (address, { limits, accept }, signal) {
    const url = addressOf(address);
    const deadline = AbortSignal.timeout(limits.totalMs);
    const both = AbortSignal.any([signal, deadline]);
    let stream: HttpResponse["stream"];
    try {
      const response = await follow(
        {
          method: "GET",
          url,
          headers: accept === undefined ? {} : { accept },
          limit: limits.errorBytes,
          idleMs: limits.idleMs,
          signal: both,
          streamed: true,
        },
        url,
        limits.redirects,
        (request) => send({ ...request, agent: agentFor(request.url) }),
      );
      stream = response.stream;
      if (!stream) {
        const missing = response.status === 404 || response.status === 410;
        throw new FetchError(`${url.host} answered ${response.status} for ${shown(url)}`, missing);
      }
      checkEncoding(response);
      let size = 0;
      const most = `${url.host} sends more than ${limits.bytes} bytes, which is where a download ends`;
      if (Number(response.headers["content-length"]) > limits.bytes) throw new FetchError(most);
      for await (const piece of stream as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > limits.bytes) throw new FetchError(most);
        yield piece;
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (deadline.aborted)
        throw new FetchError(`${url.host} took longer than ${limits.totalMs / 1000} s for ${shown(url)}`);
      throw error instanceof FetchError ? error : failed(error, url);
    } finally {
      stream?.destroy();
    }
  };
}

function addressOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw new FetchError(`${quote(address)} is no address of the web`);
  if (url.username !== "" || url.password !== "") throw new FetchError("an address with a login in it is not asked");
  return url;
}

/** What a server compresses on the way is another file for each who asks. */
function checkEncoding({ headers, url }: HttpResponse): void {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "")
    throw new FetchError(`${url.host} compresses the file on the way although asked not to`);
}

const shown = ({ host, pathname }: URL): string => quote(`${host}${pathname}`);

/** By what went wrong; the words of the registry's errors speak of registries. */
function failed(error: unknown, { host }: URL): FetchError {
  if (!(error instanceof RegistryError)) return new FetchError(`${host} closed the connection in between`);
  const code = error.details.code === undefined ? "" : ` (${error.details.code})`;
  if (error.kind === "tls") return new FetchError(`${host} has no certificate that is trusted here${code}`);
  if (error.kind === "timeout") return new FetchError(`${host} was silent for too long${code}`);
  if (error.kind === "network") return new FetchError(`${host} could not be reached${code}`);
  return new FetchError(error.message);
}

/** The whole text. @throws as `fetch` does */
export async function textAt(fetch: Fetch, address: string, wish: Wish, signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of fetch(address, wish, signal)) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}
