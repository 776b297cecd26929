/** Tells the server what is known of signatures, for the hover over an image. */
import type { Disposable } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import type { SignatureNote, SignaturesParams } from "../../../../server/src/lsp/messages.ts";
import { oneLineOf, type SignatureEntry } from "./rows.ts";

export function tellSignatures(client: BaseLanguageClient, entries: readonly SignatureEntry[]): void {
  // The oldest first: of two about one image the newest is shown.
  const notes: readonly SignatureNote[] = entries.toReversed().map((entry) => ({
    image: entry.image,
    line: oneLineOf(entry),
    ...(entry.digest !== undefined && { digest: entry.digest }),
  }));
  if (client.isRunning()) void client.sendNotification("dockwright/signatures", { notes } satisfies SignaturesParams);
}

/** A server that was started anew knows nothing. */
export const tellNewServers = (client: BaseLanguageClient, entries: () => readonly SignatureEntry[]): Disposable =>
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running && entries().length > 0) tellSignatures(client, entries());
  });
