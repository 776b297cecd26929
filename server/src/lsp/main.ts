/**
 * The server as a program: `--node-ipc` for our client, `--stdio` for other editors. `dockwright lsp` starts it too.
 * Here the pure server meets the real registry and the real rules.
 */
import { Console } from "node:console";
import {
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import manifest from "../../../package.json" with { type: "json" };
import { rules } from "../core/rules/index.ts";
import { createAnswers } from "../effects/answers.ts";
import { createConfigs } from "../effects/config/load.ts";
import { findComposeEngine } from "../effects/compose-engine.ts";
import { downloadFinders } from "../effects/downloads/finders.ts";
import { fileFinders, registryFinders, scannerFinders } from "../effects/finders.ts";
import { recallFinders } from "../effects/registry/recalled.ts";
import { createRegistry } from "../effects/registry/registry.ts";
import { shellcheckFinders } from "../effects/shellcheck/shellcheck.ts";
import { createServer } from "./server.ts";
import { registryOptions } from "./registry-options.ts";
import type { AnswersWith } from "./session.ts";

/** Serves on standard input and output until the client ends it, then ends the process. */
export function startStdio(): void {
  globalThis.console = new Console(process.stderr); // standard output belongs to the protocol
  serve(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
}

function startIpc(): void {
  process.once("disconnect", () => process.exit(1)); // the client is gone, and with it everybody who could ask
  serve(new IPCMessageReader(process), new IPCMessageWriter(process));
}

const serve = (reader: MessageReader, writer: MessageWriter): void =>
  createServer({
    reader,
    writer,
    rules,
    answers: answersWith,
    configs: () => createConfigs(rules, process.env),
    composeEngine: findComposeEngine,
    version: manifest.version,
    exit: (code) => process.exit(code),
  });

const answersWith: AnswersWith = ({ registry: settings, shellcheck }, log) => {
  const options = registryOptions(settings, log);
  return createAnswers({
    ...fileFinders,
    ...registryFinders(createRegistry(options)),
    ...(options.offline !== true && scannerFinders),
    ...recallFinders(options),
    ...downloadFinders(process.env),
    ...shellcheckFinders({ use: shellcheck, atOnce: 1 }), // one thread is enough for who types
  });
};

const START: Readonly<Record<string, () => void>> = { "--stdio": startStdio, "--node-ipc": startIpc };

// Run as a program when the first argument names a transport; in `dockwright lsp --stdio` that is the command's name.
START[process.argv[2] ?? ""]?.();
