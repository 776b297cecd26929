/** One scan from beginning to end: where the image is, whether the answer is known already, the run, the report or why there is none. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Where } from "../engines/engine.ts";
import type { Outcome } from "../process.ts";
import { type ScanCache, scanKey } from "./cache.ts";
import { daemonQuestion, engineCall, readDaemon } from "./daemon.ts";
import type { Found, Launch, Mount, Run } from "./find.ts";
import { type DatabaseFacts, nameOf, type Report, type Target } from "./report.ts";
import type { Call } from "./scanner.ts";
import { compromised, databaseWarning, failureOf, type ScanOptions, whyNoImage } from "./scanner.ts";

/** Why there is no report, in a sentence for people. */
export class ScanFailure extends Error {
  override readonly name = "ScanFailure";
}

export interface ScanRequest {
  readonly target: Target;
  readonly offline: boolean;
  readonly ignoreFile?: string;
  /** Programs that may have the image: `docker`, `podman`, `nerdctl`. */
  readonly engines: readonly string[];
  /** Which Docker is meant. */
  readonly where: Where;
  /** What the image is in its registry; undefined where nobody can say. */
  readonly digest: (image: string) => Promise<string | undefined>;
  /** Scans though the same was scanned before. */
  readonly again?: boolean;
  readonly dockerfile?: Report["dockerfile"];
}

export interface ScanParts {
  readonly run: Run;
  readonly cache: ScanCache | undefined;
  readonly log: (line: string) => void;
  readonly now: () => number;
}

const MINUTES = 60_000;
const SCAN_MS = 15 * MINUTES;
const SAVE_MS = 10 * MINUTES;
const INSPECT_MS = 30_000;
const MAX_REPORT = 64 * 1024 * 1024;

/** @throws ScanFailure; the signal's reason when that aborts */
export async function scan(found: Found, request: ScanRequest, parts: ScanParts, signal: AbortSignal): Promise<Report> {
  const { target } = request;
  const refused = target.kind === "image" ? whyNoImage(target.image) : undefined;
  if (refused !== undefined) throw new ScanFailure(refused);
  const place = target.kind === "image" ? await whereIs(target.image, request, parts.run, signal) : undefined;
  const identity = place?.id ?? (target.kind === "image" && place ? await request.digest(target.image) : undefined);
  const key = identity === undefined ? undefined : await scanKey(found, identity, request);
  const known = key === undefined || request.again ? undefined : await parts.cache?.read(key);
  if (known) {
    parts.log(`${nameOf(target)}: the same image, scanner and database as before; nothing was scanned`);
    return { ...known, target, ...(request.dockerfile && { dockerfile: request.dockerfile }) };
  }
  const report = await freshly(found, request, parts, signal, place);
  const { database } = report;
  const newKey =
    identity !== undefined && database && database.version !== found.versions.database?.version
      ? await scanKey({ ...found, versions: { ...found.versions, database } }, identity, request)
      : key;
  if (newKey !== undefined) await parts.cache?.write(newKey, report);
  return report;
}

interface Place {
  /** The engine that has the image; undefined: it is in a registry. */
  readonly engine?: string;
  /** Of its configuration. */
  readonly id?: string;
}

/** Asks the engines for the image without pulling it. */
async function whereIs(image: string, { engines, where }: ScanRequest, run: Run, signal: AbortSignal): Promise<Place> {
  for (const engine of engines) {
    const args = ["image", "inspect", "--format", "{{.Id}}", "--", image];
    const outcome = await run(engineCall(engine, args, where), { signal, timeoutMs: INSPECT_MS, maxBytes: 1 << 16 });
    const id = /^(?:sha256:)?([0-9a-f]{64})\s*$/.exec(outcome.stdout)?.[1];
    if (outcome.code === 0 && id !== undefined) return { engine, id: `sha256:${id}` };
  }
  return {};
}

