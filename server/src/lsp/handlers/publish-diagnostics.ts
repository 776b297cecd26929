/** `textDocument/publishDiagnostics`: the findings for clients that do not ask for them. */
import type { PublishDiagnosticsParams } from "vscode-languageserver/node";
import { toDiagnostics } from "../convert.ts";
import { guardTask } from "../guard.ts";
import { budgetDiagnostics } from "../images/budget.ts";
import type { Session } from "../session.ts";

export interface Publisher {
  /** Publishes what is found once the person pauses. */
  readonly publish: (uri: string) => void;
  readonly clear: (uri: string) => void;
  readonly dispose: () => void;
}

const PAUSE_MS = 120;

export function createPublisher(session: Session): Publisher {
  const timers = new Map<string, NodeJS.Timeout>();

  const send = async (uri: string): Promise<void> => {
    const checked = await session.check(uri);
    if (!checked) {
      // Closed meanwhile; or open and not to be checked any more.
      if (session.uris().includes(uri)) await session.connection.sendDiagnostics({ uri, diagnostics: [] });
      return;
    }
    const message: PublishDiagnosticsParams = {
      uri,
      diagnostics: [...toDiagnostics(checked, session.abilities), ...budgetDiagnostics(session, checked)],
      ...(session.abilities.publishVersion && { version: checked.version }),
    };
    await session.connection.sendDiagnostics(message);
  };

  const cancel = (uri: string): void => {
    clearTimeout(timers.get(uri));
    timers.delete(uri);
  };

  return {
    publish(uri) {
      cancel(uri);
      const timer = setTimeout(() => {
        timers.delete(uri);
        void guardTask(session.connection.console, `publishing the findings of ${uri}`, () => send(uri));
      }, PAUSE_MS);
      timers.set(uri, timer);
    },
    clear(uri) {
      cancel(uri);
      void session.connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    dispose() {
      for (const uri of timers.keys()) cancel(uri);
    },
  };
}
