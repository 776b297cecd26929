/** Asks the server for a conversion; what takes longer shows that it does, with a way to cancel. */
import { CancellationTokenSource, ProgressLocation, type TextDocument, window } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { MultiStageAnswer, MultiStageParams } from "../../../../server/src/lsp/messages.ts";

const SOON_MS = 1_000;

/** Undefined when the person cancelled. */
export async function askForStages(
  client: BaseLanguageClient,
  { uri }: TextDocument,
  choices: ReadonlyMap<string, string>,
): Promise<MultiStageAnswer | undefined> {
  const cancelling = new CancellationTokenSource();
  const params: MultiStageParams = {
    uri: client.code2ProtocolConverter.asUri(uri),
    choices: Object.fromEntries(choices),
  };
  const answer = client
    .sendRequest<MultiStageAnswer>("dockwright/multiStage", params, cancelling.token)
    .catch((error: unknown) => {
      if (cancelling.token.isCancellationRequested) return undefined;
      throw error;
    });
  const late = setTimeout(() => {
    const options = { location: ProgressLocation.Notification, title: "Converting to multi-stage", cancellable: true };
    void window.withProgress(options, async (_, token) => {
      token.onCancellationRequested(() => cancelling.cancel());
      // Who asked is told.
      await answer.catch(() => {});
    });
  }, SOON_MS);
  try {
    return await answer;
  } finally {
    clearTimeout(late);
    cancelling.dispose();
  }
}
