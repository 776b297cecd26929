/**
 * ShellCheck's part of the findings: asked for in the background once the person pauses, shown when it is there. Nothing waits
 * for it, and a change of the text calls it off.
 */
import { guardTask } from "../guard.ts";
import type { Session } from "../session.ts";

export interface ShellChecker {
  /** The text was opened or changed. */
  readonly later: (uri: string) => void;
  readonly dispose: () => void;
}

const PAUSE_MS = 200;

export function createShellChecker(session: Session): ShellChecker {
  const timers = new Map<string, NodeJS.Timeout>();

  const check = async (uri: string): Promise<void> => {
    const checked = await session.check(uri);
    if (!checked?.inspection) return;
    const unchanged = session.whileUnchanged(uri);
    const scripts = checked.inspection.questions.filter(({ ask }) => ask === "shellcheck");
    try {
      await Promise.all(scripts.map((question) => session.ask(question, checked, unchanged)));
    } catch (error) {
      if (!unchanged.aborted) throw error;
    }
  };

  return {
    later(uri) {
      clearTimeout(timers.get(uri));
      const run = (): void => {
        timers.delete(uri);
        void guardTask(session.connection.console, `running ShellCheck on ${uri}`, () => check(uri));
      };
      timers.set(uri, setTimeout(run, PAUSE_MS));
    },
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
