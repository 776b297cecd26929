/** `GET` of a path from a container on this machine: no redirect is followed, nothing is remembered, time and size are limited. */
import { request } from "node:http";
import { connect } from "node:net";
import { MAX_BODY, REQUEST_MS } from "./limits.ts";

export interface Target {
  /** On this machine's loopback address. */
  readonly port: number;
  /** The port it has for itself: so both containers are asked by the same name. */
  readonly ownPort: number;
}

export interface Got {
  readonly status: number;
  readonly type: string | undefined;
  readonly location: string | undefined;
  /** A character a byte. */
  readonly body: string;
  readonly cut: boolean;
}

/** What it answered, or why there was no answer: the system's code, a clause. Rejects with the signal's reason only. */
export function get({ port, ownPort }: Target, path: string, signal?: AbortSignal): Promise<Got | string> {
  const { promise, resolve, reject } = Promise.withResolvers<Got | string>();
  const chunks: Buffer[] = [];
  let size = 0;
  const late = AbortSignal.timeout(REQUEST_MS);
  const onError = (error: NodeJS.ErrnoException): void => {
    if (signal?.aborted) reject(signal.reason);
    else resolve(late.aborted ? `no answer within ${REQUEST_MS / 1000} s` : (error.code ?? error.message));
  };
  try {
    const asked = request({
      ...{ host: "127.0.0.1", port, path, agent: false },
      headers: { host: `localhost:${ownPort}`, accept: "*/*", "accept-encoding": "identity", connection: "close" },
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    asked.on("error", onError);
    asked.on("response", (response) => {
      const end = (cut: boolean): void =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"]?.split(";")[0]?.trim().toLowerCase(),
          location: response.headers.location,
          body: Buffer.concat(chunks).toString("latin1").slice(0, MAX_BODY),
          cut,
        });
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= MAX_BODY) return;
        end(true);
        asked.destroy();
      });
      response.on("end", () => end(false));
      // A body that never ends is as much of it as came in time.
      response.on("error", (error) => (late.aborted && size > 0 ? end(true) : onError(error)));
    });
    asked.end();
  } catch (error) {
    resolve(error instanceof Error ? error.message : String(error)); // a path that is none
  }
  return promise;
}

/** Somebody listens there. */
export function isTaken(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port, timeout: 1_000 });
  const end = (taken: boolean) => (): void => {
    socket.destroy();
    resolve(taken);
  };
  socket.on("connect", end(true)).on("error", end(false)).on("timeout", end(false));
  return promise;
}
