/** An editor as small as can be: one open document, the messages about it, and the edits that come back. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import {
  type CodeAction,
  type CodeActionContext,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type InitializeResult,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Answer, Question, Rule } from "../../server/src/core/rule.ts";
import { createAnswers } from "../../server/src/effects/answers.ts";
import type { Configs } from "../../server/src/effects/config/load.ts";
import { fileFinders } from "../../server/src/effects/finders.ts";
import type { ImageThreadOptions } from "../../server/src/lsp/images/thread.ts";
import { createServer } from "../../server/src/lsp/server.ts";
import { rules as testRules } from "./rules.ts";
import type { AnswersWith } from "../../server/src/lsp/session.ts";
import { openWire, type Wire } from "./wire.ts";

interface Capabilities {
  readonly pull?: boolean;
  readonly resolve?: boolean;
  readonly snippets?: boolean;
  readonly versioned?: boolean;
  readonly configuration?: boolean;
  readonly disabled?: boolean;
  readonly watchFiles?: boolean;
  /** Changes that are to be confirmed, renames that are prepared, definitions that say what was asked about. */
  readonly annotations?: boolean;
  /** Completions with tab stops, two ranges, final indentation and tags. */
  readonly completions?: boolean;
  /** Edits that make files. */
  readonly createFiles?: boolean;
}

interface EditorOptions {
  readonly rules?: readonly Rule[];
  /** What the world answers. Without one every question is unknown. */
  readonly world?: (question: Question, signal: AbortSignal) => Promise<Answer>;
  readonly can?: Capabilities;
  /** The `dockwright` settings the editor has. */
  readonly settings?: unknown;
  readonly initializationOptions?: Readonly<Record<string, unknown>>;
  /** The document's. */
  readonly uri?: string;
  /** Where configuration files are looked for; nowhere by default. */
  readonly configs?: () => Configs;
  /** Instead of `world` and `disk`: who answers, by the settings. */
  readonly answers?: AnswersWith;
  /** Questions about files are answered from the disk. */
  readonly disk?: boolean;
  /** Addresses of the workspace's folders. */
  readonly roots?: readonly string[];
  /** Another thread for images, or other limits. */
  readonly imageThread?: Omit<ImageThreadOptions, "log">;
  /** What runs compose files. */
  readonly composeEngine?: () => Promise<"docker" | "podman" | undefined>;
}

export interface Editor {
  readonly wire: Wire;
  readonly uri: string;
  readonly initialized: InitializeResult;
  /** What the server asked the world. */
  readonly asked: readonly Question[];
  readonly exits: readonly number[];
  text(): string;
  open(text: string, languageId?: string): void;
  type(at: number, length: number, text: string): void;
  close(): void;
  setSettings(settings: unknown): void;
  pull(previousResultId?: string): Promise<DocumentDiagnosticReport>;
  /** The diagnostics the client shows, pulled or pushed. */
  diagnostics(): Promise<readonly Diagnostic[]>;
  /** At the first place where `needle` stands, or everywhere. */
  actions(needle?: string, context?: Partial<CodeActionContext>): Promise<readonly CodeAction[]>;
  action(needle: string, title: string): Promise<CodeAction>;
  resolve(action: CodeAction): Promise<CodeAction>;
  request<T>(method: string, params: unknown): Promise<T>;
  apply(edit: WorkspaceEdit | undefined): string;
  logged(): string;
}

export const ALL: Required<Capabilities> = {
  pull: true,
  resolve: true,
  snippets: true,
  versioned: true,
  configuration: true,
  disabled: true,
  watchFiles: false,
  annotations: false,
  completions: true,
  createFiles: false,
};

const URI = "file:///project/Dockerfile";

/** Starts a server in this process and introduces an editor to it. */
export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const asked: Question[] = [];
  const exits: number[] = [];
  const ask = (question: Question, signal: AbortSignal): Promise<Answer> => {
    asked.push(question);
    return options.world?.(question, signal) ?? Promise.resolve({ unknown: "nobody knows" });
  };
  createServer({
    reader: new StreamMessageReader(toServer),
    writer: new StreamMessageWriter(toClient),
    rules: options.rules ?? testRules,
    version: "0.0.0",
    ...(options.configs && { configs: options.configs }),
    ...(options.composeEngine && { composeEngine: options.composeEngine }),
    ...(options.imageThread && { imageThread: options.imageThread }),
    exit: (code) => exits.push(code),
    answers:
      options.answers ??
      (() =>
        createAnswers({
          digest: (question, { signal }) => ask(question, signal),
          "digest-today": (question, { signal }) => ask(question, signal),
          created: (question, { signal }) => ask(question, signal),
          "version-tag": (question, { signal }) => ask(question, signal),
          platforms: (question, { signal }) => ask(question, signal),
          "newer-tags": (question, { signal }) => ask(question, signal),
          checksum: (question, { signal }) => ask(question, signal),
          "package-version": (question, { signal }) => ask(question, signal),
          exists: (question) => ask(question, new AbortController().signal),
          shellcheck: (question, { signal }) => ask(question, signal),
          ...(options.disk && fileFinders),
        })),
  });
  return introduce(openWire(toClient, toServer), options, asked, exits, options.uri);
}

