/**
 * Builds two Dockerfiles on one context with the person's engine, runs both and compares what they are and do.
 *
 *   const { outcome, why, rows, said, facts } = await verifyRefactoring({
 *     engine: await findEngine(),               // or { name: "docker" | "podman", context?, env? }
 *     context: "/abs/project",
 *     original: { text, path? },                // path: for its NAME.dockerignore
 *     result: { text, path? },
 *     options: { environment, buildArgs, ports, paths, network, declared, limits },
 *     signal, onProgress: (message) => {},
 *   });
 *
 * `outcome` is "same", "differs" or "unverifiable" (then `why` says the reason). Rejects with the signal's reason only. Callers check
 * that the workspace is trusted: both files run programs of the person's.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import { type Comparison, compare, notBuilt } from "../../core/verify/compare.ts";
import type { Configuration, Facts, ImageFacts } from "../../core/verify/facts.ts";
import type { Subject } from "../../core/verify/rows.ts";
import { EngineError } from "../image/engine-error.ts";
import { engineOutline } from "../image/engine.ts";
import { redact } from "../redact.ts";
import { build, type DockerfileText } from "./build.ts";
import { visit } from "./container.ts";
import { ask, type Engine, isFolder, lastLines, Trouble } from "./engine.ts";
import { inspectCommand, readConfiguration, removeImageCommand } from "./engines.ts";
import { LIMITS, type Limits } from "./limits.ts";

export type { DockerfileText } from "./build.ts";
export { type Engine, findEngine, Trouble } from "./engine.ts";

export interface VerifyOptions {
  /** Variables both containers get. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** TCP ports to ask; those the images expose by default. */
  readonly ports?: readonly number[];
  /** Asked besides `/`, `/health`, a page that is not there, and the links of what comes back. */
  readonly paths?: readonly string[];
  /** `host`, `none` or a network there is; one of the engine's own by default, with ports on the loopback address. */
  readonly network?: string;
  /** What the change is meant to alter. */
  readonly declared?: ReadonlySet<Subject>;
  readonly limits?: Partial<Limits>;
}

export interface VerifyRequest {
  readonly engine: Engine;
  /** An absolute path. */
  readonly context: string;
  readonly original: DockerfileText;
  /** Without a path the original's `NAME.dockerignore` holds. */
  readonly result: DockerfileText;
  readonly options?: VerifyOptions;
  readonly signal?: AbortSignal | undefined;
  /** A sentence without its full stop: `Building the original`. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

export interface Verification extends Comparison {
  /** The last lines of what failed; empty where nothing did. */
  readonly said: readonly string[];
  readonly facts: { readonly before?: Facts; readonly after?: Facts };
}

type Which = "original" | "result";

const NOT_THERE = "/dockwright-asks-for-a-page-that-is-not-there";
const PATHS = ["/", "/health", NOT_THERE];

export async function verifyRefactoring(request: VerifyRequest): Promise<Verification> {
  const { engine, signal } = request;
  signal?.throwIfAborted();
  const id = randomUUID().slice(0, 13);
  const tags: Readonly<Record<Which, string>> = {
    original: `dockwright-verify:${id}-original`,
    result: `dockwright-verify:${id}-result`,
  };
  const folder = await mkdtemp(join(tmpdir(), "dockwright-verify-"));
  try {
    return await verified(request, folder, tags);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Trouble || error instanceof EngineError)) throw error;
    const said = error instanceof Trouble ? error.said.map(redact) : [];
    return { outcome: "unverifiable", why: redact(error.message), rows: [], said, facts: {} };
  } finally {
    for (const tag of Object.values(tags)) await removeImage(engine, tag, signal?.aborted === true);
    await rm(folder, { recursive: true, force: true });
  }
}

