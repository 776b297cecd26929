/** What a command is given, and what commands on the open file share. */
import { commands, type ExtensionContext, type LogOutputChannel, window } from "vscode";
import { ExecuteCommandRequest, type BaseLanguageClient } from "vscode-languageclient";
import type { CommandSummary } from "../../../server/src/lsp/messages.ts";
import type { Findings } from "../views/findings/store.ts";
import type { Layers } from "../views/layers/layers.ts";
import type { SbomView } from "../views/sbom/view.ts";
import type { SignatureView } from "../views/signatures/view.ts";

export interface Parts {
  readonly client: BaseLanguageClient;
  readonly log: LogOutputChannel;
  readonly context: ExtensionContext;
  readonly findings: Findings;
  readonly layers: Layers;
  readonly sboms: SbomView;
  readonly signatures: SignatureView;
}

export type Command = (parts: Parts, ...args: readonly unknown[]) => Promise<void>;

/** As which the server may know a file; ignore files it knows by their names. */
const LANGUAGES: ReadonlySet<string> = new Set(["dockerfile", "dockercompose", "yaml"]);
const IGNORE_FILE = /\.(?:docker|container)ignore$/i;

/** Runs a command of the server on the Dockerfile, compose file or ignore file in the active editor; undefined when there is none. */
export async function runOnActiveFile(
  { client }: Pick<Parts, "client">,
  command: string,
  ...more: readonly unknown[]
): Promise<CommandSummary | undefined> {
  const document = window.activeTextEditor?.document;
  if (!document || !(LANGUAGES.has(document.languageId) || IGNORE_FILE.test(document.uri.path))) {
    void window.showInformationMessage("Open a Dockerfile or a compose file first, then run this command again");
    return undefined;
  }
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [uri, ...more] });
}

/** The same at the cursor, or at the address and position a link or a menu gives; says what came of it. */
export async function runAtCursor(
  parts: Pick<Parts, "client">,
  command: string,
  at: readonly unknown[],
): Promise<void> {
  const { client } = parts;
  if (typeof at[0] === "string")
    return tellSummary(await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [...at] }));
  const active = window.activeTextEditor?.selection.active;
  const position = active && client.code2ProtocolConverter.asPosition(active);
  return tellSummary(await runOnActiveFile(parts, command, position));
}

const SHOW_LOG = "Show Log";

/** What was not done has its reasons in the log. */
export async function tellSummary(summary: CommandSummary | undefined): Promise<void> {
  if (!summary) return;
  const { message, failed } = summary;
  if (failed.length === 0) void window.showInformationMessage(message);
  else if ((await window.showWarningMessage(message, SHOW_LOG)) === SHOW_LOG)
    await commands.executeCommand("dockwright.showLog");
}
