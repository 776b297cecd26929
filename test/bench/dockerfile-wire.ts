/**
 * What an editor waits for in a Dockerfile, over the wire, beside the language server that other extensions share: a change, the question
 * right behind it, the answer. What a server does on its own with each change is part of the time.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { launch } from "../../scripts/process.ts";
import { openWire, type Wire } from "../lsp/wire.ts";

const root = join(import.meta.dirname, "../..");
const OURS = [join(root, "dist/server.js"), "--stdio"];
const PEER = [fileURLToPath(import.meta.resolve("dockerfile-language-server-nodejs/bin/docker-langserver")), "--stdio"];
const uri = "file:///bench/Dockerfile";
const STARTING_MS = 1000;
/** Before each change, so that what the one before has set off is over. */
const PAUSE_MS = 10;
/** The slowest answers take tens of seconds. */
const PATIENCE_MS = 180_000;
/** Of what takes longer than this once, once is enough. */
const LONG_MS = 2000;

export interface WireRow {
  readonly feature: string;
  readonly lines: number;
  /** Milliseconds, medians. */
  readonly peer: number;
  readonly ours: number;
}

interface Question {
  readonly feature: string;
  readonly method: string;
  readonly params: (text: string) => object;
  /** True of an answer that says something. */
  readonly says: (answer: unknown) => boolean;
}

const about = { textDocument: { uri } };
const isList = (answer: unknown): boolean => Array.isArray(answer) && answer.length > 0;

/** Where a word stands behind the middle of the text. */
function place(text: string, word: string): object {
  const at = text.indexOf(word, text.length / 2);
  if (at === -1) throw new Error(`${word} is not in the text`);
  const before = text.slice(0, at).split("\n");
  return { ...about, position: { line: before.length - 1, character: (before.at(-1)?.length ?? 0) + 2 } };
}

const QUESTIONS: readonly Question[] = [
  {
    feature: "completion",
    method: "textDocument/completion",
    params: (text) => place(text, "EXPOSE"),
    says: (answer) => isList(answer) || isList((answer as { items?: unknown } | null)?.items),
  },
  {
    feature: "hover",
    method: "textDocument/hover",
    params: (text) => place(text, "EXPOSE"),
    says: (answer) => answer !== null && answer !== undefined,
  },
  { feature: "symbols", method: "textDocument/documentSymbol", params: () => about, says: isList },
  {
    feature: "formatting",
    method: "textDocument/formatting",
    params: () => ({ ...about, options: { tabSize: 8, insertSpaces: true } }),
    says: isList,
  },
  {
    feature: "semantic tokens",
    method: "textDocument/semanticTokens/full",
    params: () => about,
    says: (answer) => isList((answer as { data?: unknown } | null)?.data),
  },
];

const CAPABILITIES = {
  textDocument: {
    diagnostic: {},
    hover: { contentFormat: ["markdown"] },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    formatting: {},
    semanticTokens: {
      requests: { full: true },
      tokenTypes: [
        "keyword",
        "comment",
        "parameter",
        "property",
        "namespace",
        "class",
        "macro",
        "string",
        "variable",
        "operator",
        "modifier",
      ],
      tokenModifiers: ["declaration", "definition", "deprecated"],
      formats: ["relative"],
    },
  },
};

/** @param textOf so many lines of a Dockerfile */
export async function wireTimes(
  textOf: (lines: number) => string,
  sizes = [60, 500, 7000],
): Promise<readonly WireRow[]> {
  const rows: WireRow[] = [];
  for (const lines of sizes) {
    const text = textOf(lines);
    const peer = await timesOf(PEER, text);
    const ours = await timesOf(OURS, text);
    for (const { feature } of QUESTIONS)
      rows.push({ feature, lines, peer: peer.get(feature) ?? Number.NaN, ours: ours.get(feature) ?? Number.NaN });
  }
  return rows;
}

/** Each feature with a server of its own: nothing that another has worked out, and none that another has made hot. */
async function timesOf(command: readonly string[], text: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const question of QUESTIONS) {
    const child = launch(process.execPath, [...command]);
    child.stderr.pipe(process.stderr);
    try {
      found.set(question.feature, await timesIn(openWire(child.stdout, child.stdin, PATIENCE_MS), text, question));
    } finally {
      child.kill();
    }
  }
  return found;
}

async function timesIn(wire: Wire, text: string, question: Question): Promise<number> {
  await wire.send("initialize", {
    processId: null,
    rootUri: null,
    capabilities: CAPABILITIES,
    // ShellCheck, which the other has not, would work beside in threads of its own.
    initializationOptions: { trusted: false, settings: { shellcheck: "off" } },
  }).answer;
  wire.notify("initialized", {});
  wire.notify("textDocument/didOpen", { textDocument: { uri, languageId: "dockerfile", version: 1, text } });
  await sleep(STARTING_MS);
  const isLong = text.length > 100_000;
  const [warm, rounds] = isLong ? [2, 7] : [30, 60];
  const params = question.params(text);
  const times: number[] = [];
  for (let round = -warm; round < rounds; round++) {
    await sleep(PAUSE_MS);
    const start = { line: 0, character: 1 };
    const contentChanges = [{ range: { start, end: start }, text: "x" }];
    const begin = performance.now();
    wire.notify("textDocument/didChange", { textDocument: { uri, version: round + warm + 2 }, contentChanges });
    const { result, error } = await wire.send(question.method, params).answer;
    const time = performance.now() - begin;
    if (error || !question.says(result))
      throw new Error(
        `${question.feature}: the server answered ${error?.message ?? JSON.stringify(result)?.slice(0, 60)}`,
      );
    if (round >= 0 || time > LONG_MS) times.push(time);
    if (time > LONG_MS) break;
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}
