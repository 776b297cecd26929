/** What the client said it can do, as far as it changes what is sent. */
import type { InitializeParams } from "vscode-languageserver/node";
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
  readonly applyEdit: boolean;
  /** A code action's edit may be computed when it is chosen. */
  readonly resolveEdits: boolean;
  readonly disabledActions: boolean;
  readonly progress: boolean;
  readonly showDocument: boolean;
  readonly status: boolean;
  readonly ownCommands: ReadonlySet<string>;
}

export function abilitiesOf({ capabilities, initializationOptions }: InitializeParams): Abilities {
  const { textDocument = {}, window = {}, workspace = {} } = capabilities;
  const codeAction = textDocument.codeAction ?? {};
  const options = fieldsOf(initializationOptions) ?? {};
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
    applyEdit: workspace.applyEdit === true,
    resolveEdits: codeAction.dataSupport === true && codeAction.resolveSupport?.properties.includes("edit") === true,
    disabledActions: codeAction.disabledSupport === true,
    progress: window.workDoneProgress === true,
    showDocument: window.showDocument?.support === true,
    status: options["status"] === true,
    ownCommands: new Set(stringsOf(options["commands"]) ?? []),
  };
}
