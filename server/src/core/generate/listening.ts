/** What sources say about the network: ports, paths that tell health, variables of the environment. By patterns: nothing is run. */
import type { SourceText } from "./files.ts";
import type { Notes } from "./notes.ts";

type Speech = "node" | "python" | "go" | "rust" | "jvm" | "c" | "ruby" | "dotnet";

/** Each with the port in its first group that took part. */
const PORTS: Readonly<Record<Speech, readonly RegExp[]>> = {
  node: [
    /\benv(?:\.PORT\b|\[["']PORT["']\])[^\n;]{0,40}?(?:\|\||\?\?|,)\s*["']?(\d{2,5})\b/g,
    /\.listen\(\s*(?:\{\s*port:\s*)?(\d{2,5})\b/g,
    /\b(?:port|PORT)\b\s*(?::\s*number\s*)?[:=]\s*["']?(\d{4,5})\b/g,
  ],
  python: [
    /(?:environ(?:\.get\(|\[)|getenv\()\s*["']PORT["']\s*,\s*["']?(\d{2,5})\b/g,
    /\bport\s*=\s*(\d{2,5})\b/g,
    /\(\s*["'](?:0\.0\.0\.0|127\.0\.0\.1|localhost|)["']\s*,\s*(\d{2,5})\s*\)/g,
  ],
  go: [/"(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::\])?:(\d{2,5})"/g, /\b\w*[pP]ort\w*\s*(?::?=|,)\s*"?(\d{2,5})\b/g],
  rust: [
    /"(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::1?\]):(\d{2,5})"/g,
    /\(\s*\[\d+, ?\d+, ?\d+, ?\d+\]\s*,\s*(\d{2,5})\s*\)/g,
    /\(\s*"(?:0\.0\.0\.0|127\.0\.0\.1)"\s*,\s*(\d{2,5})\s*\)/g,
    /"PORT"[^;]{0,80}?"?(\d{4,5})"?/g,
  ],
  jvm: [
    /^\s*server\.port\s*[=:]\s*(?:\$\{\w+:)?(\d{2,5})\b/gm,
    /^server:\s*\n(?:[ \t]+[^\n]*\n)*?[ \t]+port:\s*(?:\$\{\w+:)?(\d{2,5})\b/gm,
    /\bInetSocketAddress\(\s*(?:"[^"]*"\s*,\s*)?(\d{2,5})\s*\)/g,
    /"PORT"\s*,\s*"?(\d{2,5})\b/g,
    /\b(?:int|var|val|static)\s+(?:port|PORT)\s*(?::\s*Int\s*)?=\s*(\d{2,5})\b/g,
  ],
  c: [
    /\bhtons\(\s*(\d{2,5})\s*\)/g,
    /^\s*#\s*define\s+\w*PORT\w*\s+(\d{2,5})\b/gm,
    /\b\w*[pP]ort\w*\s*=\s*(\d{4,5})\b/g,
  ],
  ruby: [/^\s*port\s+(?:ENV[^\n]*?["']?,?\s*)?["'{( ]*(\d{2,5})\b/gm, /\bset\s+:port\s*,\s*(\d{2,5})\b/g],
  dotnet: [
    /"(?:ASPNETCORE_)?HTTP_PORTS"\s*[:,]\s*"(\d{2,5})"/g,
    /\bListen(?:AnyIP|Localhost)\(\s*(\d{2,5})\b/g,
    /http:\/\/(?:\*|\+|0\.0\.0\.0):(\d{2,5})/g,
  ],
};

/** That anything listens at all, where no number is written. */
const LISTENS =
  /\blisten(?:en|AndServe)?\s*\(|\bListenAndServe|\bTcpListener\b|\bServerSocket\b|\bHttpServer\b|\bserve(?:_forever)?\s*\(|\bcreateServer\s*\(|\bBind\(|\bsocket\s*\(/i;

export interface Listening {
  /** Each once, those seen first in front. */
  readonly ports: readonly { readonly port: number; readonly path: string }[];
  readonly listens: boolean;
  /** A file in which it listens where nothing outside of the container gets to. */
  readonly loopback: string | undefined;
}

export function listeningOf(sources: readonly SourceText[], speech: Speech): Listening {
  const ports = new Map<number, string>();
  for (const pattern of PORTS[speech])
    for (const { path, text } of sources)
      for (const found of text.matchAll(pattern)) {
        const port = Number(found.slice(1).find((group) => group !== undefined));
        if (port > 0 && port < 65536 && !CLIENTS.has(port) && !ports.has(port)) ports.set(port, path);
      }
  return {
    ports: [...ports].map(([port, path]) => ({ port, path })),
    listens: ports.size > 0 || sources.some(({ text }) => LISTENS.test(text)),
    loopback: sources.find(({ text }) =>
      /\blisten\w*\([^)\n]{0,60}["'](?:127\.0\.0\.1|localhost)["':]|\b(?:ListenAndServe|bind|TcpListener::bind)\(\s*\(?"(?:127\.0\.0\.1|localhost)|\bhost\s*=\s*["'](?:127\.0\.0\.1|localhost)["']|HTTPServer\(\s*\(\s*["'](?:127\.0\.0\.1|localhost)/.test(
        text,
      ),
    )?.path,
  };
}

/** Of the services a program speaks to: it connects there. */
const CLIENTS: ReadonlySet<number> = new Set([
  22, 25, 53, 389, 443, 465, 587, 1025, 1433, 1521, 1883, 3306, 4222, 5432, 5672, 6333, 6379, 7687, 7700, 8086, 8125,
  9042, 9092, 9200, 11211, 27017,
]);

/** The port, and the decision about it; undefined where nothing listens. */
export function choosePort(
  notes: Notes,
  { ports, listens, loopback }: Listening,
  usual: number,
  by: string | undefined,
): number | undefined {
  if (loopback !== undefined)
    notes.note(
      "address",
      `${loopback} listens on the loopback address alone, where nothing outside of the container gets to: make it 0.0.0.0`,
      "a published port leads to the container's own address",
      true,
    );
  const what = (port: number): string => `It listens on port ${port}`;
  const [first, ...more] = ports;
  if (first)
    return notes.chooseNumber(
      "port",
      `${first.path} says so`,
      more.length > 0,
      what,
      ports.map(({ port }) => port),
    );
  if (by !== undefined)
    return notes.chooseNumber("port", `it is what ${by} listens on where nothing else is said`, false, what, [usual]);
  if (!listens) return undefined;
  return notes.chooseNumber("port", "something listens, but no number is written in the sources", true, what, [usual]);
}

const HEALTH_PATHS = [
  "/healthz",
  "/health",
  "/api/health",
  "/health/live",
  "/livez",
  "/up",
  "/api/healthz",
  "/status",
  "/ping",
];

/** Where a server can be asked for its health. */
export function healthPathIn(
  sources: readonly SourceText[],
): { readonly path: string; readonly by: string } | undefined {
  for (const path of [...HEALTH_PATHS, "/"]) {
    const literals = ['"', "'", "`"].flatMap((quote) => [
      `${quote}${path}${quote}`,
      ...(path === "/" ? [`${quote}GET /${quote}`, `${quote}GET /{$}${quote}`] : [`${quote}GET ${path}${quote}`]),
    ]);
    const source = sources.find(({ text }) => literals.some((literal) => text.includes(literal)));
    if (source) return { path, by: source.path };
  }
  return undefined;
}

/** The port for whoever runs the image, and for a program that is told its port. */
export const portLines = (port: number | undefined, sources: readonly SourceText[]): readonly string[] =>
  port === undefined ? [] : [...(variablesIn(sources).includes("PORT") ? [`ENV PORT=${port}`] : []), `EXPOSE ${port}`];

const VARIABLES: readonly RegExp[] = [
  /\bprocess\.env(?:\.([A-Z][A-Z0-9_]*)\b|\[["']([A-Z][A-Z0-9_]*)["']\])/g,
  /\bimport\.meta\.env\.([A-Z][A-Z0-9_]*)\b/g,
  /\b(?:os\.)?environ(?:\.get\(|\.setdefault\(|\[)\s*["']([A-Z][A-Z0-9_]*)["']/g,
  /\b(?:[gG]et_?[eE]nv|LookupEnv|GetEnvironmentVariable|env|var|var_os|config|fetch_env!?)\(\s*["']([A-Z][A-Z0-9_]*)["']/g,
  /\bENV(?:\.fetch\(|\[)\s*["']([A-Z][A-Z0-9_]*)["']/g,
];
const IN_CONFIGURATION = /\$\{([A-Z][A-Z0-9_]*)(?::[^}\n]*)?\}/g;

/** Names of variables that the sources ask for, in the order they are met. */
export function variablesIn(sources: readonly SourceText[]): readonly string[] {
  const names = new Set<string>();
  for (const { path, text } of sources)
    for (const pattern of /\.(?:properties|ya?ml)$/.test(path) ? [IN_CONFIGURATION] : VARIABLES)
      for (const found of text.matchAll(pattern)) names.add(found.slice(1).find((group) => group !== undefined) ?? "");
  return [...names].filter((name) => name !== "" && name.length < 80);
}
