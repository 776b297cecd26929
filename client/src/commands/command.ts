/** What a command is given, and what commands on the open file share. */
import { type ExtensionContext, type LogOutputChannel, window } from "vscode";
import { ExecuteCommandRequest, type LanguageClient } from "vscode-languageclient/node";
import type { CommandSummary } from "../../../server/src/lsp/messages.ts";
import type { Findings } from "../views/findings/store.ts";
import type { Layers } from "../views/layers/layers.ts";
import type { SbomView } from "../views/sbom/view.ts";
import type { SignatureView } from "../views/signatures/view.ts";

export interface Parts {
  readonly client: LanguageClient;
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
export async function runOnActiveFile({ client }: Parts, command: string): Promise<CommandSummary | undefined> {
  const document = window.activeTextEditor?.document;
  if (!document || !(LANGUAGES.has(document.languageId) || IGNORE_FILE.test(document.uri.path))) {
    void window.showInformationMessage("Open a Dockerfile or a compose file first, then run this command again");
    return undefined;
  }
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [uri] });
}
