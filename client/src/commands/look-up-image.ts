/** Asks the registry about the image at a place or at the cursor, and shows the hover or the completions again, which then know more. */
import { CancellationTokenSource, commands, Selection, Uri, window, workspace } from "vscode";
import { Position } from "vscode-languageclient";
import type { LookedUpImage, LookUpImageParams } from "../../../server/src/lsp/messages.ts";
import { withProgress } from "../work.ts";
import type { Parts } from "./command.ts";

/** @param address the file's; @param tagsOf the image whose tags are asked for instead */
export async function lookUpImage(parts: Parts, address?: unknown, at?: unknown, tagsOf?: unknown): Promise<void> {
  const { client } = parts;
  const params = placeOf(parts, address, at);
  if (!params) {
    void window.showInformationMessage("Put the cursor on an image in a Dockerfile or a compose file first");
    return;
  }
  const ofTags = typeof tagsOf === "string" ? tagsOf : undefined;
  const title =
    ofTags === undefined ? "Asking the registry about the image" : `Asking the registry for the tags of ${ofTags}`;
  const answer = await withProgress(parts, title, async ({ signal }) => {
    const stop = new CancellationTokenSource();
    signal.addEventListener("abort", () => stop.cancel(), { once: true });
    try {
      return await client.sendRequest<LookedUpImage>(
        "dockwright/lookUpImage",
        { ...params, ...(ofTags !== undefined && { tagsOf: ofTags }) } satisfies LookUpImageParams,
        stop.token,
      );
    } catch (error) {
      if (stop.token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      stop.dispose();
    }
  });
  if (!answer) return;
  if (answer.failure !== undefined) void window.showWarningMessage(`Not everything was found out: ${answer.failure}`);
  await show(parts, params.uri, answer);
}

function placeOf({ client }: Parts, address: unknown, at: unknown): LookUpImageParams | undefined {
  if (typeof address === "string" && Position.is(at)) return { uri: address, position: at };
  const editor = window.activeTextEditor;
  if (!editor) return undefined;
  return {
    uri: client.code2ProtocolConverter.asUri(editor.document.uri),
    position: client.code2ProtocolConverter.asPosition(editor.selection.active),
  };
}

/** A hover is shown where the cursor is. */
async function show({ client }: Parts, address: string, { start, failure }: LookedUpImage): Promise<void> {
  if (!start) {
    if (failure === undefined) await commands.executeCommand("editor.action.triggerSuggest");
    return;
  }
  const editor = await window.showTextDocument(await workspace.openTextDocument(Uri.parse(address)));
  const place = client.protocol2CodeConverter.asPosition(start);
  editor.selection = new Selection(place, place);
  await commands.executeCommand("editor.action.showHover");
}
