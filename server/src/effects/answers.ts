/** Questions in, answers out: one request however many ask at once, kept for a while, given up when nobody waits. */
import { realpath } from "node:fs/promises";
import { join, normalize, relative, sep } from "node:path";
import { type Answer, type Answers, keyOf, type Question } from "../core/rule.ts";

interface RegistryAnswers {
  digest(image: string, options: { readonly signal: AbortSignal }): Promise<Answer>;
  versionTag(image: string, options: { readonly signal: AbortSignal }): Promise<Answer>;
}

interface AnswerSources {
  readonly registry: RegistryAnswers;
  /** `yes` or `no`: whether the folder has the path. */
  readonly files: (folder: string, path: string) => Promise<Answer>;
  readonly now?: () => number;
}

export interface AnswerCache {
  /** The folder is the Dockerfile's; undefined when the text is not on disk. Rejects only when the signal aborts. */
  ask(question: Question, folder: string | undefined, signal: AbortSignal): Promise<Answer>;
  /** What is known about Dockerfiles in this folder without asking anybody. */
  known(folder: string | undefined): Answers;
}

/** How long an answer is not asked for again, and how long it is shown; milliseconds. */
interface Lifetime {
  readonly asked: number;
  readonly shown: number;
}

const MINUTE = 60_000;
const LIFETIMES: Readonly<Record<Question["ask"], Lifetime>> = {
  digest: { asked: 10 * MINUTE, shown: 10 * MINUTE },
  "version-tag": { asked: 10 * MINUTE, shown: 10 * MINUTE },
  // Looking again is cheap and files come and go; what was last seen is shown until somebody looks again.
  exists: { asked: 2_000, shown: Number.POSITIVE_INFINITY },
};
/** A failure may pass soon, yet a menu opened twice need not wait twice. */
const FAILURE: Lifetime = { asked: 15_000, shown: 15_000 };
const MAX_KEPT = 2_000;

interface Kept {
  readonly key: string;
  readonly folder: string | undefined;
  readonly answer: Answer;
  readonly at: number;
  readonly lifetime: Lifetime;
}

interface Flight {
  readonly answer: Promise<Answer>;
  readonly controller: AbortController;
  waiting: number;
}

export function createAnswers({ registry, files, now = Date.now }: AnswerSources): AnswerCache {
  const kept = new Map<string, Kept>();
  const flights = new Map<string, Flight>();

  const find = async (question: Question, folder: string | undefined, signal: AbortSignal): Promise<Answer> => {
    if (question.ask === "digest") return registry.digest(question.image, { signal });
    if (question.ask === "version-tag") return registry.versionTag(question.image, { signal });
    if (folder === undefined) return { unknown: "the Dockerfile is not in a folder on disk" };
    return files(folder, question.path);
  };

  const keep = (slot: string, entry: Kept): void => {
    kept.delete(slot); // so that the oldest stays first
    kept.set(slot, entry);
    if (kept.size <= MAX_KEPT) return;
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  };

  const takeOff = (slot: string, question: Question, folder: string | undefined): Flight => {
    const controller = new AbortController();
    const answer = find(question, folder, controller.signal)
      .catch((error: unknown): Answer => ({ unknown: error instanceof Error ? error.message : String(error) }))
      .then((found) => {
        if (controller.signal.aborted) return found;
        flights.delete(slot);
        const lifetime = typeof found === "string" ? LIFETIMES[question.ask] : FAILURE;
        const asksFiles = question.ask === "exists";
        keep(slot, {
          key: keyOf(question),
          folder: asksFiles ? folder : undefined,
          answer: found,
          at: now(),
          lifetime,
        });
        return found;
      });
    const flight = { answer, controller, waiting: 0 };
    flights.set(slot, flight);
    return flight;
  };

  return {
    async ask(question, folder, signal) {
      signal.throwIfAborted();
      const slot = question.ask === "exists" ? `${folder ?? ""}\0${keyOf(question)}` : keyOf(question);
      const entry = kept.get(slot);
      if (entry && now() - entry.at < entry.lifetime.asked) return entry.answer;
      const flight = flights.get(slot) ?? takeOff(slot, question, folder);
      flight.waiting++;
      const left = Promise.withResolvers<never>();
      const leave = (): void => {
        flight.waiting--;
        if (flight.waiting === 0) {
          flight.controller.abort(signal.reason);
          if (flights.get(slot) === flight) flights.delete(slot);
        }
        left.reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      try {
        return await Promise.race([flight.answer, left.promise]);
      } finally {
        signal.removeEventListener("abort", leave);
      }
    },
    known(folder) {
      const answers = new Map<string, Answer>();
      for (const { key, folder: place, answer, at, lifetime } of kept.values())
        if ((place === undefined || place === folder) && now() - at < lifetime.shown) answers.set(key, answer);
      return answers;
    },
  };
}

/** Looks for a path of the build context in a folder. A path that leads out of it, by `..` or by a link, is not looked at. */
export async function existsInFolder(folder: string, path: string): Promise<Answer> {
  try {
    const root = await realpath(folder);
    const target = await realpath(join(root, normalize(`/${path}`)));
    const way = relative(root, target);
    if (way === ".." || way.startsWith(`..${sep}`)) return { unknown: `${path} leads out of the Dockerfile's folder` };
    return "yes";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return "no";
    return { unknown: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
