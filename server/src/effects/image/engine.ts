/** An image of an engine's store: its outline by what the engine says of it, its layers out of the archive the engine prints, never a file. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, stream } from "../process.ts";
import { readingArchive } from "./archive.ts";
import { assemble } from "./assemble.ts";
import { knownLayers, withOrigins } from "./cache.ts";
import { ENGINES, type EngineCommands, historyOf, type Inspected, type Sized } from "./engines.ts";
import { engineError, EngineError, startError } from "./engine-error.ts";
import { ImageError, imageError } from "./error.ts";
import { createBudget, LIMITS } from "./limits.ts";
import type { Engine, Outline, OutlineOptions, SourceImage, SourceOptions } from "./source-types.ts";

export interface EngineSource {
  readonly engine: Engine;
  readonly image: string;
  readonly context?: string;
}

const ANSWER_MS = 60_000;
const MAX_ANSWER = 16 * 1024 ** 2;
/** Some daemons put an image together on their own disk before they print the first byte of it. */
const IDLE_MS = 600_000;

/** @throws EngineError, or the signal's reason */
export async function engineOutline(source: EngineSource, options: OutlineOptions): Promise<Outline> {
  const commands = ENGINES[source.engine];
  const [inspected, sized, isOther] = await Promise.all([
    inspect(source, options),
    commands.sizes ? ask(source, commands.sizes.args(source.image), options).then(commands.sizes.read) : undefined,
    commands.otherSizes
      ? ask(source, commands.otherSizes.args, options).then((said) => commands.otherSizes?.when.test(said))
      : undefined,
  ]);
  const { digest, configDigest, platform, names, diffIds } = inspected;
  const history = inspected.history ?? historyOf(sized ?? [], diffIds.length);
  const bytes = inspected.layerBytes ?? bytesOfLayers(history, sized ?? [], diffIds.length);
  return {
    ...{ digest: isOther ? (digest ?? configDigest) : digest, configDigest: isOther ? undefined : configDigest },
    ...{ platform, names, history },
    layers: diffIds.map((diffId, at) => ({
      ...{ digest: undefined, diffId, compressedBytes: undefined, contentBytes: bytes[at] },
    })),
    sizeMeaning: isOther ? "snapshot" : commands.sizeMeaning,
    sizeNote: (isOther && commands.otherSizes?.note) || commands.sizeNote,
  };
}

/** Of each layer the size of the step that made it; nothing where the steps do not fit. */
function bytesOfLayers(
  history: Outline["history"],
  sized: readonly Sized[],
  layers: number,
): readonly (number | undefined)[] {
  const made = sized.filter((_each, at) => history[at]?.empty === false).map(({ bytes }) => bytes);
  return made.length === layers && history.length === sized.length ? made : [];
}

/** @throws EngineError, ImageError, or the signal's reason; by then its process has ended */
export async function engineImage(source: EngineSource, options: SourceOptions): Promise<SourceImage> {
  const { engine, image } = source;
  const { signal } = options;
  const commands = ENGINES[engine];
  const inspected = await inspect(source, options);
  const key = keyOf(inspected);
  const before = key === undefined ? undefined : options.cache?.image(key);
  if (before) return { ...before, names: inspected.names, origins: before.layers.map(() => "cache") };
  const { known, spared } = knownLayers(options.cache);
  const { sink, parts } = readingArchive(createBudget({ ...LIMITS, ...options.limits }), known);
  const scratch = commands.leavesFiles ? await mkdtemp(join(tmpdir(), "dockwright-save-")) : undefined;
  let done = 0;
  try {
    const fifo = commands.opensStdout && scratch !== undefined ? await namedPipe(scratch, options) : undefined;
    const { code, stderr } = await stream(engine, [...leading(source, commands), ...commands.save(image, inspected)], {
      ...{ signal, idleMs: IDLE_MS, env: scratch === undefined ? envOf(options) : inScratch(envOf(options), scratch) },
      fifo,
      onStdout(chunk) {
        done += chunk.length;
        options.onProgress?.(done, inspected.bytes ? Math.max(inspected.bytes, done) : undefined);
        return sink.write(chunk);
      },
    });
    if (code !== 0) throw engineError(engine, image, stderr);
    await sink.end();
    const read = await assemble(parts, engine === "docker" || engine === "nerdctl" ? inspected.platform : undefined);
    if (!read) throw new ImageError("no-image", "what was saved holds neither index.json nor manifest.json");
    const found = { ...read, digest: read.digest ?? inspected.digest, names: inspected.names };
    if (key !== undefined) options.cache?.addImage(key, found);
    return withOrigins(found, spared);
  } catch (error) {
    sink.destroy();
    signal?.throwIfAborted();
    const failure = startError(engine, image, error);
    throw failure instanceof EngineError ? failure : imageError(failure).at(`${image} of ${engine}`);
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}

/** Of what an engine calls by one name there may be an image for each platform. */
const keyOf = ({ id, platform, diffIds }: Inspected): string | undefined =>
  id &&
  createHash("sha256")
    .update(JSON.stringify([id, platform, diffIds]))
    .digest("hex");

async function inspect(source: EngineSource, options: OutlineOptions): Promise<Inspected> {
  const { engine, image } = source;
  if (image === "" || image.includes("\0"))
    throw new EngineError("no-image", `${engine} was asked for no image; name one`);
  const commands = ENGINES[engine];
  const inspected = commands.readInspected(await ask(source, commands.inspect(image), options));
  if (inspected) return inspected;
  throw new EngineError("failed", `${engine} said something about ${image} that is no image; check its version`);
}

/** What it prints. */
async function ask(source: EngineSource, args: readonly string[], options: OutlineOptions): Promise<string> {
  const { engine, image } = source;
  const { signal } = options;
  try {
    const all = [...leading(source, ENGINES[engine]), ...args];
    const { code, stdout, stderr } = await run(engine, all, {
      ...{ timeoutMs: ANSWER_MS, maxBytes: MAX_ANSWER, env: envOf(options), ...(signal && { signal }) },
    });
    if (code !== 0) throw engineError(engine, image, stderr);
    return stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw startError(engine, image, error);
  }
}

/** Node makes none itself. */
async function namedPipe(folder: string, { signal }: OutlineOptions): Promise<string> {
  const path = join(folder, "pipe");
  const { code, stderr } = await run("mkfifo", ["--", path], {
    ...{ timeoutMs: ANSWER_MS, maxBytes: MAX_ANSWER, ...(signal && { signal }) },
  });
  if (code === 0) return path;
  throw new EngineError(
    "failed",
    `a named pipe could not be made: ${stderr.trim()}; check the folder for temporary files`,
  );
}

const leading = ({ context }: EngineSource, { atContext }: EngineCommands): readonly string[] =>
  context === undefined ? [] : atContext(context);

/** What is pushed to an archive needs no login, and a file of logins that is not there must not stop it. */
const inScratch = (env: NodeJS.ProcessEnv, scratch: string): NodeJS.ProcessEnv => ({
  ...env,
  ...{ TMPDIR: scratch, DOCKER_CONFIG: undefined, REGISTRY_AUTH_FILE: undefined },
});

const envOf = ({ env }: OutlineOptions): NodeJS.ProcessEnv => env ?? process.env;
