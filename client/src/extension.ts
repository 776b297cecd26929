/** Dockwright in VS Code: a language server, what it says on the status bar, and the commands. */
import { commands, type ExtensionContext, window, workspace } from "vscode";
import type { Parts } from "./commands/command.ts";
import { commandTable } from "./commands/index.ts";
import { createLanguageClient } from "./language-client.ts";
import { watchEngine } from "./engine.ts";
import { watchNeighbours } from "./neighbours/watch.ts";
import { setTrusted } from "./process.ts";
import { providePreviews } from "./preview.ts";
import { linkRulePages, provideRulePages } from "./rule-pages.ts";
import { createStatus } from "./status.ts";
import { createFindings } from "./views/findings/store.ts";
import { createFindingsView } from "./views/findings/view.ts";
import { createSbomView } from "./views/sbom/view.ts";
import { tellNewServers, tellSignatures } from "./views/signatures/tell.ts";
import { createSignatureView } from "./views/signatures/view.ts";
import { registerBuildTasks } from "./tasks/build-task.ts";
import type { TrustParams } from "../../server/src/lsp/messages.ts";

let stop: (() => Promise<void>) | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  setTrusted(() => workspace.isTrusted);
  const log = window.createOutputChannel("Dockwright", { log: true });
  const client = createLanguageClient(context.asAbsolutePath("dist/server.js"), log);
  stop = async () => {
    if (client.needsStop()) await client.stop();
  };
  const findings = createFindings(client);
  const sboms = createSbomView();
  const signatures = createSignatureView((entries) => tellSignatures(client, entries));
  const parts: Parts = { client, log, context, findings, sboms, signatures };
  context.subscriptions.push(
    log,
    createStatus(client),
    provideRulePages(client),
    linkRulePages(),
    providePreviews(),
    sboms,
    signatures,
    tellNewServers(client, signatures.entries),
    watchNeighbours(client),
    watchEngine(log),
    registerBuildTasks(client),
    findings,
    createFindingsView(findings),
    ...Object.entries(commandTable).map(([id, run]) =>
      commands.registerCommand(id, async (...args: readonly unknown[]) => {
        try {
          await run(parts, ...args);
        } catch (error) {
          log.error(`${id} failed`, error instanceof Error ? error : String(error));
          void window.showErrorMessage(
            `${id} failed, the log says why: ${error instanceof Error ? error.message : error}`,
          );
        }
      }),
    ),
    workspace.onDidGrantWorkspaceTrust(() => {
      // A server that is not running is told when it starts.
      if (client.isRunning()) void client.sendNotification("dockwright/trust", { trusted: true } satisfies TrustParams);
    }),
  );
  try {
    await client.start();
  } catch (error) {
    log.error("The server did not start; the status item of a Dockerfile offers to try again", String(error));
  }
}

export const deactivate = async (): Promise<void> => stop?.();
