/** Downloads for a checksum: what comes is hashed, and what should not be followed, waited for or taken is not. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { createAnswers } from "../../server/src/effects/answers.ts";
import { CHECKSUM_LIMITS, checksumOf } from "../../server/src/effects/downloads/checksum.ts";
import { createFetch } from "../../server/src/effects/downloads/fetch.ts";
import { createAuthority } from "./certificates.ts";
import { type Handler, serve } from "./local-server.ts";

const authority = createAuthority("download test");
const identity = authority.issue({ ip: ["127.0.0.1"] });
const fetch = createFetch({ ca: [authority.certificate], env: {}, home: homedir(), trusted: false });
const never = new AbortController().signal;

const BODY = Buffer.alloc(3_000_000, "dockwright");
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

test("the checksum is that of what the server sends, over http and https", async () => {
  const handler: Handler = (_request, response) => response.end(BODY);
  await using plain = await serve(handler);
  await using secure = await serve(handler, identity);
  assert.equal(await checksumOf(fetch, `http://${plain.host}/a.tgz`, never), sha256(BODY));
  assert.equal(await checksumOf(fetch, `https://${secure.host}/a.tgz`, never), sha256(BODY));
});

test("redirects are followed to the end, with nothing of the first request's headers", async () => {
  const seen: string[] = [];
  await using server = await serve((request, response) => {
    seen.push(`${request.url ?? ""} ${request.headers.authorization ?? "-"}`);
    if (request.url === "/end") response.end("end");
    else response.writeHead(302, { location: request.url === "/start" ? "/middle" : "/end" }).end();
  });
  assert.equal(await checksumOf(fetch, `http://${server.host}/start`, never), sha256(Buffer.from("end")));
  assert.deepEqual(seen, ["/start -", "/middle -", "/end -"]);
});

/** Each answers something that must not be taken, and the reason says so. */
const REFUSED: readonly (readonly [name: string, handler: Handler, reason: RegExp])[] = [
  ["nothing there", (_request, response) => response.writeHead(404).end("no"), /answered 404/],
  ["redirects without end", (_request, response) => response.writeHead(302, { location: "/" }).end(), /without end/],
  [
    "a redirect to a metadata service",
    (_request, response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
    /not a public address/,
  ],
  [
    "a redirect to a file",
    (_request, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    /is not https/,
  ],
  [
    "what is compressed on the way",
    (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x")),
    /compresses the file/,
  ],
  [
    "more than is taken, said beforehand",
    (_request, response) => response.writeHead(200, { "content-length": "2000" }).end(Buffer.alloc(2000)),
    /more than 1000 bytes/,
  ],
  ["more than is taken", (_request, response) => void response.write(Buffer.alloc(2000)), /more than 1000 bytes/],
  ["silence", (_request, response) => void response.write("x"), /silent|closed the connection/],
  [
    "a connection that breaks",
    (_request, response) => void response.write("x", () => response.destroy()),
    /connection/,
  ],
];

for (const [name, handler, reason] of REFUSED)
  test(`no checksum: ${name}`, async () => {
    await using server = await serve(handler);
    const limits = { ...CHECKSUM_LIMITS, bytes: 1000, idleMs: 300, totalMs: 5000 };
    const answer = await checksumOf(fetch, `http://${server.host}/`, never, limits);
    assert.ok(typeof answer === "object", "a checksum came back");
    assert.match(answer.unknown, reason);
  });

test("https is not left, and a login is not sent", async () => {
  await using plain = await serve((_request, response) => response.end("x"));
  await using secure = await serve(
    (_request, response) => response.writeHead(302, { location: `http://${plain.host}/` }).end(),
    identity,
  );
  const left = await checksumOf(fetch, `https://${secure.host}/`, never);
  assert.match(typeof left === "object" ? left.unknown : left, /is not https/);
  const login = await checksumOf(fetch, `http://user:pass@${plain.host}/`, never);
  assert.match(typeof login === "object" ? login.unknown : login, /login/);
});

test("a certificate that nobody trusts is no reason to go on", async () => {
  await using secure = await serve((_request, response) => response.end("x"), identity);
  const strict = createFetch({ ca: [], env: {}, home: homedir(), trusted: false });
  const answer = await checksumOf(strict, `https://${secure.host}/`, never);
  assert.match(typeof answer === "object" ? answer.unknown : answer, /no certificate that is trusted/);
});

test("a server that drips is given up when the time is over", async () => {
  await using server = await serve((_request, response) => {
    const timer = setInterval(() => response.write("x"), 50);
    response.on("close", () => clearInterval(timer));
  });
  const limits = { ...CHECKSUM_LIMITS, totalMs: 400 };
  const answer = await checksumOf(fetch, `http://${server.host}/`, never, limits);
  assert.match(typeof answer === "object" ? answer.unknown : answer, /took longer than 0\.4 s/);
});

test("giving up ends the connection", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await serve((_request, response) => {
    response.on("close", () => closed.resolve());
    response.write("x");
  });
  const controller = new AbortController();
  const answer = checksumOf(fetch, `http://${server.host}/`, controller.signal);
  setTimeout(() => controller.abort(new Error("enough")), 100);
  await assert.rejects(answer, /enough/);
  await closed.promise;
});

test("one download however many ask", async () => {
  let requests = 0;
  await using server = await serve((_request, response) => {
    requests++;
    setTimeout(() => response.end("x"), 50);
  });
  const answers = createAnswers({ checksum: ({ url }, { signal }) => checksumOf(fetch, url, signal) });
  const question = { ask: "checksum", url: `http://${server.host}/` } as const;
  const [one, two] = await Promise.all([1, 2].map(() => answers.ask(question, undefined, never)));
  assert.equal(one, two);
  assert.equal(requests, 1);
});
