/** One Dockerfile built twice without a cache into two archives: the plan for each engine, and its execution. Knows no editor. */
import { join } from "node:path";
import { docker } from "../engines/docker.ts";
import { csv, type Engine, type EngineName, type Where } from "../engines/engine.ts";
import type { Invocation, Outcome } from "../process.ts";
import { type BuildReport, instructionOf, isBuildStep } from "./events.ts";
import type { BuildOptions } from "./options.ts";

/** How an engine's image becomes a file: BuildKit writes one, the others keep an image that is saved. */
interface Save {
  readonly save: (tag: string, archive: string, where: Where) => Invocation;
  readonly remove: (tag: string, where: Where) => Invocation;
}

const dockerSave: Save = {
  save: (tag, archive, where) => docker(["image", "save", `--output=${archive}`, "--", tag], where),
  remove: (tag, where) => docker(["image", "rm", "--", tag], where),
};

const SAVES: Readonly<Record<EngineName, Save>> = {
  "docker-buildx": dockerSave,
  "docker-classic": dockerSave,
  nerdctl: {
    save: (tag, archive) => ({ command: "nerdctl", args: ["image", "save", `--output=${archive}`, "--", tag] }),
    remove: (tag) => ({ command: "nerdctl", args: ["image", "rm", "--", tag] }),
  },
  podman: {
    save: (tag, archive) => ({
      command: "podman",
      args: ["image", "save", "--format=oci-archive", `--output=${archive}`, "--", tag],
    }),
    remove: (tag) => ({ command: "podman", args: ["image", "rm", "--", tag] }),
  },
  buildah: {
    save: (tag, archive) => ({ command: "buildah", args: ["push", "--", tag, `oci-archive:${archive}`] }),
    remove: (tag) => ({ command: "buildah", args: ["rmi", "--", tag] }),
  },
};

const WRITES_ARCHIVES: ReadonlySet<EngineName> = new Set(["docker-buildx", "nerdctl"]);

/** What BuildKit inside a Docker without the containerd image store says. */
const NO_ARCHIVES = /exporter is not (?:currently )?supported for the docker driver/i;

const APART_MS = 2_100;

export interface Twice {
  readonly engine: Engine;
  /** Without tags, caches and outputs: those are given here. */
  readonly options: BuildOptions;
  /** An empty folder of its own. */
  readonly folder: string;
  /** Names for images that are only made to be saved: nobody else's. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly run: (
    invocation: Invocation,
    signal: AbortSignal,
    onOutput?: (stream: "stdout" | "stderr", text: string) => void,
  ) => Promise<Outcome>;
  readonly say: (message: string) => void;
  /** Between the beginnings of the two builds at least: enough for a time in seconds to differ. */
  readonly apartMs?: number;
}

export type TwiceResult =
  /** `rewritten`: the times of files are those of the commit. */
  | { readonly kind: "built"; readonly a: string; readonly b: string; readonly rewritten: boolean }
  | {
      readonly kind: "failed";
      readonly which: "first" | "second";
      readonly report: BuildReport;
      readonly outcome: Outcome;
    };

type Way = "archive" | "save";

interface Once {
  readonly report: BuildReport;
  readonly outcome: Outcome;
}

/** @throws the signal's reason when it is cancelled; no image of ours is left then either */
export async function buildTwice(twice: Twice): Promise<TwiceResult> {
  const { engine, folder } = twice;
  let way: Way = WRITES_ARCHIVES.has(engine.name) ? "archive" : "save";
  const archives = { first: join(folder, "first.tar"), second: join(folder, "second.tar") };
  for (const which of ["first", "second"] as const) {
    const began = performance.now();
    let once = await buildOnce(twice, which, archives[which], way);
    if (way === "archive" && once.outcome.code !== 0 && NO_ARCHIVES.test(`${once.outcome.stderr}${once.report.text}`)) {
      way = "save";
      once = await buildOnce(twice, which, archives[which], way);
    }
    if (once.outcome.code !== 0) return { kind: "failed", which, ...once };
    if (which === "first") await pause((twice.apartMs ?? APART_MS) - (performance.now() - began), twice.signal);
  }
  const rewritten = way === "archive" || engine.name === "podman" || engine.name === "buildah";
  return { kind: "built", a: archives.first, b: archives.second, rewritten };
}

async function buildOnce(twice: Twice, which: "first" | "second", archive: string, way: Way): Promise<Once> {
  const { engine, options, run, signal } = twice;
  const tag = `${twice.name}:${which}`;
  const output = csv(["type=oci", `dest=${archive}`, "rewrite-timestamp=true"]);
  const built = await follow(
    twice,
    which,
    engine.build({
      ...options,
      noCache: true,
      provenance: "off",
      ...(way === "archive" ? { tags: [], output } : { tags: [tag] }),
    }),
  );
  if (way === "archive" || built.outcome.code !== 0) return built;
  const { save, remove } = SAVES[engine.name];
  try {
    const saved = await run(save(tag, archive, options), signal);
    const said = saved.code === 0 ? "" : saved.stderr;
    return { report: { ...built.report, text: `${built.report.text}${said}` }, outcome: saved };
  } finally {
    // Also when it was cancelled.
    await run(remove(tag, options), new AbortController().signal).catch(() => undefined);
  }
}

async function follow(twice: Twice, which: string, invocation: Invocation): Promise<Once> {
  const reader = twice.engine.reader();
  const outcome = await twice.run(invocation, twice.signal, (stream, text) => {
    for (const event of reader.read(stream, text))
      if (event.kind === "step" && event.step.state === "running" && isBuildStep(event.step))
        twice.say(`the ${which} build: ${instructionOf(event.step.name)}`);
  });
  reader.end();
  return { outcome, report: reader.report() };
}

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (ms <= 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(resolve, ms);
  try {
    signal.throwIfAborted();
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
};
