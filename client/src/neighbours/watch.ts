/** Tells the server what other extensions do, at its start and whenever that changes. */
import { Disposable, extensions, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { NeighboursParams } from "../../../server/src/lsp/messages.ts";
import { claimedByOthers } from "./table.ts";

/** What others do right now. */
export const claimedNow = (): NeighboursParams["claimed"] =>
  claimedByOthers({
    isInstalled: (extension) => extensions.getExtension(extension) !== undefined,
    setting: (name) => workspace.getConfiguration().get(name),
  });

export function watchNeighbours(client: BaseLanguageClient): Disposable {
  let last = claimedNow().join();
  const tell = (): void => {
    const claimed = claimedNow();
    if (claimed.join() === last || !client.isRunning()) return;
    last = claimed.join();
    void client.sendNotification("dockwright/neighbours", { claimed } satisfies NeighboursParams);
  };
  return Disposable.from(extensions.onDidChange(tell), workspace.onDidChangeConfiguration(tell));
}
