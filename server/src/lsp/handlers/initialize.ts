/** `initialize`: what this server offers to this client. */
import { CodeActionKind, type InitializeResult, TextDocumentSyncKind } from "vscode-languageserver/node";
import { TYPED } from "../../core/features/dockerfile/format-on-type.ts";
import { ASSIST_KINDS, SORT_KIND } from "../assists.ts";
import type { Abilities } from "../abilities.ts";
import { SOURCE } from "../convert.ts";
import type { Claim, InitializationOptions } from "../messages.ts";
import { fieldsOf, stringsOf } from "../read.ts";
import { FIX_ALL_KIND } from "./code-action.ts";
import { COMPLETION_TRIGGERS } from "./completion.ts";
import { commandNames } from "./execute-command.ts";
import { SIGNATURE_TRIGGERS } from "./signature-help.ts";
import { SEMANTIC_TOKENS_LEGEND } from "./semantic-tokens.ts";

export function initialize(abilities: Abilities, version: string): InitializeResult {
  const commands = commandNames.filter((name) => !abilities.ownCommands.has(name));
  return {
    serverInfo: { name: "dockwright", version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND, ...ASSIST_KINDS, SORT_KIND],
        resolveProvider: abilities.resolveEdits,
      },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [...COMPLETION_TRIGGERS] },
      signatureHelpProvider: { triggerCharacters: [...SIGNATURE_TRIGGERS] },
      inlayHintProvider: true,
      executeCommandProvider: { commands },
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      renameProvider: abilities.prepareRename ? { prepareProvider: true } : true,
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      linkedEditingRangeProvider: true,
      semanticTokensProvider: { legend: SEMANTIC_TOKENS_LEGEND, full: { delta: true }, range: true },
      documentLinkProvider: { resolveProvider: false },
      documentFormattingProvider: true,
      documentRangeFormattingProvider: true,
      documentOnTypeFormattingProvider: { firstTriggerCharacter: TYPED[0], moreTriggerCharacter: TYPED.slice(1) },
      codeLensProvider: { resolveProvider: false },
      ...(abilities.pullDiagnostics && {
        diagnosticProvider: { identifier: SOURCE, interFileDependencies: false, workspaceDiagnostics: false },
      }),
    },
  };
}

export function initialOptionsOf(options: unknown): InitializationOptions {
  const fields = fieldsOf(options) ?? {};
  return { settings: fields["settings"], trusted: fields["trusted"] !== false, claimed: claimedIn(fields) };
}

/** Names of features nobody knows change nothing. */
export const claimedIn = (params: unknown): readonly Claim[] =>
  (stringsOf(fieldsOf(params)?.["claimed"]) ?? []) as readonly Claim[];
