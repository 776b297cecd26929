/** The language server: one connection, one session, every message with its handler behind the guard. */
import { createConnection } from "vscode-languageserver";
import {
  CodeLensRefreshRequest,
  type Connection,
  createProtocolConnection,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  InlayHintRefreshRequest,
  type MessageReader,
  type MessageWriter,
  ResponseError,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Rule } from "../core/rule.ts";
import { HADOLINT_NAMES, OWN_NAMES } from "../core/config/names.ts";
import type { ComposeEngine } from "../effects/compose-engine.ts";
import { abilitiesOf } from "./abilities.ts";
import { type Fence, guardRequest, guardTask } from "./guard.ts";
import { buildFacts, newChecks } from "./handlers/build-facts.ts";
import { acceptFindingHandler } from "./handlers/accept-finding.ts";
import { baseImages, imageAnswer, imageEdit } from "./handlers/base-images.ts";
import { ciFile, ciProject } from "./handlers/ci.ts";
import { codeLens } from "./handlers/code-lens.ts";
import { codeAction } from "./handlers/code-action.ts";
import { codeActionResolve } from "./handlers/code-action-resolve.ts";
import { closeImage } from "./handlers/close-image.ts";
import { compareImages, notCompared } from "./handlers/compare-images.ts";
import { compareOpened } from "./handlers/compare-opened.ts";
import { composeCommand } from "./handlers/compose-command.ts";
import { containerizeFolder, notContainerized } from "./handlers/containerize.ts";
import { definition } from "./handlers/definition.ts";
import { completion, noCompletions } from "./handlers/completion.ts";
import { diagnostic, noDiagnostics } from "./handlers/diagnostic.ts";
import { documentHighlight } from "./handlers/document-highlight.ts";
import { documentLink } from "./handlers/document-link.ts";
import { documentSymbol } from "./handlers/document-symbol.ts";
import { executeCommand } from "./handlers/execute-command.ts";
import { explain, listRules } from "./handlers/explain.ts";
import { foldingRange } from "./handlers/folding-range.ts";
import { formatting } from "./handlers/formatting.ts";
import { hover } from "./handlers/hover.ts";
import { imageFolder } from "./handlers/image-folder.ts";
import { imageLines } from "./handlers/image-lines.ts";
import { inlayHint } from "./handlers/inlay-hint.ts";
import { claimedIn, initialize, initialOptionsOf } from "./handlers/initialize.ts";
import { createShellChecker, type ShellChecker } from "./handlers/check-shell.ts";
import { linkedEditingRange } from "./handlers/linked-editing-range.ts";
import { lookAround } from "./handlers/look-around.ts";
import { lookUpImage } from "./handlers/look-up-image.ts";
import { multiStage } from "./handlers/multi-stage.ts";
import { onTypeFormatting } from "./handlers/on-type-formatting.ts";
import { openImage } from "./handlers/open-image.ts";
import { prepareRename } from "./handlers/prepare-rename.ts";
import { createPublisher, type Publisher } from "./handlers/publish-diagnostics.ts";
import { rangeFormatting } from "./handlers/range-formatting.ts";
import { references } from "./handlers/references.ts";
import { rename } from "./handlers/rename.ts";
import { noTokens, semanticTokens, semanticTokensDelta, semanticTokensRange } from "./handlers/semantic-tokens.ts";
import { stageSeparators } from "./handlers/stage-separators.ts";
import { selectionRange } from "./handlers/selection-range.ts";
import { signatureHelp } from "./handlers/signature-help.ts";
import { endVerifications, verifyRefactoring } from "./handlers/verify-refactoring.ts";
import { workspaceSymbol } from "./handlers/workspace-symbol.ts";
import { type ConfigsAnew, createProjectConfig } from "./project-config.ts";
import { fieldsOf } from "./read.ts";
import type { ImageThreadOptions } from "./images/thread.ts";
import type { MultiStageAnswer, VerifiedRefactoring } from "./messages.ts";
import { summariesIn } from "./scan-summaries.ts";
import { notesIn } from "./signature-notes.ts";
import { type AnswersWith, createSession, type Session } from "./session.ts";

