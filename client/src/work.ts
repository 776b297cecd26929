/** What commands that start programs share: progress with a way to cancel, and the image that is meant. */
import { CancellationError, ProgressLocation, type QuickPickItem, window } from "vscode";
import type { Parts } from "./commands/command.ts";
import { engineHere, whereHere } from "./engine.ts";
import { listImages, readImages } from "./images.ts";
import { type Invocation, type Outcome, runProgram } from "./process.ts";
import { redact } from "./redact.ts";

const MINUTES = 60_000;
const LONG_MS = 15 * MINUTES;
const SHORT_MS = 20_000;

export interface Work {
  /** Runs to the end; what it prints on stderr goes to the log as well. */
  readonly run: (invocation: Invocation, onStderr?: (text: string) => void) => Promise<Outcome>;
  readonly say: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Undefined when the person cancelled; the programs have ended then. */
export async function withProgress<T>(
  { log }: Pick<Parts, "log">,
  title: string,
  work: (work: Work) => Promise<T>,
): Promise<T | undefined> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (bar, token) => {
      const controller = new AbortController();
      const listening = token.onCancellationRequested(() => controller.abort(new CancellationError()));
      try {
        return await work({
          signal: controller.signal,
          say: (message) => bar.report({ message }),
          run: async (invocation, onStderr) => {
            log.info(redact(`Runs ${[invocation.command, ...invocation.args].join(" ")}`));
            const outcome = await runProgram(invocation, {
              ...{ signal: controller.signal, timeoutMs: LONG_MS },
              ...(onStderr && { onStderr }),
            });
            if (outcome.stderr.trim() !== "") log.info(redact(outcome.stderr.trim()));
            return outcome;
          },
        });
      } catch (error) {
        if (controller.signal.aborted) return undefined;
        throw error;
      } finally {
        listening.dispose();
      }
    },
  );
}

/** A question that is answered at once. */
export const ask = (invocation: Invocation): Promise<Outcome> =>
  runProgram(invocation, { signal: new AbortController().signal, timeoutMs: SHORT_MS });

/**
 * The images that are here, and whatever is typed. Undefined when nothing was chosen.
 * @param given the image, or the row of a view that is about one
 */
export async function chooseImage(title: string, given?: unknown): Promise<string | undefined> {
  const named = typeof given === "object" && given !== null && "image" in given ? given.image : given;
  if (typeof named === "string" && named !== "") return named;
  const pick = window.createQuickPick<QuickPickItem>();
  pick.title = title;
  pick.placeholder = "An image that is here, or the reference of one in a registry";
  pick.ignoreFocusOut = true;
  pick.busy = true;
  let here: readonly string[] = [];
  const offer = (): void => {
    const typed = pick.value.trim();
    const listed = here.map((label) => ({ label }));
    pick.items =
      typed === "" || here.includes(typed)
        ? listed
        : [{ label: typed, description: "as typed", alwaysShow: true }, ...listed];
  };
  const chosen = Promise.withResolvers<string | undefined>();
  pick.onDidChangeValue(offer);
  pick.onDidAccept(() => {
    const label = pick.selectedItems[0]?.label ?? pick.value.trim();
    if (label !== "") chosen.resolve(label);
  });
  pick.onDidHide(() => chosen.resolve(undefined));
  pick.show();
  void imagesHere()
    .then((images) => {
      here = images;
      offer();
    })
    // The person types the name then.
    .catch(() => {})
    .finally(() => {
      pick.busy = false;
    });
  try {
    return await chosen.promise;
  } finally {
    pick.dispose();
  }
}

async function imagesHere(): Promise<readonly string[]> {
  const found = await engineHere();
  if (!found.engine) return [];
  const { stdout, code } = await ask(listImages(found.engine.name, whereHere()));
  return code === 0 ? readImages(stdout) : [];
}
