/** Questions a person waits for: from a moment on a progress says what is asked, and can be cancelled. */
import { parseImageRef } from "../core/model/image-ref.ts";
import type { Answer, Question } from "../core/rule.ts";
import type { Inspected, Session } from "./session.ts";

/** Who has the answer by then has not waited. */
const MOMENT_MS = 300;

/** What became of a question that a person does not want answered any more. */
export const CANCELLED: Answer = { unknown: "it was cancelled" };

/**
 * Rejects only when `signal` aborts; a progress that is cancelled is an answer.
 *
 * @param ask `session.look` where no finding rests on the answer
 */
export async function askShown(
  session: Session,
  question: Question,
  checked: Pick<Inspected, "uri" | "config" | "answers">,
  signal: AbortSignal,
  ask: Session["ask"] = session.ask,
): Promise<Answer> {
  const title = titleOf(question);
  if (title === undefined) return ask(question, checked, signal);
  const stop = new AbortController();
  const shown = shownLater(session, title, () => stop.abort());
  try {
    return await ask(question, checked, AbortSignal.any([signal, stop.signal]));
  } catch (error) {
    if (signal.aborted || !stop.signal.aborted) throw error;
    return CANCELLED;
  } finally {
    shown.end();
  }
}

/** What is asked of nobody far away shows nothing. */
function titleOf(question: Question): string | undefined {
  // An address may hold a password.
  if ("url" in question)
    return URL.canParse(question.url) ? `Downloading from ${new URL(question.url).host}` : undefined;
  if (!("image" in question)) return undefined;
  const parsed = parseImageRef(question.image);
  return parsed.ok ? `Asking ${parsed.ref.domain} about ${question.image}` : undefined;
}

function shownLater(session: Session, title: string, cancel: () => void): { readonly end: () => void } {
  let end = (): void => {};
  let isOver = false;
  const show = async (): Promise<void> => {
    const progress = await session.connection.window.createWorkDoneProgress();
    const listening = progress.token.onCancellationRequested(cancel);
    end = () => {
      listening.dispose();
      progress.done();
    };
    if (isOver) end();
    else progress.begin(title, undefined, undefined, true);
  };
  // Who shows no progress is waited for without.
  const timer = setTimeout(() => void show().catch(() => {}), MOMENT_MS);
  return {
    end() {
      isOver = true;
      clearTimeout(timer);
      end();
    },
  };
}
