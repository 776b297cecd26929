/** The language client: which documents it speaks about, and how the server is started. The only importer of its library's class. */
import { type LogOutputChannel, workspace } from "vscode";
import { LanguageClient, RevealOutputChannelOn, TransportKind } from "vscode-languageclient/node";
import { claimedNow } from "./neighbours/watch.ts";
import type { InitializationOptions } from "../../server/src/lsp/messages.ts";

/** Commands of the server that have a command of ours before them, or none at all. */
const OWN_COMMANDS = ["dockwright.fixAll", "dockwright.pinAllBaseImages", "dockwright.explainRule"];
/** Commands that the server leads to and knows nothing of. */
const CLIENT_COMMANDS = [
  "dockwright.compose.run",
  "dockwright.buildImage",
  "dockwright.convertToMultiStage",
  "dockwright.scanImage",
  "dockwright.showBaseImageLayers",
  "dockwrightFindings.focus",
];
const RESTARTS = 4;
const SCHEMES = ["file", "untitled", "vscode-vfs"];
/** The server tells which YAML files are compose files. */
const LANGUAGES = ["dockerfile", "dockercompose", "yaml"];

/** Editors call them this or that, or plain text. */
const IGNORE_FILES = "**/*.{dockerignore,containerignore}";

export function createLanguageClient(serverModule: string, log: LogOutputChannel): LanguageClient {
  const run = { module: serverModule, transport: TransportKind.ipc, options: { env: environment() } };
  return new LanguageClient(
    "dockwright",
    "Dockwright",
    { run, debug: run },
    {
      documentSelector: SCHEMES.flatMap((scheme) => [
        ...LANGUAGES.map((language) => ({ language, scheme })),
        { scheme, pattern: IGNORE_FILES },
      ]),
      outputChannel: log,
      traceOutputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // The links of a hover open the rule's page or what a scan found, and nothing else.
      markdown: { isTrusted: { enabledCommands: ["dockwright.explainRule", "dockwrightFindings.focus"] } },
      connectionOptions: { maxRestartCount: RESTARTS },
      // Asked for at every start, so that a restarted server learns of trust granted meanwhile.
      initializationOptions: (): InitializationOptions => ({
        trusted: workspace.isTrusted,
        status: true,
        claimed: claimedNow(),
        commands: [...OWN_COMMANDS, ...CLIENT_COMMANDS],
      }),
    },
  );
}

/** The extension host knows the person's proxy; a process of its own has to be told. */
function environment(): Record<string, string> {
  const proxy = workspace.getConfiguration("http").get<string>("proxy");
  return { NODE_USE_ENV_PROXY: "1", ...(proxy && { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }) };
}
