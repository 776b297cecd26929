/** Reads `docker buildx build --progress=rawjson`: BuildKit's own messages, one in a line of stderr, and plain text around them. */
import { StringDecoder } from "node:string_decoder";
import { collector, splitLines } from "./collect.ts";
import type { BuildEvent, BuildReader, BuildWarning, Step } from "./events.ts";

interface Vertex {
  readonly digest?: string;
  readonly name?: string;
  readonly started?: string;
  readonly completed?: string;
  readonly cached?: boolean;
  readonly error?: string;
}

interface Message {
  readonly vertexes?: readonly Vertex[] | null;
  readonly statuses?: readonly {
    readonly id?: string;
    readonly vertex?: string;
    readonly current?: number;
    readonly total?: number;
    readonly completed?: string;
  }[];
  readonly logs?: readonly { readonly vertex?: string; readonly data?: string }[];
  readonly warnings?: readonly {
    readonly short?: string;
    readonly url?: string;
    readonly range?: readonly { readonly start?: { line?: number }; readonly end?: { line?: number } }[];
  }[];
}

export function rawjsonReader(): BuildReader {
  const collected = collector();
  const lines = { stdout: splitLines(), stderr: splitLines() };
  const decoders = new Map<string, StringDecoder>();

  const ofLine = (line: string): readonly BuildEvent[] => {
    const message = line.startsWith("{") ? parse(line) : undefined;
    if (!message) return [collected.text(line)];
    return [
      ...list(message.vertexes).flatMap((vertex) => {
        const step = stepOf(vertex, collected.known(vertex.digest ?? ""));
        return step ? [collected.step(step)] : [];
      }),
      ...list(message.statuses).flatMap(({ vertex, id, current, total }): BuildEvent[] =>
        vertex !== undefined && id !== undefined && typeof current === "number"
          ? [{ kind: "progress", step: vertex, what: id, current, total: total ?? 0 }]
          : [],
      ),
      ...list(message.logs).flatMap(({ vertex, data }) => {
        if (vertex === undefined || typeof data !== "string") return [];
        const decoder = decoders.get(vertex) ?? new StringDecoder("utf8");
        decoders.set(vertex, decoder);
        // A letter may be cut in two by the end of a message.
        return [collected.log(vertex, decoder.write(Buffer.from(data, "base64")))];
      }),
      ...list(message.warnings).map((warning) => collected.warn(warningOf(warning))),
    ];
  };

  return {
    read: (stream, text) => lines[stream].push(text).flatMap(ofLine),
    end: () => [...lines.stdout.rest(), ...lines.stderr.rest()].flatMap(ofLine),
    report: collected.report,
  };
}

function parse(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const list = <T>(value: readonly T[] | null | undefined): readonly T[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];

/** Undefined for what changes nothing. A step may be started and completed more than once. */
function stepOf(vertex: Vertex, before: Step | undefined): Step | undefined {
  const { digest: id, name = before?.name ?? "", started, completed, cached, error } = vertex;
  if (id === undefined) return undefined;
  if (error) return { id, name, state: "failed", error, ...timeOf(vertex) };
  if (completed === undefined) {
    if (before?.state === "failed") return undefined;
    return { id, name, state: started === undefined ? "waiting" : "running" };
  }
  return { id, name, state: cached === true ? "cached" : "done", ...timeOf(vertex) };
}

function timeOf({ started, completed }: Vertex): Pick<Step, "ms"> {
  const ms = Date.parse(completed ?? "") - Date.parse(started ?? "");
  return Number.isFinite(ms) && ms >= 0 ? { ms } : {};
}

/** `UndefinedVar: Usage of undefined variable '$A' (line 3)` */
function warningOf({ short, url, range }: NonNullable<Message["warnings"]>[number]): BuildWarning {
  const text = Buffer.from(short ?? "", "base64").toString("utf8");
  const [, code, message = text] = /^([A-Z]\w+): ([\s\S]*?)(?: \(line \d+\))?$/.exec(text) ?? [];
  const line = range?.[0]?.start?.line;
  const endLine = range?.[0]?.end?.line ?? line;
  return {
    message,
    ...(code !== undefined && { code }),
    ...(url && { url }),
    ...(line !== undefined && line > 0 && { place: { line: line - 1, endLine: (endLine ?? line) - 1 } }),
  };
}
