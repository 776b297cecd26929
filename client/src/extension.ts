/** Dockwright in VS Code: a language server, what it says on the status bar, and the commands. */
import { commands, type ExtensionContext, Uri, window, workspace } from "vscode";
import type { Parts } from "./commands/command.ts";
import { commandTable } from "./commands/index.ts";
import { followDockerfiles } from "./commands/sbom-layers.ts";
import { createLanguageClient } from "./language-client.ts";
import { watchEngine } from "./engine.ts";
import { watchNeighbours } from "./neighbours/watch.ts";
import { setTrusted } from "./process.ts";
import { confirmPins } from "./pins-of-workspace.ts";
import { providePreviews } from "./preview.ts";
import { closeReports } from "./report-page.ts";
import { provideRulePages } from "./rule-pages.ts";
import { keptReports } from "./scanners/kept.ts";
import { drawStageSeparators } from "./stage-separators.ts";
import { createStatus } from "./status.ts";
import { sayRestricted, waitingForTrust } from "./trust.ts";
import { createFindings } from "./views/findings/store.ts";
import { createFindingsView } from "./views/findings/view.ts";
import { createLayers } from "./views/layers/layers.ts";
import { createLayersView } from "./views/layers/view.ts";
import { closeMultiStagePreview } from "./views/multi-stage/preview.ts";
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
  const kept = context.storageUri && Uri.joinPath(context.storageUri, "scans.json").fsPath;
  const findings = createFindings(client, keptReports(kept));
  const sboms = createSbomView();
  const signatures = createSignatureView((entries) => tellSignatures(client, entries));
  const forTrust = waitingForTrust(context);
  const layers = createLayers(client, context.workspaceState, log);
  const parts: Parts = { client, log, context, findings, layers, sboms, signatures };
  context.subscriptions.push(
    log,
    createStatus(client),
    provideRulePages(client),
    closeReports(),
    closeMultiStagePreview(),
    providePreviews(),
    sboms,
    signatures,
    tellNewServers(client, signatures.entries),
    followDockerfiles(parts),
    watchNeighbours(client),
    drawStageSeparators(client),
    confirmPins(client),
    watchEngine(log),
    registerBuildTasks(client),
    findings,
    createFindingsView(findings),
    layers,
    createLayersView(layers, context.extensionUri, log),
    ...Object.entries(commandTable).map(([id, run]) =>
      commands.registerCommand(id, async (...args: readonly unknown[]) => {
        const waiting = workspace.isTrusted ? undefined : forTrust.get(id);
        if (waiting !== undefined) return void sayRestricted(waiting);
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
  void findings.restore();
}

export const deactivate = async (): Promise<void> => stop?.();
