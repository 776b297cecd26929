/** What is worked out with answers of files: asks for what is missing, and again with what came, for as long as a person waits. */
import { type Answer, type Answers, keyOf, type Question } from "../core/rule.ts";
import type { Opened, Session } from "./session.ts";

/** Far more than files name each other in a row. */
const MAX_ROUNDS = 30;
const PATIENCE_MS = 300;

type FileQuestion = Extract<Question, { readonly ask: "path-kind" | "text" | "entries" }>;

/** What is known now, and nothing else. */
export const lookIn =
  (answers: Answers): ((question: Question) => Answer | undefined) =>
  (question) =>
    answers.get(keyOf(question));

export interface Worked<T> {
  readonly result: T;
  /** False: answers are missing that may come later. */
  readonly complete: boolean;
}

interface Manner {
  /** Milliseconds. */
  readonly patience?: number;
  /** `session.look` where no finding rests on the answers. */
  readonly ask?: Session["ask"];
}

/** Every file is looked at anew, or was moments ago. */
export async function withAnswers<T, Asks extends Question = FileQuestion>(
  session: Session,
  opened: Pick<Opened, "uri" | "config" | "answers">,
  signal: AbortSignal,
  work: (look: (question: Asks) => Answer | undefined) => T,
  { patience: ms = PATIENCE_MS, ask = session.ask }: Manner = {},
): Promise<Worked<T>> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const answers = new Map<string, Answer>();
  for (let round = 1; ; round++) {
    const missing = new Map<string, Asks>();
    const result = work((question) => {
      const key = keyOf(question);
      const answer = answers.get(key);
      if (answer === undefined) missing.set(key, question);
      return answer ?? opened.answers.get(key);
    });
    if (missing.size === 0) return { result, complete: true };
    if (round > MAX_ROUNDS || patience.aborted) return { result, complete: false };
    const asked = [...missing].map(async ([key, question]) => {
      answers.set(key, await ask(question, opened, patience));
    });
    // Who runs out of patience goes on with what came in time.
    await Promise.allSettled(asked);
  }
}
