/** The language client where programs can be started: the server is a process. The only importer of its library's class. */
import { type LogOutputChannel, workspace } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientOptions } from "./client-options.ts";

export function createLanguageClient(serverModule: string, log: LogOutputChannel): LanguageClient {
  const run = { module: serverModule, transport: TransportKind.ipc, options: { env: environment() } };
  return new LanguageClient("dockwright", "Dockwright", { run, debug: run }, clientOptions(log));
}

/** The extension host knows the person's proxy; a process of its own has to be told. */
function environment(): Record<string, string> {
  const proxy = workspace.getConfiguration("http").get<string>("proxy");
  return { NODE_USE_ENV_PROXY: "1", ...(proxy && { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }) };
}
