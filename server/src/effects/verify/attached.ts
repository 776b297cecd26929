/** A container that is started, with what it prints; and what the engine says of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { stream } from "../process.ts";
import { argsFor, ask, type Engine } from "./engine.ts";
import { readState, startCommand, type State, stateCommand } from "./engines.ts";
import { MAX_PRINTED } from "./limits.ts";

export interface Attached {
  /** Never rejects. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
  /** The beginning of standard output. */
  readonly printed: () => string;
  /** The end of standard error, and what the engine said beside. */
  readonly said: () => string;
  /** Of the program that started it. */
  readonly code: () => number | undefined;
  readonly wasCutOff: () => boolean;
  /** Stops to listen. */
  readonly leave: () => void;
}

/** Of each stream. */
const MAX_KEPT = 64 * 1024;
const LOOK_MS = 1_000;
/** What it has printed is there a moment after its end. */
const FLUSH_MS = 500;
const DAY_MS = 24 * 3_600_000;

export function attach(engine: Engine, name: string): Attached {
  let printed = "";
  let size = 0;
  let said = "";
  let code: number | undefined;
  let cutOff = false;
  let hasEnded = false;
  const leaving = new AbortController();
  const listen = async (): Promise<void> => {
    try {
      const result = await stream(engine.name, argsFor(engine, startCommand(name)), {
        onStdout(chunk) {
          size += chunk.length;
          if (printed.length < MAX_KEPT) printed += Buffer.from(chunk).toString("utf8");
          if (size <= MAX_PRINTED) return;
          cutOff = true;
          throw new Error("it prints without end");
        },
        onStderr(text) {
          said = (said + text).slice(-MAX_KEPT);
        },
        // It may be silent for as long as it likes: it is this program that ends it.
        idleMs: DAY_MS,
        signal: leaving.signal,
        env: engine.env,
      });
      ({ code } = result);
    } catch (error) {
      if (!cutOff && !leaving.signal.aborted) said += `\n${error instanceof Error ? error.message : String(error)}`;
    } finally {
      hasEnded = true;
    }
  };
  const ended = listen();
  const leave = (): void => leaving.abort(new Error("nobody listens any more"));
  // Podman 4.3 listens on for 20 s to what ends at once.
  const look = async (): Promise<void> => {
    while (!hasEnded) {
      await Promise.race([sleep(LOOK_MS, undefined, { ref: false }), ended]);
      const state = hasEnded ? undefined : await stateOf(engine, name).catch(() => undefined);
      if (!state || state.running || state.created) continue;
      await Promise.race([sleep(FLUSH_MS), ended]);
      return leave();
    }
  };
  void look();
  return {
    ended,
    hasEnded: () => hasEnded,
    printed: () => printed,
    said: () => said,
    code: () => code,
    wasCutOff: () => cutOff,
    leave,
  };
}

/** Undefined when there is no such container. @throws Trouble, or the signal's reason */
export async function stateOf(engine: Engine, name: string, signal?: AbortSignal): Promise<State | undefined> {
  const { code, stdout } = await ask(engine, stateCommand(name), signal);
  return code === 0 ? readState(stdout) : undefined;
}
