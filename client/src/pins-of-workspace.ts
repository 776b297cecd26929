/** Pinning and updating all images of the workspace: the progress, the question before anything is changed, and the outcome. */
import { type CancellationToken, type Disposable, ProgressLocation, window, workspace } from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest, ProgressType } from "vscode-languageclient";
import type {
  CommandSummary,
  ConfirmPinsParams,
  PinProgress,
  PinsConfirmed,
  WorkspacePins,
} from "../../server/src/lsp/messages.ts";
import { type Parts, tellSummary } from "./commands/command.ts";

const PROGRESS = new ProgressType<PinProgress>();
const PREVIEW = "Choose Changes…";
let runs = 0;
let personDecides = (): void => {};

export async function pinsOfWorkspace({ client }: Parts, command: string, title: string): Promise<void> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  if (folders.length === 0) {
    void window.showInformationMessage("Open a folder first, then run this command again");
    return;
  }
  const token = `${command}-${++runs}`;
  const pins: WorkspacePins = {
    folders: folders.map(({ uri }) => client.code2ProtocolConverter.asUri(uri)),
    progress: token,
  };
  const decides = Promise.withResolvers<void>();
  personDecides = decides.resolve;
  let run: Promise<CommandSummary> | undefined;
  await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (bar, cancelled) => {
      let before = 0;
      const listening = client.onProgress(PROGRESS, token, ({ done, of, image }) => {
        bar.report({ message: `${done} of ${of}: ${image}`, increment: (100 * (done - before)) / of });
        before = done;
      });
      run = summaryOf(
        client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [pins] }, cancelled),
        cancelled,
      );
      // Nothing is under way while a person decides.
      await Promise.race([run, decides.promise]).finally(() => listening.dispose());
    },
  );
  await tellSummary(await run);
}

async function summaryOf(request: Promise<CommandSummary>, cancelled: CancellationToken): Promise<CommandSummary> {
  try {
    return await request;
  } catch (error) {
    if (!cancelled.isCancellationRequested) throw error;
    return { message: "Nothing was changed: it was cancelled", applied: 0, failed: [] };
  }
}

/** Answers the server, which asks before it changes files. */
export const confirmPins = (client: BaseLanguageClient): Disposable =>
  client.onRequest<PinsConfirmed, void>(
    "dockwright/confirmPins",
    async ({ message, detail, action }: ConfirmPinsParams): Promise<PinsConfirmed> => {
      personDecides();
      const chosen = await window.showInformationMessage(message, { modal: true, detail }, action, PREVIEW);
      if (chosen === PREVIEW) return "preview";
      return chosen === action ? "apply" : "cancel";
    },
  );
