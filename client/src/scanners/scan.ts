/** One scan from beginning to end: where the image is, whether the answer is known already, the run, the report or why there is none. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Outcome } from "../process.ts";
import { type ScanCache, scanKey } from "./cache.ts";
import type { Found, Launch, Mount, Run } from "./find.ts";
import { nameOf, type Report, type Target } from "./report.ts";
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
  if (key !== undefined) await parts.cache?.write(key, report);
  return report;
}

interface Place {
  /** The engine that has the image; undefined: it is in a registry. */
  readonly engine?: string;
  /** Of its configuration. */
  readonly id?: string;
}

/** Asks the engines for the image without pulling it. */
async function whereIs(image: string, { engines }: ScanRequest, run: Run, signal: AbortSignal): Promise<Place> {
  for (const engine of engines) {
    const args = ["image", "inspect", "--format", "{{.Id}}", "--", image];
    const outcome = await run({ command: engine, args }, { signal, timeoutMs: INSPECT_MS, maxBytes: 1 << 16 });
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
    const database = parsed.database ?? versions.database;
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
  if (!contained) return found.invoke(scanner.scan(request.target, options));
  const mounts: Mount[] = [{ source: folder, target: IN_CONTAINER, readonly: false }];
  const inside = { ...options, output: `${IN_CONTAINER}/${REPORT}` };
  let { target } = request;
  let archive: string | undefined;
  if (target.kind === "folder") {
    mounts.push({ source: target.folder, target: "/scan", readonly: true });
    target = { kind: "folder", folder: "/scan" };
  } else if (place?.engine !== undefined) {
    await saved(place.engine, target.image, join(folder, "image.tar"), parts.run, signal);
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

async function saved(engine: string, image: string, file: string, run: Run, signal: AbortSignal): Promise<void> {
  const outcome = await run(
    { command: engine, args: ["image", "save", "--output", file, "--", image] },
    { signal, timeoutMs: SAVE_MS, maxBytes: 1 << 20 },
  );
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