/** `initialize` and `initialized` over any wire. */
export async function introduce(
  wire: Wire,
  options: EditorOptions,
  asked: readonly Question[] = [],
  exits: readonly number[] = [],
  uri: string = URI,
): Promise<Editor> {
  const can = { ...ALL, ...options.can };
  let settings: unknown = options.settings ?? {};
  let document = TextDocument.create(uri, "dockerfile", 0, "");
  let shown: PublishDiagnosticsParams | undefined;

  const request = async <T>(method: string, params: unknown): Promise<T> => {
    const { id, answer } = wire.send(method, params);
    const { result, error } = await answer;
    if (error) throw Object.assign(new Error(error.message), { code: error.code });
    assert.equal(wire.answers(id), 1, `${method} has one answer`);
    return result as T;
  };

  wire.handle("workspace/configuration", () => [settings]);
  wire.handle("workspace/applyEdit", (params) => {
    apply((params as { edit: WorkspaceEdit }).edit);
    return { applied: true };
  });

  function apply(edit: WorkspaceEdit | undefined): string {
    assert.ok(edit, "there is an edit");
    if (can.versioned) {
      assert.equal(edit.changes, undefined);
      for (const change of edit.documentChanges ?? []) {
        assert.ok("edits" in change && "textDocument" in change);
        assert.deepEqual(change.textDocument, { uri, version: document.version });
      }
    } else assert.equal(edit.documentChanges, undefined);
    const changes = edit.documentChanges?.flatMap((change) => ("edits" in change ? change.edits : []));
    const edits = (changes ?? edit.changes?.[uri] ?? []).map((one) =>
      "snippet" in one
        ? { range: one.range, newText: one.snippet.value.replace(/\$\{\d+:([^}]*)\}/g, "$1") }
        : { range: one.range, newText: one.newText },
    );
    const text = TextDocument.applyEdits(document, edits);
    const before = document.getText();
    change({ start: { line: 0, character: 0 }, end: document.positionAt(before.length) }, text);
    return text;
  }

  function change(range: Range, text: string): void {
    const contentChanges = [{ range, text }];
    const version = document.version + 1;
    document = TextDocument.update(document, contentChanges, version);
    wire.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
  }

  const initialized = await request<InitializeResult>("initialize", {
    processId: null,
    rootUri: null,
    ...(options.roots && { workspaceFolders: options.roots.map((root) => ({ uri: root, name: root })) }),
    initializationOptions: { status: true, ...options.initializationOptions },
    capabilities: {
      textDocument: {
        ...(can.pull && { diagnostic: {} }),
        ...(can.completions && {
          completion: {
            completionItem: {
              snippetSupport: true,
              insertReplaceSupport: true,
              insertTextModeSupport: { valueSet: [1, 2] },
              tagSupport: { valueSet: [1] },
            },
          },
        }),
        publishDiagnostics: { relatedInformation: true, versionSupport: true },
        ...(can.annotations && { rename: { prepareSupport: true }, definition: { linkSupport: true } }),
        codeAction: {
          disabledSupport: can.disabled,
          dataSupport: can.resolve,
          ...(can.resolve && { resolveSupport: { properties: ["edit"] } }),
        },
      },
      window: { workDoneProgress: true },
      workspace: {
        applyEdit: true,
        configuration: can.configuration,
        didChangeConfiguration: { dynamicRegistration: true },
        didChangeWatchedFiles: { dynamicRegistration: can.watchFiles },
        diagnostics: { refreshSupport: true },
        inlayHint: { refreshSupport: true },
        codeLens: { refreshSupport: true },
        workspaceEdit: {
          documentChanges: can.versioned,
          snippetEditSupport: can.snippets,
          ...(can.createFiles && { resourceOperations: ["create"] }),
          ...(can.annotations && { changeAnnotationSupport: {} }),
        },
      },
    },
  });
  wire.notify("initialized", {});

  const pull = (previousResultId?: string): Promise<DocumentDiagnosticReport> =>
    request("textDocument/diagnostic", { textDocument: { uri }, ...(previousResultId && { previousResultId }) });

  const actions = async (needle?: string, context: Partial<CodeActionContext> = {}): Promise<readonly CodeAction[]> => {
    const text = document.getText();
    const start = needle === undefined ? 0 : text.indexOf(needle);
    assert.notEqual(start, -1, `${needle} stands in the text`);
    const range = {
      start: document.positionAt(start),
      end: document.positionAt(needle === undefined ? text.length : start),
    };
    return request("textDocument/codeAction", {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...context },
    });
  };

  return {
    wire,
    uri,
    initialized,
    asked,
    exits,
    text: () => document.getText(),
    open(text, languageId = "dockerfile") {
      document = TextDocument.create(uri, languageId, 1, text);
      wire.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
    },
    type: (at, length, text) => change({ start: document.positionAt(at), end: document.positionAt(at + length) }, text),
    close: () => wire.notify("textDocument/didClose", { textDocument: { uri } }),
    setSettings(now) {
      settings = now;
      wire.notify("workspace/didChangeConfiguration", { settings: { dockwright: now } });
    },
    pull,
    async diagnostics() {
      if (can.pull) {
        const report = await pull();
        return report.kind === "full" ? report.items : [];
      }
      while (shown?.version !== document.version) {
        const published = wire.received("textDocument/publishDiagnostics").length;
        shown = wire.received("textDocument/publishDiagnostics").at(-1) as PublishDiagnosticsParams | undefined;
        if (shown?.version !== document.version) await wire.until("textDocument/publishDiagnostics", published + 1);
      }
      return shown?.diagnostics ?? [];
    },
    actions,
    async action(needle, title) {
      const all = await actions(needle);
      const found = all.find((one) => one.title === title);
      assert.ok(found, `${title} is among ${all.map((one) => one.title).join(", ")}`);
      return found;
    },
    resolve: (action) => request("codeAction/resolve", action),
    request,
    apply,
    logged: () =>
      wire
        .received("window/logMessage")
        .map((params) => (params as { message: string }).message)
        .join("\n"),
  };
}