async function freshly(
  found: Found,
  request: ScanRequest,
  parts: ScanParts,
  signal: AbortSignal,
  place: Place | undefined,
): Promise<Report> {
  const { scanner, versions } = found;
  const { target } = request;
  const folder = await mkdtemp(join(tmpdir(), "dockwright-scan-"));
  try {
    const what = nameOf(target);
    const launch = await prepare(found, request, parts, signal, place, folder);
    parts.log(`${scanner.title} scans ${what}`);
    const outcome = await runAndCleanUp(launch, parts, signal);
    const text = scanner.toFile ? await reportFile(join(folder, REPORT)) : outcome.stdout;
    const parsed = text === undefined || outcome.truncated ? undefined : scanner.parse(text);
    if (!parsed) {
      for (const line of outcome.stderr.trim().split("\n").slice(-50)) parts.log(`${scanner.title}: ${line}`);
      const gone =
        target.kind === "image" &&
        place?.engine !== undefined &&
        !(await whereIs(target.image, request, parts.run, signal)).id;
      throw new ScanFailure(
        gone
          ? `${what} was deleted while it was scanned; build or pull it and scan again`
          : failureOf(scanner, outcome, what) + nowhere(target, place, request, outcome),
      );
    }
    const now = parts.now();
    const database = parsed.database ?? (await databaseAfter(found, request, parts, signal));
    const warnings = [compromised(scanner, versions.version), databaseWarning(scanner, database, now)];
    return {
      ...parsed,
      ...(database && { database }),
      scanner: scanner.name,
      scannerVersion: versions.version,
      target,
      scannedAt: now,
      warnings: warnings.filter((warning) => warning !== undefined),
      ...(request.dockerfile && { dockerfile: request.dockerfile }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What it was before, unless that was old or missing and may have been downloaded meanwhile. */
async function databaseAfter(
  { scanner, versions: { database }, askAgain }: Found,
  { offline }: ScanRequest,
  { run, now }: ScanParts,
  signal: AbortSignal,
): Promise<DatabaseFacts | undefined> {
  const isFresh = database !== undefined && databaseWarning(scanner, database, now()) === undefined;
  if (offline || isFresh || scanner.name === "scout") return database;
  return (await askAgain(run, signal))?.database ?? database;
}

/** Where no engine has it, that is the likely reason. */
function nowhere(target: Target, place: Place | undefined, { engines }: ScanRequest, outcome: Outcome): string {
  const here = target.kind === "folder" || place?.engine !== undefined || outcome.missing;
  return here
    ? ""
    : `. ${nameOf(target)} is not in ${engines.join(" or ") || "an engine"} on this machine, so it was looked for in its registry`;
}

const REPORT = "report";
const IN_CONTAINER = "/dockwright";

async function prepare(
  found: Found,
  request: ScanRequest,
  parts: ScanParts,
  signal: AbortSignal,
  place: Place | undefined,
  folder: string,
): Promise<Launch> {
  const { scanner, contained } = found;
  const { offline, ignoreFile } = request;
  const source = place?.engine === undefined ? "registry" : place.engine === "podman" ? "podman" : "docker";
  const options: ScanOptions = {
    offline,
    source,
    output: join(folder, REPORT),
    ...(ignoreFile !== undefined && { ignoreFile }),
  };
  if (!contained) {
    const env = await reachOf(scanner, request, parts.run, signal, place);
    if (env) {
      const call = scanner.scan(request.target, options);
      return found.invoke({ ...call, env: { ...call.env, ...env } });
    }
    const archive = join(folder, "image.tar");
    await handOver(request, place, archive, parts, signal);
    return found.invoke(scanner.scan(request.target, { ...options, archive }));
  }
  const mounts: Mount[] = [{ source: folder, target: IN_CONTAINER, readonly: false }];
  const inside = { ...options, output: `${IN_CONTAINER}/${REPORT}` };
  let { target } = request;
  let archive: string | undefined;
  if (target.kind === "folder") {
    mounts.push({ source: target.folder, target: "/scan", readonly: true });
    target = { kind: "folder", folder: "/scan" };
  } else if (place?.engine !== undefined) {
    await handOver(request, place, join(folder, "image.tar"), parts, signal);
    archive = `${IN_CONTAINER}/image.tar`;
  }
  if (ignoreFile !== undefined)
    mounts.push({ source: ignoreFile, target: `/ignored/${basename(ignoreFile)}`, readonly: true });
  return found.invoke(
    scanner.scan(target, {
      ...inside,
      ...(archive !== undefined && { archive }),
      ...(ignoreFile !== undefined && { ignoreFile: `/ignored/${basename(ignoreFile)}` }),
    }),
    mounts,
  );
}

/** What leads the scanner to the engine that has the image; undefined where it has to be handed over. */
async function reachOf(
  scanner: Found["scanner"],
  { where }: ScanRequest,
  run: Run,
  signal: AbortSignal,
  place: Place | undefined,
): Promise<Call["env"] | undefined> {
  if (place?.engine === undefined) return {};
  const question = daemonQuestion(place.engine, where);
  if (!question) return undefined;
  const outcome = await run(question, { signal, timeoutMs: INSPECT_MS, maxBytes: 1 << 20 });
  const daemon = readDaemon(place.engine, outcome, where);
  return daemon && scanner.reach(daemon);
}

async function handOver(
  { target, where }: ScanRequest,
  place: Place | undefined,
  file: string,
  { run, log }: ScanParts,
  signal: AbortSignal,
): Promise<void> {
  const engine = place?.engine;
  if (engine === undefined || target.kind === "folder") return;
  const { image } = target;
  log(`${engine} hands over ${image} as an archive`);
  const outcome = await run(engineCall(engine, ["image", "save", "--output", file, "--", image], where), {
    ...{ signal, timeoutMs: SAVE_MS, maxBytes: 1 << 20 },
  });
  if (outcome.code === 0) return;
  throw new ScanFailure(
    `${engine} could not hand over ${image}: ${outcome.stderr.trim().split("\n").at(-1) ?? "it said nothing"}`,
  );
}

async function runAndCleanUp(
  { invocation, cleanup }: Launch,
  { run, log }: ScanParts,
  signal: AbortSignal,
): Promise<Outcome> {
  log(`Runs ${[invocation.command, ...invocation.args].join(" ")}`);
  let ended = false;
  try {
    const outcome = await run(invocation, { signal, timeoutMs: SCAN_MS, maxBytes: MAX_REPORT });
    ended = outcome.code !== null;
    return outcome;
  } finally {
    if (!ended && cleanup)
      await run(cleanup, { signal: new AbortController().signal, timeoutMs: INSPECT_MS }).catch(() => undefined);
  }
}

/** Undefined when it was not written or is too large to be read. */
async function reportFile(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > MAX_REPORT ? undefined : await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
