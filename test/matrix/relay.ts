/** A proxy in the network namespace of the builds: requests go to the mirror's socket, TLS for any registry to the one there is. */
import { createServer, request as send } from "node:http";
import { connect } from "node:net";

export interface Relay extends AsyncDisposable {
  readonly port: number;
}

/** @param registry gives the port that speaks TLS for all registries, for CONNECT. */
export async function startRelay(socketPath: string, registry: () => number): Promise<Relay> {
  const server = createServer((request, response) => {
    const { url: path, method, headers } = request;
    const onward = send({ socketPath, ...(path && { path }), ...(method && { method }), headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", (error) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(String(error));
    });
    request.pipe(onward);
  });
  server.on("connect", (_request, client, head) => {
    const upstream = connect(registry(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "0.0.0.0", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the relay has no port");
  return {
    port: address.port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
