/** Many questions, several at a time, under a progress with a count and a name that can be cancelled. */
import { ProgressType } from "vscode-languageserver/node";
import { type Answer, type Answers, keyOf, type Question } from "../../core/rule.ts";
import { CANCELLED } from "../ask-shown.ts";
import type { PinProgress } from "../messages.ts";
import type { Inspected, Session } from "../session.ts";
import { imageOf } from "./plan.ts";

/** A registry is asked as much at a time as it takes: that is seen to where it is asked. */
const AT_ONCE = 16;

export interface Asked {
  readonly question: Question;
  /** Whose settings hold. */
  readonly of: Pick<Inspected, "uri" | "config" | "answers">;
}

export interface Shown {
  readonly report: (done: number, of: number, image: string) => void;
  /** Aborts when the person does not want it any more. */
  readonly stop: AbortSignal;
  readonly end: () => void;
}

/** Each question once. Rejects only when `signal` aborts; when the progress is cancelled, what was found is kept. */
export async function askAll(
  session: Session,
  asked: readonly Asked[],
  show: () => Promise<Shown>,
  signal: AbortSignal,
): Promise<Answers> {
  const open = new Map(asked.map((each) => [keyOf(each.question), each]));
  const answers = new Map<string, Answer>();
  if (open.size === 0) return answers;
  const { report, stop, end } = await show();
  const either = AbortSignal.any([signal, stop]);
  try {
    const rest = open.entries();
    const worker = async (): Promise<void> => {
      for (const [key, { question, of }] of rest) {
        report(answers.size, open.size, imageOf(question));
        answers.set(key, await askOne(session, question, of, either, signal));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return answers;
  } finally {
    end();
  }
}

async function askOne(
  session: Session,
  question: Question,
  of: Asked["of"],
  either: AbortSignal,
  request: AbortSignal,
): Promise<Answer> {
  try {
    return await session.ask(question, of, either);
  } catch (error) {
    if (request.aborted || !either.aborted) throw error;
    return CANCELLED;
  }
}

/** The editor's own progress. */
export const workDone = (session: Session, title: string) => async (): Promise<Shown> => {
  const progress = await session.connection.window.createWorkDoneProgress();
  const stop = new AbortController();
  const listening = progress.token.onCancellationRequested(() => stop.abort());
  progress.begin(title, 0, undefined, true);
  return {
    stop: stop.signal,
    report: (done, of, image) => progress.report((100 * done) / of, `${done} of ${of}: ${image}`),
    end() {
      listening.dispose();
      progress.done();
    },
  };
};

const PROGRESS = new ProgressType<PinProgress>();

/** The client's own, which it ends itself; who cancels it cancels the request. */
export const progressOf = (session: Session, token: string) => async (): Promise<Shown> => ({
  stop: new AbortController().signal,
  report: (done, of, image) => void session.connection.sendProgress(PROGRESS, token, { done, of, image }),
  end: () => {},
});