async function verified(
  { engine, context, original, result, options = {}, signal, onProgress = () => {} }: VerifyRequest,
  folder: string,
  tags: Readonly<Record<Which, string>>,
): Promise<Verification> {
  if (!(await isFolder(context))) throw new Trouble(`${context} is no folder; name the build context`);
  const limits = { ...LIMITS, ...options.limits };
  const environment = join(folder, "environment");
  await writeFile(environment, environmentFile(options.environment ?? {}), { mode: 0o600 });

  const make = async (which: Which, dockerfile: DockerfileText): Promise<ImageFacts | readonly string[]> => {
    onProgress(`Building the ${which}`);
    const failed = await build(engine, dockerfile, {
      ...{ folder: join(folder, which), context, tag: tags[which], buildArgs: options.buildArgs ?? {} },
      ...{ network: options.network, timeMs: limits.buildMs, signal },
    });
    return failed?.map(redact) ?? imageFacts(engine, tags[which], signal);
  };

  const before = await make("original", original);
  if (isSaid(before)) {
    const why = `the original does not build: ${reasonIn(before)}`;
    return { outcome: "unverifiable", why, rows: [], said: before, facts: {} };
  }
  const after = await make("result", { ...result, path: result.path ?? original.path });
  if (isSaid(after)) return { ...notBuilt(reasonIn(after)), said: after, facts: {} };

  let ports = options.ports ?? portsOf(before.configuration, after.configuration);
  const watch = (which: Which, { configuration }: ImageFacts, paths: readonly string[], follow: boolean) => {
    onProgress(`Running the ${which}`);
    const wish = {
      ...{ image: tags[which], name: `dockwright-verify-${tags[which].split(":")[1]}`, environment, ports, limits },
      ...{ network: options.network, hasHealthcheck: configuration.hasHealthcheck },
    };
    return visit(engine, { wish, paths, follow }, signal);
  };
  const wanted = [...PATHS, ...(options.paths ?? [])];
  let ran = await watch("original", before, wanted, true);
  if (ran.port === undefined && ran.listening && ran.listening.length > 0 && options.network !== "none") {
    // It does not say so, but there is something to ask. A port is published from the start or not at all.
    ports = [...ports, ...ran.listening];
    ran = await watch("original", before, wanted, true);
  }
  const asked = ran.answers.map(({ path }) => path);
  const again = await watch("result", after, asked.length > 0 ? asked : PATHS, false);

  const facts = { before: { image: before, run: redacted(ran) }, after: { image: after, run: redacted(again) } };
  onProgress("Comparing");
  const comparison = compare(parseDockerfile(original.text), facts.before, facts.after, options.declared);
  return { ...comparison, said: lastWordsOf(comparison, facts), facts };
}

const FAILURES: ReadonlySet<Subject> = new Set(["start", "exit-code"]);

/** Of the one that does not do what it is there for. */
function lastWordsOf({ outcome, rows }: Comparison, { before, after }: Readonly<Record<"before" | "after", Facts>>) {
  if (outcome === "unverifiable") return before.run.lastWords;
  const fails = rows.some(({ subject, verdict }) => verdict === "different" && FAILURES.has(subject));
  return fails ? after.run.lastWords : [];
}

const isSaid = (value: ImageFacts | readonly string[]): value is readonly string[] => Array.isArray(value);

/** Without what builders begin every reason with. */
const reasonIn = (said: readonly string[]): string =>
  (said.at(-1) ?? "the builder said nothing").replace(/^(?:(?:ERROR|Error|failed to build|failed to solve): )+/, "");

const redacted = (run: Facts["run"]): Facts["run"] => ({
  ...run,
  stdout: run.stdout.map(redact),
  lastWords: run.lastWords.map(redact),
});

/** A variable of several lines has no form there. */
function environmentFile(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => {
      if (/[\r\n]/.test(name + value)) throw new Trouble(`the value of ${name} has several lines; give it one`);
      return `${name}=${value}\n`;
    })
    .join("");
}

/** Both sides' TCP ports; the port a variable names where none is exposed. */
function portsOf(before: Configuration, after: Configuration): readonly number[] {
  const exposed = [...before.ports, ...after.ports].flatMap((port) => /^(\d+)\/tcp$/.exec(port)?.[1] ?? []);
  const named = [before, after].flatMap(({ environment }) => /^\d{2,5}$/.exec(environment["PORT"] ?? "")?.[0] ?? []);
  return [...new Set((exposed.length > 0 ? exposed : named).map(Number))].slice(0, MAX_PORTS);
}

const MAX_PORTS = 10;

async function imageFacts(engine: Engine, tag: string, signal: AbortSignal | undefined): Promise<ImageFacts> {
  const { code, stdout, stderr } = await ask(engine, inspectCommand(tag), signal);
  const configuration = code === 0 ? readConfiguration(stdout) : undefined;
  if (!configuration)
    throw new Trouble(`${engine.name} does not say what it built: ${lastLines(stderr).at(-1) ?? stdout}`);
  const { layers } = await engineOutline(
    { engine: engine.name, image: tag, ...(engine.context !== undefined && { context: engine.context }) },
    { signal, env: engine.env },
  );
  const sizes = layers.map(({ contentBytes }) => contentBytes);
  const bytes = sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size = 0) => sum + size, 0);
  return { configuration, bytes, layers: layers.length };
}

/** A daemon may finish what the program that asked for it will not hear of. */
async function removeImage(engine: Engine, tag: string, mayComeLater: boolean): Promise<void> {
  const remove = () => ask(engine, removeImageCommand(tag)).catch(() => undefined);
  await remove();
  if (!mayComeLater) return;
  await new Promise((resolve) => setTimeout(resolve, LATER_MS));
  await remove();
}

const LATER_MS = 1_000;