interface ServerOptions {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  readonly rules: readonly Rule[];
  readonly answers: AnswersWith;
  /** Without them no configuration file is looked for. */
  readonly configs?: ConfigsAnew;
  /** Finds what runs compose files; logs when there is nothing. */
  readonly composeEngine?: (log: (message: string) => void) => Promise<ComposeEngine | undefined>;
  /** For tests: another program or other limits. */
  readonly imageThread?: Omit<ImageThreadOptions, "log">;
  readonly version: string;
  /** Ends the process: 0 after an orderly shutdown, 1 otherwise. */
  readonly exit: (code: number) => void;
}

const PARENT_CHECK_MS = 3_000;
const CONFIGURATION = [...OWN_NAMES, ...HADOLINT_NAMES];
/** Files that findings in another file depend on. */
const NEIGHBOURS = ["*compose*.{yaml,yml}", "{Dockerfile,Containerfile}*", "*.dockerignore", ".env"];

/** Starts to listen at once. */
export function createServer(options: ServerOptions): void {
  const { reader, writer, rules, answers, configs, composeEngine, imageThread, version, exit } = options;
  let session: Session | "closed" | undefined;
  let publisher: Publisher | undefined;
  let shellChecker: ShellChecker | undefined;

  const watchDog = {
    shutdownReceived: false,
    initialize({ processId }: { readonly processId: number | null }): void {
      if (processId === null) return;
      setInterval(() => {
        if (!isAlive(processId)) end();
      }, PARENT_CHECK_MS).unref();
    },
    exit,
  };
  const connection: Connection = createConnection(
    (logger) => createProtocolConnection(reader, writer, logger),
    watchDog,
  );
  // One end that is closed or broken is a client that is gone: nobody is left to tell or to answer.
  const end = (): void => exit(watchDog.shutdownReceived ? 0 : 1);
  reader.onClose(end);
  writer.onClose(end);
  writer.onError(end);

  const documents = new TextDocuments(TextDocument);
  const fence: Fence<Session> = { session: () => session, console: connection.console };

  /** For notifications: nothing happens outside of a session. */
  const inSession = (name: string, task: (session: Session) => void | Promise<void>): void => {
    if (session === undefined || session === "closed") return;
    const current = session;
    void guardTask(connection.console, name, () => task(current));
  };

  connection.onInitialize((params) => {
    if (session !== undefined) return new ResponseError(ErrorCodes.InvalidRequest, "initialize was sent before");
    const abilities = abilitiesOf(params);
    const initial = initialOptionsOf(params.initializationOptions);
    const created = createSession({
      connection,
      documents,
      abilities,
      initial,
      rules,
      answers,
      projectConfig: createProjectConfig(connection, configs),
      composeEngine: composeEngine && (() => composeEngine((message) => connection.console.log(message))),
      imageThread,
    });
    session = created;
    shellChecker = createShellChecker(created);
    if (!abilities.pullDiagnostics) publisher = createPublisher(created);
    created.onStale(async () => {
      for (const uri of created.uris()) shellChecker?.later(uri);
      if (publisher) for (const uri of created.uris()) publisher.publish(uri);
      else if (abilities.refreshDiagnostics) await connection.sendRequest(DiagnosticRefreshRequest.type);
      if (abilities.refreshInlayHints) await connection.sendRequest(InlayHintRefreshRequest.type);
      if (abilities.refreshCodeLenses) await connection.sendRequest(CodeLensRefreshRequest.type);
    });
    return initialize(abilities, version);
  });
  connection.onInitialized(() =>
    inSession("initialized", async ({ abilities }) => {
      if (abilities.registerConfigurationChanges)
        await connection.client.register(DidChangeConfigurationNotification.type, { section: "dockwright" });
      if (abilities.registerFileWatchers && configs)
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [...CONFIGURATION, ...NEIGHBOURS].map((name) => ({ globPattern: `**/${name}` })),
        });
    }),
  );
  connection.onShutdown(async () => {
    if (session === undefined || session === "closed") return;
    const ending = session;
    publisher?.dispose();
    shellChecker?.dispose();
    ending.dispose();
    session = "closed";
    await endVerifications(ending);
  });

  documents.onDidChangeContent(({ document }) => {
    inSession("didChange", (current) => current.documentChanged(document.uri));
    publisher?.publish(document.uri);
    shellChecker?.later(document.uri);
  });
  documents.onDidOpen(({ document }) => inSession("didOpen", (current) => lookAround(current, document.uri)));
  /** What is written to disk may be what another open file asks about: the Dockerfile a service builds, the file it extends. */
  const lookAtAll = (name: string): void =>
    inSession(name, async (current) => {
      for (const uri of current.uris()) await lookAround(current, uri);
    });
  documents.onDidSave(() => lookAtAll("didSave"));
  documents.onDidClose(({ document }) => {
    inSession("didClose", (current) => current.documentClosed(document.uri));
    publisher?.clear(document.uri);
  });
  documents.listen(connection);

  connection.onDidChangeConfiguration(({ settings }) => {
    inSession("didChangeConfiguration", (current) => current.settingsChanged(fieldsOf(settings)?.["dockwright"]));
    lookAtAll("didChangeConfiguration");
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ uri }) => CONFIGURATION.some((name) => uri.endsWith(`/${name}`))))
      inSession("didChangeWatchedFiles", (current) => current.settingsChanged(undefined));
    else lookAtAll("didChangeWatchedFiles");
  });
  connection.onNotification("dockwright/trust", (params: unknown) =>
    inSession("dockwright/trust", async (current) => {
      current.setTrusted(fieldsOf(params)?.["trusted"] === true);
      lookAtAll("dockwright/trust");
      if (current.abilities.refreshCodeLenses) await connection.sendRequest(CodeLensRefreshRequest.type);
    }),
  );

  connection.onNotification("dockwright/scanSummary", (params: unknown) =>
    inSession("dockwright/scanSummary", (current) => current.setScanSummaries(summariesIn(params))),
  );

  connection.onNotification("dockwright/signatures", (params: unknown) =>
    inSession("dockwright/signatures", (current) => current.setSignatureNotes(notesIn(params))),
  );

  connection.onNotification("dockwright/neighbours", (params: unknown) =>
    inSession("dockwright/neighbours", (current) => current.setClaimed(claimedIn(params))),
  );

  connection.languages.diagnostics.on(guardRequest(fence, "textDocument/diagnostic", diagnostic, noDiagnostics));
  connection.onCodeAction(guardRequest(fence, "textDocument/codeAction", codeAction, () => []));
  connection.onHover(guardRequest(fence, "textDocument/hover", hover, () => null));
  connection.onCompletion(guardRequest(fence, "textDocument/completion", completion, noCompletions));
  connection.onSignatureHelp(guardRequest(fence, "textDocument/signatureHelp", signatureHelp, () => null));
  connection.languages.inlayHint.on(guardRequest(fence, "textDocument/inlayHint", inlayHint, () => []));
  connection.onCodeActionResolve(guardRequest(fence, "codeAction/resolve", codeActionResolve, (action) => action));
  connection.onExecuteCommand(guardRequest(fence, "workspace/executeCommand", executeCommand, () => null));
  connection.onDefinition(guardRequest(fence, "textDocument/definition", definition, () => null));
  connection.onReferences(guardRequest(fence, "textDocument/references", references, () => null));
  connection.onDocumentHighlight(guardRequest(fence, "textDocument/documentHighlight", documentHighlight, () => null));
  connection.onPrepareRename(guardRequest(fence, "textDocument/prepareRename", prepareRename, () => null));
  connection.onRenameRequest(guardRequest(fence, "textDocument/rename", rename, () => null));
  connection.onDocumentSymbol(guardRequest(fence, "textDocument/documentSymbol", documentSymbol, () => null));
  connection.onWorkspaceSymbol(guardRequest(fence, "workspace/symbol", workspaceSymbol, () => []));
  connection.onFoldingRanges(guardRequest(fence, "textDocument/foldingRange", foldingRange, () => null));
  connection.onSelectionRanges(guardRequest(fence, "textDocument/selectionRange", selectionRange, () => null));
  connection.languages.onLinkedEditingRange(
    guardRequest(fence, "textDocument/linkedEditingRange", linkedEditingRange, () => null),
  );
  connection.languages.semanticTokens.on(
    guardRequest(fence, "textDocument/semanticTokens/full", semanticTokens, noTokens),
  );
  connection.languages.semanticTokens.onDelta(
    guardRequest(fence, "textDocument/semanticTokens/full/delta", semanticTokensDelta, noTokens),
  );
  connection.languages.semanticTokens.onRange(
    guardRequest(fence, "textDocument/semanticTokens/range", semanticTokensRange, noTokens),
  );
  connection.onRequest(
    "dockwright/stageSeparators",
    guardRequest(fence, "dockwright/stageSeparators", stageSeparators, () => []),
  );
  connection.onDocumentLinks(guardRequest(fence, "textDocument/documentLink", documentLink, () => null));
  connection.onDocumentFormatting(guardRequest(fence, "textDocument/formatting", formatting, () => null));
  connection.onDocumentRangeFormatting(
    guardRequest(fence, "textDocument/rangeFormatting", rangeFormatting, () => null),
  );
  connection.onDocumentOnTypeFormatting(
    guardRequest(fence, "textDocument/onTypeFormatting", onTypeFormatting, () => null),
  );
  connection.onCodeLens(guardRequest(fence, "textDocument/codeLens", codeLens, () => null));
  connection.onRequest(
    "dockwright/composeCommand",
    guardRequest(fence, "dockwright/composeCommand", composeCommand, () => null),
  );
  connection.onRequest(
    "dockwright/buildFacts",
    guardRequest(fence, "dockwright/buildFacts", buildFacts, () => null),
  );
  connection.onRequest(
    "dockwright/newChecks",
    guardRequest(fence, "dockwright/newChecks", newChecks, () => []),
  );
  connection.onRequest(
    "dockwright/baseImages",
    guardRequest(fence, "dockwright/baseImages", baseImages, () => []),
  );
  connection.onRequest(
    "dockwright/imageAnswer",
    guardRequest(fence, "dockwright/imageAnswer", imageAnswer, () => ({ unknown: "the server failed; see its log" })),
  );
  connection.onRequest(
    "dockwright/imageEdit",
    guardRequest(fence, "dockwright/imageEdit", imageEdit, () => ({
      edits: [],
      refusal: "the server failed; see its log",
    })),
  );
  connection.onRequest(
    "dockwright/lookUpImage",
    guardRequest(fence, "dockwright/lookUpImage", lookUpImage, () => ({ failure: "the server failed; see its log" })),
  );
  connection.onRequest(
    "dockwright/acceptFinding",
    guardRequest(fence, "dockwright/acceptFinding", acceptFindingHandler, () => ({
      refusal: "the server failed; see its log",
    })),
  );
  connection.onRequest(
    "dockwright/compareImages",
    guardRequest(fence, "dockwright/compareImages", compareImages, notCompared),
  );
  const failed = () => ({ failure: "The log says what went wrong" });
  connection.onRequest("dockwright/openImage", guardRequest(fence, "dockwright/openImage", openImage, failed));
  connection.onRequest(
    "dockwright/imageFolder",
    guardRequest(fence, "dockwright/imageFolder", imageFolder, () => ({ ...failed(), total: 0, rows: [] })),
  );
  connection.onRequest(
    "dockwright/imageLines",
    guardRequest(fence, "dockwright/imageLines", imageLines, () => []),
  );
  connection.onRequest(
    "dockwright/compareOpened",
    guardRequest(fence, "dockwright/compareOpened", compareOpened, failed),
  );
  connection.onRequest(
    "dockwright/closeImage",
    guardRequest(fence, "dockwright/closeImage", closeImage, () => null),
  );
  connection.onRequest<MultiStageAnswer, never>(
    "dockwright/multiStage",
    guardRequest(fence, "dockwright/multiStage", multiStage, () => ({
      outcome: "refused",
      reason: "the server failed; see its log",
    })),
  );
  connection.onRequest(
    "dockwright/ciProject",
    guardRequest(fence, "dockwright/ciProject", ciProject, () => ({ likely: "github" as const, services: [] })),
  );
  connection.onRequest(
    "dockwright/ciFile",
    guardRequest(fence, "dockwright/ciFile", ciFile, () => ({})),
  );
  connection.onRequest<VerifiedRefactoring, never>(
    "dockwright/verifyRefactoring",
    guardRequest(fence, "dockwright/verifyRefactoring", verifyRefactoring, failed),
  );
  connection.onRequest(
    "dockwright/containerize",
    guardRequest(fence, "dockwright/containerize", containerizeFolder, notContainerized),
  );
  connection.onRequest(
    "dockwright/explain",
    guardRequest(fence, "dockwright/explain", explain, () => null),
  );
  connection.onRequest(
    "dockwright/rules",
    guardRequest(fence, "dockwright/rules", listRules, () => []),
  );
  connection.listen();
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0); // signal 0 only asks
    return true;
  } catch (error) {
    // A process of another user is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
