/** Which scanner is used: the one that is set, else the first of them that answers; or a container image, where a setting names one. */
import { randomBytes } from "node:crypto";
import type { Where } from "../engines/engine.ts";
import type { Invocation, Outcome, RunOptions } from "../process.ts";
import { engineCall } from "./daemon.ts";
import { grype } from "./grype.ts";
import { asProgram, type Call, type Scanner, type Versions } from "./scanner.ts";
import { scout } from "./scout.ts";
import { trivy } from "./trivy.ts";

/** In the order they are looked for. */
export const SCANNERS: readonly Scanner[] = [trivy, grype, scout];

export type Run = (invocation: Invocation, options: RunOptions) => Promise<Outcome>;

export interface Wanted {
  /** `auto`, or a scanner's name. */
  readonly scanner: string;
  /** A container image to run where the program is missing; empty: none. */
  readonly containerImage: string;
  /** The program that runs containers, and where. */
  readonly engine: string;
  readonly where?: Where;
}

/** A scanner that answered, and how to call it. */
export interface Found {
  readonly scanner: Scanner;
  readonly versions: Versions;
  /** Its versions now: a scan may have updated its database. */
  readonly askAgain: (run: Run, signal: AbortSignal) => Promise<Versions | undefined>;
  /** It runs in a container, which sees nothing but what is mounted. */
  readonly contained: boolean;
  readonly invoke: (call: Call, mounts?: readonly Mount[]) => Launch;
}

/** A folder or file of this machine as the container sees it. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readonly: boolean;
}

export interface Launch {
  readonly invocation: Invocation;
  /** Ends what goes on when the program itself is ended: a container. */
  readonly cleanup?: Invocation;
}

const VERSION_MS = 60_000;

export async function findScanner(wanted: Wanted, run: Run, signal: AbortSignal): Promise<Found | undefined> {
  const candidates = SCANNERS.filter(({ name }) => wanted.scanner === "auto" || wanted.scanner === name);
  const program = await firstThatAnswers(candidates, run, signal, false, (scanner) => (call) => ({
    invocation: asProgram(scanner, call),
  }));
  if (program || wanted.containerImage === "") return program;
  const named = candidates.filter((scanner) => isImageOf(scanner, wanted.containerImage));
  return firstThatAnswers(
    named,
    run,
    signal,
    true,
    (scanner) => (call, mounts) => inContainer(wanted, scanner, call, mounts),
  );
}

const isImageOf = ({ name }: Scanner, image: string): boolean => image.toLowerCase().includes(name);

async function firstThatAnswers(
  scanners: readonly Scanner[],
  run: Run,
  signal: AbortSignal,
  contained: boolean,
  invokerOf: (scanner: Scanner) => Found["invoke"],
): Promise<Found | undefined> {
  for (const scanner of scanners) {
    const invoke = invokerOf(scanner);
    const versions = await askVersions(scanner, invoke, run, signal);
    if (!versions) continue;
    const askAgain = (by: Run, until: AbortSignal): Promise<Versions | undefined> =>
      askVersions(scanner, invoke, by, until);
    return { scanner, versions, askAgain, contained, invoke };
  }
  return undefined;
}

async function askVersions(
  scanner: Scanner,
  invoke: Found["invoke"],
  run: Run,
  signal: AbortSignal,
): Promise<Versions | undefined> {
  const outputs: string[] = [];
  for (const args of scanner.versionCalls) {
    const outcome = await run(invoke({ args, env: {} }).invocation, {
      signal,
      timeoutMs: VERSION_MS,
      maxBytes: 1 << 20,
    });
    outputs.push(outcome.stdout);
    if (scanner.versions(outputs) === undefined) return undefined;
  }
  return scanner.versions(outputs);
}

/**
 * The container gets no engine's socket, which would make it this machine's master: an image is handed to it as an archive, a folder
 * read-only. Its database stays in a volume.
 */
function inContainer(
  { engine, containerImage, where = {} }: Wanted,
  scanner: Scanner,
  call: Call,
  mounts: readonly Mount[] = [],
): Launch {
  const name = `dockwright-scan-${randomBytes(6).toString("hex")}`;
  const volume = { source: `dockwright-${scanner.name}-cache`, target: scanner.cacheFolder, readonly: false };
  const args = [
    ...["run", "--rm", "--name", name],
    ...["--mount", mountOf("volume", volume)],
    ...mounts.flatMap((mount) => ["--mount", mountOf("bind", mount)]),
    ...Object.entries(call.env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...[containerImage, ...call.args],
  ];
  return {
    invocation: engineCall(engine, args, where),
    cleanup: engineCall(engine, ["rm", "--force", name], where),
  };
}

/** One line of CSV, as the engines read it: a path may hold commas and quotes. */
function mountOf(type: string, { source, target, readonly }: Mount): string {
  const fields = [`type=${type}`, `source=${source}`, `target=${target}`, ...(readonly ? ["readonly"] : [])];
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

/** What to say where there is none. */
export function whyNone(wanted: Wanted): { readonly message: string; readonly page: string } {
  const [scanner] = SCANNERS.filter(({ name }) => name === wanted.scanner);
  if (scanner)
    return {
      message: `${scanner.title} is not installed, or ${scanner.program} is not on PATH. Install it, or set dockwright.scan.scanner to another scanner`,
      page: scanner.page,
    };
  return {
    message:
      "No scanner is installed: neither Trivy nor Grype nor Docker Scout answers. Install one of them, or let one run from its container image (dockwright.scan.containerImage)",
    page: trivy.page,
  };
}
