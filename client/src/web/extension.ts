/**
 * Dockwright in an editor that runs in a browser: the server as a web worker, and the commands that need nothing but the text. The others say that
 * they need programs, which a browser does not start.
 */
import { commands, type ExtensionContext, Uri, window } from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from "vscode-languageclient/browser";
import { clientOptions, IN_BROWSERS } from "../client-options.ts";
import type { Parts } from "../commands/command.ts";
import { explainRule } from "../commands/explain-rule.ts";
import { fixAllSafe } from "../commands/fix-all-safe.ts";
import { restartServer } from "../commands/restart-server.ts";
import { showLog } from "../commands/show-log.ts";
import { watchNeighbours } from "../neighbours/watch.ts";
import { provideRulePages } from "../rule-pages.ts";
import { drawStageSeparators } from "../stage-separators.ts";
import { createStatus } from "../status.ts";
import type { IN_A_BROWSER } from "./commands.ts";

let stop: (() => Promise<void>) | undefined;

type BrowserCommand = (parts: Pick<Parts, "client" | "log">, ...args: readonly unknown[]) => Promise<void>;

const COMMANDS: Readonly<Record<(typeof IN_A_BROWSER)[number], BrowserCommand>> = {
  "dockwright.explainRule": explainRule,
  "dockwright.fixAllSafe": fixAllSafe,
  "dockwright.restartServer": restartServer,
  "dockwright.showLog": showLog,
};

export async function activate({ extension, extensionUri, subscriptions }: ExtensionContext): Promise<void> {
  await commands.executeCommand("setContext", "dockwright.inBrowser", true);
  const log = window.createOutputChannel("Dockwright", { log: true });
  const server = Uri.joinPath(extensionUri, "dist/browser/server.js").toString(true);
  // A new worker at each start: the server ends its own when it is told to. Made here, because the host's workers are no instances of Worker, by which
  // the client would know one.
  const start = async () => {
    const worker = new Worker(server);
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  const client = new LanguageClient("dockwright", "Dockwright", start, clientOptions(log, IN_BROWSERS));
  stop = async () => {
    if (client.needsStop()) await client.stop();
  };
  subscriptions.push(
    log,
    createStatus(client),
    provideRulePages(client),
    watchNeighbours(client),
    drawStageSeparators(client),
    ...Object.entries(COMMANDS).map(([id, run]) =>
      commands.registerCommand(id, (...args: readonly unknown[]) => run({ client, log }, ...args)),
    ),
    ...declared(extension.packageJSON)
      .filter(({ command }) => !Object.hasOwn(COMMANDS, command))
      .map(({ command, title }) => commands.registerCommand(command, () => sayDesktopOnly(title))),
  );
  await client.start();
}

interface Declared {
  readonly command: string;
  readonly title: string;
}

const declared = (manifest: {
  readonly contributes: { readonly commands: readonly Declared[] };
}): readonly Declared[] => manifest.contributes.commands;

const sayDesktopOnly = (title: string): void =>
  void window.showInformationMessage(
    `${title.replace(/…$/, "")} starts programs or asks registries, which an editor in a browser cannot do. Open the folder in VS Code on a machine to use it.`,
  );

export const deactivate = async (): Promise<void> => stop?.();
