/** One container from its start to its removal, and what was seen of it meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Health, RunFacts } from "../../core/verify/facts.ts";
import { askPaths } from "./ask-paths.ts";
import { type Attached, attach, stateOf } from "./attached.ts";
import { ask, type Engine, lastLines, linesOf, Trouble } from "./engine.ts";
import {
  ENGINES,
  hasOwnPorts,
  killCommand,
  portCommand,
  readPort,
  readUsers,
  removeCommand,
  type RunWish,
  type State,
  stopCommand,
} from "./engines.ts";
import { get, isTaken, type Target } from "./http.ts";
import { FIRST_LINES, STOP_SECONDS } from "./limits.ts";
import { listeningPorts } from "./listening.ts";

export interface Visit {
  readonly wish: RunWish;
  /** Asked in any case. */
  readonly paths: readonly string[];
  /** Links of the pages are asked as well. */
  readonly follow: boolean;
}

const POLL_MS = 200;
/** Who answers that it is not ready is asked again for so long. */
const WARM_UP_MS = 5_000;
/** A check may fail until what it asks is ready. */
const UNHEALTHY_MS = 5_000;
/** What a container has printed is there a moment after its end. */
const FLUSH_MS = 2_000;

/**
 * Runs the image, looks at it, stops and removes it.
 * @throws Trouble, or the signal's reason; either way the container is gone
 */
export async function visit(engine: Engine, { wish, paths, follow }: Visit, signal?: AbortSignal): Promise<RunFacts> {
  if (wish.network === "host") await mustBeFree(wish.ports);
  signal?.throwIfAborted();
  let attached: Attached | undefined;
  try {
    // To stop halfway here would leave a container that nobody knows of.
    const { code, stderr } = await ask(engine, ENGINES[engine.name].create(wish));
    if (code !== 0) return notCreated(wish, stderr);
    signal?.throwIfAborted();
    attached = attach(engine, wish.name);
    return await watch(engine, { wish, paths, follow }, attached, signal);
  } finally {
    // Some engines would ask it to end, and wait, before they remove it.
    if (attached?.hasEnded() === false) await ask(engine, killCommand(wish.name)).catch(() => undefined);
    await ask(engine, removeCommand(wish.name)).catch(() => undefined);
    attached?.leave();
    await attached?.ended;
  }
}

/** As engines say it of an image without CMD and ENTRYPOINT: the one failure that is the image's. */
const NOTHING_TO_START = /no command/i;
/** What shells end with when there is no such program. */
const NOT_FOUND = 127;

/** @throws Trouble when it is not the image's fault */
function notCreated({ ports }: RunWish, stderr: string): RunFacts {
  const lastWords = lastLines(stderr);
  if (!NOTHING_TO_START.test(stderr))
    throw new Trouble(`no container can be made: ${lastWords.at(-1) ?? ""}`, lastWords);
  return {
    ...{ end: "exited", exitCode: NOT_FOUND, stdout: [], lastWords, tried: ports, port: undefined, answers: [] },
    ...{ listening: undefined, users: [], health: "none", stopMs: undefined },
  };
}

async function watch(
  engine: Engine,
  { wish, paths, follow }: Visit,
  attached: Attached,
  signal: AbortSignal | undefined,
): Promise<RunFacts> {
  const { name, limits } = wish;
  const tried = wish.network === "none" ? [] : wish.ports;
  const target = await ready(engine, wish, tried, attached, signal);
  const answers = target ? await askPaths(target, { paths, follow, timeMs: limits.askMs }, signal) : [];
  const running = !attached.hasEnded();
  const listening = running && !target ? await untried(engine, wish, tried, signal) : undefined;
  const users = running ? await usersOf(engine, name, signal) : [];
  const health = running && wish.hasHealthcheck ? await healthOf(engine, wish, attached, signal) : undefined;
  let stopMs: number | undefined;
  if (!attached.hasEnded()) {
    const began = performance.now();
    await Promise.race([ask(engine, stopCommand(name, STOP_SECONDS), signal), attached.ended]);
    stopMs = performance.now() - began;
    await Promise.race([attached.ended, sleep(FLUSH_MS)]);
  }
  const state = await stateOf(engine, name, signal);
  const cutOff = attached.wasCutOff();
  const error = state?.error;
  return {
    end: cutOff ? "cut off" : stopMs === undefined ? "exited" : "stopped",
    exitCode: cutOff ? undefined : exitCodeOf(state, attached),
    stdout: linesOf(attached.printed()).slice(0, FIRST_LINES),
    lastWords: lastLines(attached.said(), ...(error === undefined || attached.said().includes(error) ? [] : [error])),
    tried,
    port: target?.ownPort,
    listening,
    answers,
    users,
    health: health ?? (wish.hasHealthcheck ? "starting" : "none"),
    stopMs: cutOff ? undefined : stopMs,
  };
}

