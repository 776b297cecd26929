/** Rules ask, the outside world answers, the rules run again: until no question is left that may be asked. */
import { type Answer, type Answers, type Finding, keyOf, type Question, type RuleContext } from "../core/rule.ts";
import { type AnswerCache, asksAboutImages, asksFiles, type DocumentPlace } from "../effects/answers.ts";
import { filesAtOnce } from "../effects/finders.ts";
import type { Io } from "./io.ts";
import type { AnswerWishes, Parts } from "./parts.ts";

export interface Asking {
  readonly answers: () => Promise<AnswerCache>;
  readonly may: (question: Question) => boolean;
  readonly signal: Io["signal"];
}

/** By what runs ShellCheck, the cache made when the first question comes up, and kept. */
export function perShellcheck(
  answers: Parts["answers"],
  wishes: AnswerWishes = { registries: false },
): (shellcheck: string) => Asking["answers"] {
  const made = new Map<string, Promise<AnswerCache>>();
  return (shellcheck) => () => {
    const cache = made.get(shellcheck) ?? answers({ ...wishes, shellcheck });
    made.set(shellcheck, cache);
    return cache;
  };
}

/** Looking at files and running ShellCheck is no question to a registry. */
export const isLocal = (question: Question): boolean => asksFiles(question) || question.ask === "shellcheck";

export interface Asked<T> {
  readonly result: T;
  readonly answers: Answers;
}

/** An answer may lead to another question (a tag, then its digest), but not for ever. */
const MAX_ROUNDS = 5;
const DEADLINE_MS = 60_000;
/** Downloads have limits of their own. */
const LONGER_MS: Readonly<Partial<Record<Question["ask"], number>>> = {
  checksum: 31 * 60_000,
  "package-version": 6 * 60_000,
};

/** Runs `work` with more and more answers. Rejects only when the signal aborts. */
export async function withAnswers<T>(
  place: DocumentPlace,
  { answers, may, signal }: Asking,
  work: (answers: Answers, before: T | undefined) => T,
  questionsOf: (result: T) => readonly Question[],
): Promise<Asked<T>> {
  const known = new Map<string, Answer>();
  let result: T | undefined;
  for (let round = 0; ; round++) {
    result = work(known, result);
    const open = new Map(
      questionsOf(result)
        .filter(may)
        .map((question) => [keyOf(question), question]),
    );
    for (const key of known.keys()) open.delete(key);
    if (open.size === 0 || round === MAX_ROUNDS) return { result, answers: known };
    const cache = await answers();
    const found = await Promise.all(
      [...open].map(async ([key, question]) => [key, await ask(cache, question, place, signal)] as const),
    );
    for (const [key, answer] of found) known.set(key, answer);
  }
}

/** Runs `work`, which looks up what it needs: files are looked at at once, what else may be asked is, and it runs again. */
export async function withLookup<T>(
  place: DocumentPlace,
  asking: Asking,
  work: (lookup: RuleContext["lookup"]) => T,
): Promise<Asked<T>> {
  const lookAt = filesAtOnce();
  const { result, answers } = await withAnswers(
    place,
    asking,
    (found) => {
      const missing: Question[] = [];
      const made = work((question) => {
        const answer = found.get(keyOf(question)) ?? lookAt(question, place);
        if (answer === undefined) missing.push(question);
        return answer;
      });
      return { made, missing };
    },
    ({ missing }) => missing,
  );
  return { result: result.made, answers };
}

async function ask(cache: AnswerCache, question: Question, place: DocumentPlace, signal: AbortSignal): Promise<Answer> {
  const ms = LONGER_MS[question.ask] ?? DEADLINE_MS;
  const deadline = AbortSignal.timeout(ms);
  try {
    return await cache.ask(question, place, AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (signal.aborted || !deadline.aborted) throw error;
    return { unknown: `there was no answer within ${ms / 1000} seconds; check the network and run again` };
  }
}

/**
 * What rules asked about files, scripts and images, and what findings offer to ask registries. A rule looks up the images of suppressed
 * findings too; nobody wants those asked.
 */
export const questionsIn = (found: {
  readonly questions: readonly Question[];
  readonly findings: readonly Finding[];
}): readonly Question[] => [
  ...found.questions.filter((question) => isLocal(question) || asksAboutImages(question)),
  ...found.findings.flatMap(({ offers }) => offers.map(({ question }) => question)),
];

const REGISTRY_KEYS = (["digest", "version-tag", "existence"] as const).map((ask) => keyOf({ ask, image: "" }));

/** The image a registry's answer is about; undefined for answers of other kinds. */
export function imageOf(key: string): string | undefined {
  const prefix = REGISTRY_KEYS.find((start) => key.startsWith(start));
  return prefix === undefined ? undefined : key.slice(prefix.length);
}

/** The images a registry could not be asked about, and why; each once. */
export function unansweredImages(answers: Answers): readonly { readonly image: string; readonly reason: string }[] {
  const reasons = new Map<string, string>();
  for (const [key, answer] of answers) {
    const image = imageOf(key);
    if (image !== undefined && typeof answer !== "string") reasons.set(image, answer.unknown);
  }
  return [...reasons].map(([image, reason]) => ({ image, reason }));
}
