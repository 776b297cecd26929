/** Pinning and updating all images of the workspace: the progress, the question before anything is changed, and the outcome. */
import { type Disposable, ProgressLocation, window, workspace } from "vscode";
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
const PREVIEW = "Preview Changes";
let runs = 0;

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
  const summary = await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (bar, cancelled): Promise<CommandSummary> => {
      let before = 0;
      const listening = client.onProgress(PROGRESS, token, ({ done, of, image }) => {
        bar.report({ message: `${done} of ${of}: ${image}`, increment: (100 * (done - before)) / of });
        before = done;
      });
      try {
        return await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [pins] }, cancelled);
      } catch (error) {
        if (!cancelled.isCancellationRequested) throw error;
        return { message: "Nothing was changed: it was cancelled", applied: 0, failed: [] };
      } finally {
        listening.dispose();
      }
    },
  );
  await tellSummary(summary);
}

/** Answers the server, which asks before it changes files. */
export const confirmPins = (client: BaseLanguageClient): Disposable =>
  client.onRequest<PinsConfirmed, void>(
    "dockwright/confirmPins",
    async ({ message, detail, action }: ConfirmPinsParams): Promise<PinsConfirmed> => {
      const chosen = await window.showInformationMessage(message, { modal: true, detail }, action, PREVIEW);
      if (chosen === PREVIEW) return "preview";
      return chosen === action ? "apply" : "cancel";
    },
  );