/** What could not be started has the code that says why, or none: then the command that started it has. */
const exitCodeOf = (state: State | undefined, attached: Attached): number | undefined =>
  state && !(state.created && state.exitCode === 0) ? state.exitCode : attached.code();

async function mustBeFree(ports: readonly number[]): Promise<void> {
  for (const port of ports)
    if (await isTaken(port))
      throw new Trouble(
        `port ${port} of this machine is taken, and with --network host the image needs it; free it first`,
      );
}

/** Where it answers HTTP; undefined when it has ended, or does not answer in time. */
async function ready(
  engine: Engine,
  { name, network, limits }: RunWish,
  ports: readonly number[],
  attached: Attached,
  signal: AbortSignal | undefined,
): Promise<Target | undefined> {
  const end = performance.now() + (ports.length === 0 ? limits.watchMs : limits.answerMs);
  const targets = new Map<number, Target>();
  let warm: { readonly target: Target; readonly until: number } | undefined;
  while (!attached.hasEnded() && performance.now() < end) {
    for (const port of ports) {
      const target = targets.get(port) ?? (await targetOf(engine, name, port, network, signal));
      if (!target) continue;
      targets.set(port, target);
      const got = await Promise.race([get(target, "/", signal), attached.ended]);
      if (typeof got !== "object") continue;
      if (got.status < 500 || (warm && performance.now() > warm.until)) return target;
      warm ??= { target, until: performance.now() + WARM_UP_MS };
    }
    await Promise.race([sleep(POLL_MS, undefined, signal && { signal }), attached.ended]);
  }
  return attached.hasEnded() ? undefined : warm?.target;
}

/** The machine's own network has others' ports as well. */
async function untried(
  engine: Engine,
  { name, network }: RunWish,
  tried: readonly number[],
  signal: AbortSignal | undefined,
): Promise<readonly number[] | undefined> {
  const state = network === "host" ? undefined : await stateOf(engine, name, signal);
  const all = state && (await listeningPorts(state));
  return all?.filter((port) => !tried.includes(port));
}

async function targetOf(
  engine: Engine,
  name: string,
  port: number,
  network: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Target | undefined> {
  if (!hasOwnPorts(network)) return { port, ownPort: port };
  const { stdout } = await ask(engine, portCommand(name, port), signal);
  const found = readPort(stdout);
  return found === undefined ? undefined : { port: found, ownPort: port };
}

async function usersOf(engine: Engine, name: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { code, stdout } = await ask(engine, ENGINES[engine.name].users(name), signal);
  return code === 0 ? readUsers(stdout).toSorted() : [];
}

async function healthOf(
  engine: Engine,
  { name, limits }: RunWish,
  attached: Attached,
  signal: AbortSignal | undefined,
): Promise<Health> {
  const began = performance.now();
  let health: Health = "starting";
  while (!attached.hasEnded() && performance.now() - began < limits.healthMs) {
    health = await checkedHealth(engine, name, signal);
    if (health === "healthy" || health === "unknown") return health;
    if (health === "unhealthy" && performance.now() - began > UNHEALTHY_MS) return health;
    await Promise.race([sleep(POLL_MS * 2, undefined, signal && { signal }), attached.ended]);
  }
  return health;
}

async function checkedHealth(engine: Engine, name: string, signal: AbortSignal | undefined): Promise<Health> {
  const { checkHealth } = ENGINES[engine.name];
  if (!checkHealth) return (await stateOf(engine, name, signal))?.health ?? "unknown";
  const { code } = await ask(engine, checkHealth(name), signal);
  return code === 0 ? "healthy" : code === 1 ? "unhealthy" : "unknown";
}
