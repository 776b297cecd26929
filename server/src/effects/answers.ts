/** Questions in, answers out: one request however many ask at once, kept for a while, given up when nobody waits. */
import { type Answer, type Answers, keyOf, type Question } from "../core/rule.ts";

export interface Where {
  /** The Dockerfile's; undefined when the text is not on disk. */
  readonly folder: string | undefined;
  readonly signal: AbortSignal;
}

/** Who answers each kind of question. A kind that nobody answers stays unknown. */
export type Finders = {
  readonly [Kind in Question["ask"]]?: (
    question: Extract<Question, { readonly ask: Kind }>,
    where: Where,
  ) => Promise<Answer>;
};

/** The folder of a document, absolute, and of the build context where that is another; undefined when the text is not on disk. */
export type DocumentPlace = string | { readonly folder: string; readonly context: string } | undefined;

export interface AnswerCache {
  /** Rejects only when the signal aborts. */
  ask(question: Question, place: DocumentPlace, signal: AbortSignal): Promise<Answer>;
  /** What is known about documents at this place without asking anybody. */
  known(place: DocumentPlace): Answers;
}

/** Where a question about files looks. */
export const folderFor = ({ ask }: Pick<Question, "ask">, place: DocumentPlace): string | undefined =>
  typeof place === "object" ? (ABOUT_THE_CONTEXT.has(ask) ? place.context : place.folder) : place;

/** How long an answer is not asked for again, and how long it is shown; milliseconds. */
interface Lifetime {
  readonly asked: number;
  readonly shown: number;
}

const MINUTE = 60_000;
const REMOTE: Lifetime = { asked: 10 * MINUTE, shown: 10 * MINUTE };
/** Looking again is cheap and files come and go; what was last seen is shown until somebody looks again. */
const FILES: Lifetime = { asked: 2_000, shown: Number.POSITIVE_INFINITY };
const LIFETIMES: Readonly<Record<Question["ask"], Lifetime>> = {
  digest: REMOTE,
  "version-tag": REMOTE,
  environment: REMOTE,
  platforms: REMOTE,
  distribution: REMOTE,
  "newer-tag": REMOTE,
  "newer-tags": REMOTE,
  "digest-today": REMOTE,
  "platform-digests": REMOTE,
  created: REMOTE,
  existence: REMOTE,
  tags: REMOTE,
  overview: REMOTE,
  evidence: REMOTE,
  "compressed-size": REMOTE,
  recalled: FILES,
  "told-by": FILES,
  "recalled-tags": FILES,
  vulnerabilities: REMOTE,
  checksum: REMOTE,
  "package-version": REMOTE,
  exists: FILES,
  read: FILES,
  list: FILES,
  "path-kind": FILES,
  text: FILES,
  entries: FILES,
  builds: FILES,
  // The same script gets the same answer for ever.
  shellcheck: { asked: Number.POSITIVE_INFINITY, shown: Number.POSITIVE_INFINITY },
};

/** About files: answered without a network, in each folder otherwise. */
export type FileQuestion = Extract<
  Question,
  { readonly ask: "exists" | "read" | "list" | "path-kind" | "text" | "entries" | "builds" }
>;
const ABOUT_FILES: ReadonlySet<Question["ask"]> = new Set([
  "exists",
  "read",
  "list",
  "path-kind",
  "text",
  "entries",
  "builds",
]);
/** About the build context, which is another folder than the Dockerfile's where compose says so. */
const ABOUT_THE_CONTEXT: ReadonlySet<Question["ask"]> = new Set(["exists", "read", "list"]);

/** What is asked of registries and scanners without anybody having chosen a fix: only where looking images up is switched on. */
export const ABOUT_IMAGES: ReadonlySet<Question["ask"]> = new Set([
  "environment",
  "platforms",
  "newer-tag",
  "digest-today",
  "platform-digests",
  "created",
  "existence",
  "vulnerabilities",
]);
export const asksAboutImages = ({ ask }: Question): boolean => ABOUT_IMAGES.has(ask);

export const asksFiles = (question: Question): question is FileQuestion => ABOUT_FILES.has(question.ask);
/** A failure may pass soon, yet a menu opened twice need not wait twice. */
const FAILURE: Lifetime = { asked: 15_000, shown: 15_000 };
const MAX_KEPT = 2_000;

interface Kept {
  readonly key: string;
  readonly question: Pick<Question, "ask">;
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

export function createAnswers(finders: Finders, now: () => number = Date.now): AnswerCache {
  const kept = new Map<string, Kept>();
  const flights = new Map<string, Flight>();

  const find = async (question: Question, folder: string | undefined, signal: AbortSignal): Promise<Answer> => {
    if (folder === undefined && asksFiles(question)) return { unknown: "the file is not in a folder on disk" };
    // Each finder takes the questions of its own kind, and the kind picked it.
    const finder = finders[question.ask] as ((question: Question, where: Where) => Promise<Answer>) | undefined;
    return finder?.(question, { folder, signal }) ?? { unknown: "nothing here can find that out" };
  };

  const keep = (slot: string, entry: Kept): void => {
    kept.delete(slot); // so that the oldest stays first
    kept.set(slot, entry);
    if (kept.size <= MAX_KEPT) return;
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  };

  /** @param flown under which others find it while it is under way */
  const takeOff = (slot: string, flown: string, question: Question, folder: string | undefined): Flight => {
    const controller = new AbortController();
    const answer = find(question, folder, controller.signal)
      .catch((error: unknown): Answer => ({ unknown: error instanceof Error ? error.message : String(error) }))
      .then((found) => {
        if (controller.signal.aborted) return found;
        flights.delete(flown);
        const lifetime = typeof found === "string" ? LIFETIMES[question.ask] : FAILURE;
        keep(slot, {
          key: keyOf(question),
          question: { ask: question.ask },
          folder: asksFiles(question) ? folder : undefined,
          answer: found,
          at: now(),
          lifetime,
        });
        return found;
      });
    const flight = { answer, controller, waiting: 0 };
    flights.set(flown, flight);
    return flight;
  };

  return {
    async ask(question, place, signal) {
      signal.throwIfAborted();
      const folder = folderFor(question, place);
      const slot = asksFiles(question) ? `${folder ?? ""}\0${keyOf(question)}` : keyOf(question);
      const isAnew = "anew" in question && question.anew === true;
      const entry = isAnew ? undefined : kept.get(slot);
      if (entry && now() - entry.at < entry.lifetime.asked) return entry.answer;
      const flown = isAnew ? `${slot}\0anew` : slot;
      const flight = flights.get(flown) ?? takeOff(slot, flown, question, folder);
      flight.waiting++;
      const left = Promise.withResolvers<never>();
      const leave = (): void => {
        flight.waiting--;
        if (flight.waiting === 0) {
          flight.controller.abort(signal.reason);
          if (flights.get(flown) === flight) flights.delete(flown);
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
    known(place) {
      const answers = new Map<string, Answer>();
      for (const { key, folder, question, answer, at, lifetime } of kept.values())
        if ((folder === undefined || folder === folderFor(question, place)) && now() - at < lifetime.shown)
          answers.set(key, answer);
      return answers;
    },
  };
}
