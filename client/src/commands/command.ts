/** What a command is given, and what commands on the open Dockerfile share. */
import { type LogOutputChannel, window } from "vscode";
import { ExecuteCommandRequest, type LanguageClient } from "vscode-languageclient/node";
import type { CommandSummary } from "../../../server/src/lsp/messages.ts";

export interface Parts {
  readonly client: LanguageClient;
  readonly log: LogOutputChannel;
}

export type Command = (parts: Parts, ...args: readonly unknown[]) => Promise<void>;

/** Runs a command of the server on the Dockerfile in the active editor; undefined when there is none. */
export async function runOnActiveDockerfile({ client }: Parts, command: string): Promise<CommandSummary | undefined> {
  const document = window.activeTextEditor?.document;
  if (document?.languageId !== "dockerfile") {
    void window.showInformationMessage("Open a Dockerfile first, then run this command again");
    return undefined;
  }
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [uri] });
}
