/** A server on a loopback port whose every answer the test decides. */
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Identity } from "./certificates.ts";

export interface LocalServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** @param tunnel makes it a proxy: the loopback port to lead a CONNECT for this address to */
export async function serve(
  handler: Handler,
  identity?: Identity,
  tunnel?: (address: string) => number,
): Promise<LocalServer> {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => handler(request, response, body));
  };
  const tunnels: (() => void)[] = [];
  const server = identity
    ? https.createServer({ cert: identity.certificate, key: identity.key }, onRequest)
    : http.createServer(onRequest);
  if (tunnel) {
    server.on("connect", (request, client) => {
      const target = connect(tunnel(request.url ?? ""), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(target).pipe(client);
      });
      const end = () => {
        target.destroy();
        client.destroy();
      };
      for (const socket of [client, target]) socket.on("error", end).on("close", end);
      tunnels.push(end);
    });
  }
  return listen(server, () => {
    server.closeAllConnections();
    for (const end of tunnels) end();
  });
}

/** Sends these bytes to whoever connects, whatever they say. */
export async function serveBytes(bytes: string): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // the client may leave at any time
    socket.on("close", () => sockets.delete(socket));
    socket.resume();
    socket.end(bytes);
  });
  return listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listen(server: Server, drop: () => void): Promise<LocalServer> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      drop();
    });
  return { host: `127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}
