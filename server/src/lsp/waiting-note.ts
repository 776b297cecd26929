/** Tells which images registries are being asked about, when that takes longer than a moment; and when nobody waits any more. */
import type { Question } from "../core/rule.ts";

const MOMENT_MS = 300;

export type WaitingNote = <T>(question: Question, answer: Promise<T>) => Promise<T>;

export function createWaitingNote(tell: (images: readonly string[]) => void): WaitingNote {
  const slow = new Map<symbol, string>();
  const now = (): void => tell([...new Set(slow.values())]);
  return async (question, answer) => {
    if (!("image" in question)) return answer;
    const key = Symbol(question.image);
    const timer = setTimeout(() => {
      slow.set(key, question.image);
      now();
    }, MOMENT_MS);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      if (slow.delete(key)) now();
    }
  };
}
