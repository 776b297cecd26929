/**
 * How long an editor waits for findings after a keystroke, over the wire: a change, a pull, the answer. A person opens the file, looks
 * at it for a second, then types faster than anybody does.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const CHANGES = 200;
const LOOKING_MS = 1000;
const BETWEEN_KEYS_MS = 25;
const server = join(import.meta.dirname, "../../dist/server.js");

export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

export async function typingLatency(text: string): Promise<Latency> {
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const wire = connect(child);
    await wire.request("initialize", {
      processId: null,
      rootUri: null,
      capabilities: { textDocument: { diagnostic: { dynamicRegistration: false } } },
      initializationOptions: { settings: { profile: "all" }, trusted: false },
    });
    wire.notify("initialized", {});
    const uri = "file:///bench/Dockerfile";
    wire.notify("textDocument/didOpen", { textDocument: { uri, languageId: "dockerfile", version: 1, text } });
    await wire.request("textDocument/diagnostic", { textDocument: { uri } });
    const lines = text.split("\n");
    const line = lines.findIndex((each, at) => at > lines.length / 2 && each.startsWith("COPY"));
    const times: number[] = [];
    await sleep(LOOKING_MS);
    for (let at = 0; at < CHANGES; at++) {
      await sleep(BETWEEN_KEYS_MS);
      const character = (lines[line] ?? "").length + at;
      const change = { range: { start: { line, character }, end: { line, character } }, text: "x" };
      const begin = performance.now();
      wire.notify("textDocument/didChange", { textDocument: { uri, version: at + 2 }, contentChanges: [change] });
      const answer = await wire.request("textDocument/diagnostic", { textDocument: { uri } });
      times.push(performance.now() - begin);
      if (!Array.isArray(answer["items"]) || answer["items"].length === 0)
        throw new Error("the server answered without findings");
    }
    times.sort((a, b) => a - b);
    const quantile = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
    return { p50: quantile(0.5), p95: quantile(0.95) };
  } finally {
    child.kill();
  }
}

type Json = Record<string, unknown>;

interface Wire {
  request(method: string, params: Json): Promise<Json>;
  notify(method: string, params: Json): void;
}

/** Just enough of the base protocol; requests of the server are answered with null. */
function connect(child: ChildProcess): Wire {
  const waiting = new Map<number, (result: Json) => void>();
  let next = 1;
  let buffer = Buffer.alloc(0);
  const send = (message: Json): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  child.stdout?.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf("\r\n\r\n");
      if (head === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())?.[1]);
      if (buffer.length < head + 4 + length) return;
      const message = JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString()) as Json;
      buffer = buffer.subarray(head + 4 + length);
      if (typeof message["method"] === "string" && message["id"] !== undefined)
        send({ id: message["id"], result: null });
      else if (typeof message["id"] === "number") waiting.get(message["id"])?.((message["result"] ?? {}) as Json);
    }
  });
  return {
    request: (method, params) =>
      new Promise((resolve) => {
        const id = next++;
        waiting.set(id, resolve);
        send({ id, method, params });
      }),
    notify: (method, params) => send({ method, params }),
  };
}
