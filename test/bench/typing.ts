/**
 * How long an editor waits for findings after a keystroke, over the wire: a change, a pull, the answer. A person opens the file, looks
 * at it for a second, then types faster than anybody does.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launch } from "../../scripts/process.ts";
import { openWire } from "../lsp/wire.ts";

const CHANGES = 200;
const LOOKING_MS = 1000;
const BETWEEN_KEYS_MS = 25;
const server = join(import.meta.dirname, "../../dist/server.js");

export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

type Wire = ReturnType<typeof openWire>;

/** A server that has the text open; it is gone afterwards. */
async function withServer(
  document: { readonly uri: string; readonly languageId: string; readonly text: string },
  work: (wire: Wire) => Promise<Latency>,
): Promise<Latency> {
  const child = launch(process.execPath, [server, "--stdio"]);
  child.stderr.pipe(process.stderr);
  try {
    const wire = openWire(child.stdout, child.stdin);
    const initialized = wire.send("initialize", {
      processId: null,
      rootUri: null,
      capabilities: { textDocument: { diagnostic: { dynamicRegistration: false } } },
      initializationOptions: { settings: { profile: "all" }, trusted: false },
    });
    await initialized.answer;
    wire.notify("initialized", {});
    wire.notify("textDocument/didOpen", { textDocument: { ...document, version: 1 } });
    return await work(wire);
  } finally {
    child.kill();
  }
}

export function typingLatency(text: string): Promise<Latency> {
  const uri = "file:///bench/Dockerfile";
  return withServer({ uri, languageId: "dockerfile", text }, async (wire) => {
    const pull = async (): Promise<unknown> =>
      (await wire.send("textDocument/diagnostic", { textDocument: { uri } }).answer).result;
    await pull();
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
      const answer = await pull();
      times.push(performance.now() - begin);
      if (!hasFindings(answer)) throw new Error("the server answered without findings");
    }
    return latencyOf(times);
  });
}

/** Keys of a service, asked for behind each letter that is typed in the middle of the file. */
export function completionLatency(text: string): Promise<Latency> {
  const uri = "file:///bench/compose.yaml";
  return withServer({ uri, languageId: "dockercompose", text }, async (wire) => {
    const lines = text.split("\n");
    const line = lines.findIndex((each, at) => at > lines.length / 2 && each.startsWith("    restart:"));
    const times: number[] = [];
    let version = 1;
    const change = (range: object, written: string): void =>
      wire.notify("textDocument/didChange", {
        textDocument: { uri, version: ++version },
        contentChanges: [{ range, text: written }],
      });
    await sleep(LOOKING_MS);
    for (let at = 0; at < CHANGES; at++) {
      await sleep(BETWEEN_KEYS_MS);
      const written = `    ${"hostname".slice(0, 1 + (at % 7))}`;
      change({ start: { line, character: 0 }, end: { line, character: 0 } }, `${written}\n`);
      const begin = performance.now();
      const position = { line, character: written.length };
      const { result } = await wire.send("textDocument/completion", { textDocument: { uri }, position }).answer;
      times.push(performance.now() - begin);
      if (!JSON.stringify(result).includes("hostname")) throw new Error("the server did not complete hostname");
      change({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }, "");
    }
    return latencyOf(times);
  });
}

function latencyOf(times: number[]): Latency {
  times.sort((a, b) => a - b);
  const quantile = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: quantile(0.5), p95: quantile(0.95) };
}

const hasFindings = (answer: unknown): boolean =>
  typeof answer === "object" &&
  answer !== null &&
  "items" in answer &&
  Array.isArray(answer.items) &&
  answer.items.length > 0;
