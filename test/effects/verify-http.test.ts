/** What asks containers: answers of hostile servers are cut, late ones are given up, and nothing is thrown. */
import assert from "node:assert/strict";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { after, test } from "node:test";
import { askPaths } from "../../server/src/effects/verify/ask-paths.ts";
import { get, isTaken } from "../../server/src/effects/verify/http.ts";

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, "127.0.0.1"));
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}
const http = (handler: RequestListener): Promise<number> => listening(createHttpServer(handler));
const raw = (handler: (socket: Socket) => void): Promise<number> =>
  listening(
    createServer((socket) => {
      socket.on("error", () => {});
      handler(socket);
    }),
  );

const why = (got: object | string): string => (typeof got === "string" ? got : JSON.stringify(got));

test("status, type, place and body; asked under the name the container has for itself", async () => {
  const port = await http((request, response) => {
    response.writeHead(302, {
      location: `http://${request.headers.host}/next`,
      "content-type": "Text/HTML; charset=x",
    });
    response.end("moved");
  });
  assert.deepEqual(await get({ port, ownPort: 3000 }, "/"), {
    ...{ status: 302, type: "text/html", location: "http://localhost:3000/next", body: "moved", cut: false },
  });
});

test("an endless body is cut", async () => {
  const port = await raw((socket) => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const more = (): void => {
      while (socket.writable && socket.write("x".repeat(65_536)));
    };
    socket.on("drain", more);
    more();
  });
  const got = await get({ port, ownPort: port }, "/");
  assert.ok(typeof got === "object");
  assert.deepEqual([got.body.length, got.cut], [1024 ** 2, true]);
});

test("no HTTP, a closed port, a path that is none: why, and no exception", async () => {
  const port = await raw((socket) => socket.end("-ERR unknown command\r\n"));
  assert.match(why(await get({ port, ownPort: port }, "/")), /^(?:HPE_|Parse Error)/);
  const closed = await raw((socket) => socket.destroy());
  assert.match(why(await get({ port: closed, ownPort: closed }, "/")), /^ECONNRESET$/);
  assert.match(why(await get({ port, ownPort: port }, "/a b")), /unescaped characters/);
});

test("cancelled while it waits", async () => {
  const port = await raw(() => {});
  const controller = new AbortController();
  const waiting = get({ port, ownPort: port }, "/", controller.signal);
  setTimeout(() => controller.abort(new Error("enough")), 50);
  await assert.rejects(waiting, /enough/);
});

test("whether somebody listens", async () => {
  const port = await raw(() => {});
  assert.equal(await isTaken(port), true);
  servers.pop()?.close();
});

test("links are followed, twenty of them; what changes from request to request is no steady answer", async () => {
  const asked: string[] = [];
  let visits = 0;
  const port = await http((request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("content-type", "text/html");
    const links = Array.from({ length: 50 }, (_, at) => `<a href="page-${at}">x</a>`).join("");
    response.end(request.url === "/" ? `visit ${"one two three four".split(" ")[visits++]}${links}` : "page");
  });
  const answers = await askPaths({ port, ownPort: port }, { paths: ["/"], follow: true, timeMs: 10_000 }, undefined);
  assert.equal(answers.length, 21);
  assert.equal(asked.length, 42, "each path twice");
  assert.deepEqual(
    answers.slice(0, 2).map((answer) => "steady" in answer && [answer.path, answer.steady]),
    [
      ["/", false],
      ["/page-0", true],
    ],
  );
});

test("when the time is over nothing more is asked", async () => {
  const port = await http((_request, response) => response.end("x"));
  const answers = await askPaths({ port, ownPort: port }, { paths: ["/", "/a"], follow: true, timeMs: 0 }, undefined);
  assert.deepEqual(
    answers.map((answer) => "failure" in answer && answer.failure),
    ["there was no time left to ask", "there was no time left to ask"],
  );
});
