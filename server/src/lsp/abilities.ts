/** What the client said it can do, as far as it changes what is sent. */
import { CompletionItemTag, type InitializeParams, InsertTextMode } from "vscode-languageserver/node";
import { fieldsOf, stringsOf } from "./read.ts";

export interface Abilities {
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  /** Published diagnostics may name the document version they are about. */
  readonly publishVersion: boolean;
  readonly relatedInformation: boolean;
  readonly configuration: boolean;
  readonly registerConfigurationChanges: boolean;
  readonly registerFileWatchers: boolean;
  /** Edits may name the document version they are about. */
  readonly versionedEdits: boolean;
  /** Edits may hold tab stops. Only versioned edits can. */
  readonly snippetEdits: boolean;
  /** An edit may make files. */
  readonly createFiles: boolean;
  readonly applyEdit: boolean;
  /** Completions may hold tab stops, two ranges, and say that their indentation is final. */
  readonly completionSnippets: boolean;
  readonly completionInsertReplace: boolean;
  readonly completionAsIs: boolean;
  readonly completionTags: boolean;
  readonly refreshInlayHints: boolean;
  /** A code action's edit may be computed when it is chosen. */
  readonly resolveEdits: boolean;
  readonly disabledActions: boolean;
  readonly progress: boolean;
  readonly showDocument: boolean;
  readonly status: boolean;
  readonly ownCommands: ReadonlySet<string>;
  /** Changes may be marked to be confirmed, with a reason. */
  readonly annotatedEdits: boolean;
  readonly refreshCodeLenses: boolean;
  /** Whether a rename may be told beforehand what it is about. */
  readonly prepareRename: boolean;
  /** Folds are whole lines. */
  readonly lineFolds: boolean;
  /** Definitions may say what was asked about. */
  readonly definitionLinks: boolean;
  /** The workspace's folders, as addresses. */
  readonly roots: readonly string[];
}

export function abilitiesOf(params: InitializeParams): Abilities {
  const { capabilities, initializationOptions } = params;
  const { textDocument = {}, window = {}, workspace = {} } = capabilities;
  const codeAction = textDocument.codeAction ?? {};
  const options = fieldsOf(initializationOptions) ?? {};
  const completionItem = textDocument.completion?.completionItem ?? {};
  const versionedEdits = workspace.workspaceEdit?.documentChanges === true;
  return {
    pullDiagnostics: textDocument.diagnostic !== undefined,
    refreshDiagnostics: workspace.diagnostics?.refreshSupport === true,
    publishVersion: textDocument.publishDiagnostics?.versionSupport === true,
    relatedInformation:
      textDocument.publishDiagnostics?.relatedInformation === true ||
      textDocument.diagnostic?.relatedInformation === true,
    configuration: workspace.configuration === true,
    registerConfigurationChanges: workspace.didChangeConfiguration?.dynamicRegistration === true,
    registerFileWatchers: workspace.didChangeWatchedFiles?.dynamicRegistration === true,
    versionedEdits,
    snippetEdits: versionedEdits && workspace.workspaceEdit?.snippetEditSupport === true,
    createFiles: versionedEdits && workspace.workspaceEdit?.resourceOperations?.includes("create") === true,
    applyEdit: workspace.applyEdit === true,
    completionSnippets: completionItem.snippetSupport === true,
    completionInsertReplace: completionItem.insertReplaceSupport === true,
    completionAsIs: completionItem.insertTextModeSupport?.valueSet.includes(InsertTextMode.asIs) === true,
    refreshInlayHints: workspace.inlayHint?.refreshSupport === true,
    completionTags: completionItem.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated) === true,
    resolveEdits: codeAction.dataSupport === true && codeAction.resolveSupport?.properties.includes("edit") === true,
    disabledActions: codeAction.disabledSupport === true,
    progress: window.workDoneProgress === true,
    showDocument: window.showDocument?.support === true,
    status: options["status"] === true,
    ownCommands: new Set(stringsOf(options["commands"]) ?? []),
    annotatedEdits: versionedEdits && workspace.workspaceEdit?.changeAnnotationSupport !== undefined,
    refreshCodeLenses: workspace.codeLens?.refreshSupport === true,
    prepareRename: textDocument.rename?.prepareSupport === true,
    lineFolds: textDocument.foldingRange?.lineFoldingOnly === true,
    definitionLinks: textDocument.definition?.linkSupport === true,
    roots: rootsOf(params),
  };
}

/** Older clients name one folder. */
function rootsOf({ workspaceFolders, rootUri }: WorkspaceRoots): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return typeof rootUri === "string" ? [rootUri] : [];
}

interface WorkspaceRoots extends Pick<InitializeParams, "workspaceFolders"> {
  readonly rootUri: unknown;
}
