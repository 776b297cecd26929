/** Opens a rule's page: the rule given, the one under the cursor, or one chosen from the list. */
import { commands, type Diagnostic, languages, window } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { RuleSummary } from "../../../server/src/lsp/messages.ts";
import { rulePageUri } from "../rule-pages.ts";
import type { Parts } from "./command.ts";

export async function explainRule({ client }: Pick<Parts, "client">, given?: unknown): Promise<void> {
  const rule = typeof given === "string" ? given : await chooseRule(client, rulesAtCursor());
  if (rule !== undefined) await commands.executeCommand("markdown.showPreview", rulePageUri(rule));
}

function rulesAtCursor(): readonly string[] {
  const editor = window.activeTextEditor;
  if (!editor) return [];
  const here = languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === "dockwright" && range.contains(editor.selection.active));
  return [...new Set(here.map(codeOf))];
}

const codeOf = ({ code }: Diagnostic): string => String(typeof code === "object" ? code.value : code);

/** The rules at the cursor stand first. */
async function chooseRule(client: BaseLanguageClient, atCursor: readonly string[]): Promise<string | undefined> {
  if (atCursor.length === 1) return atCursor[0];
  const rules = await client.sendRequest<readonly RuleSummary[]>("dockwright/rules", {});
  const sorted = rules.toSorted((a, b) => Number(atCursor.includes(b.id)) - Number(atCursor.includes(a.id)));
  const items = sorted.map(({ id, summary }) => ({ label: id, description: summary }));
  const chosen = await window.showQuickPick(items, { placeHolder: "Rule to explain", matchOnDescription: true });
  return chosen?.label;
}
