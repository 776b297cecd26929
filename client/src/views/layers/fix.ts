/** Applies the quick fix of a suggestion where its rule reports now, or says why it cannot. */
import { Range, type Uri, workspace } from "vscode";
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionRequest,
  CodeActionResolveRequest,
  type BaseLanguageClient,
} from "vscode-languageclient";
import type { Suggestion } from "../../../../server/src/lsp/messages.ts";

/** @param place the lines of its instruction, now @returns one sentence for people */
export async function applySuggestion(
  client: BaseLanguageClient,
  uri: Uri,
  { rule, fixTitle }: Suggestion,
  place: { readonly line: number; readonly endLine: number },
): Promise<string> {
  const document = await workspace.openTextDocument(uri);
  const last = document.lineCount - 1;
  const lines = document.validateRange(
    new Range(Math.min(place.line, last), 0, Math.min(place.endLine, last), Number.MAX_SAFE_INTEGER),
  );
  const at = `line ${lines.start.line + 1}`;
  const params: CodeActionParams = {
    textDocument: { uri: client.code2ProtocolConverter.asUri(uri) },
    range: client.code2ProtocolConverter.asRange(lines),
    context: { diagnostics: [], only: [CodeActionKind.QuickFix] },
  };
  const found = (await client.sendRequest(CodeActionRequest.type, params)) ?? [];
  const actions = found.filter((each): each is CodeAction => "diagnostics" in each && isOf(each, rule));
  const fix = actions.find(({ title }) => title === fixTitle);
  if (!fix) {
    const why = actions.find(({ disabled }) => disabled)?.disabled?.reason;
    return why === undefined
      ? `${rule} has nothing to mend on ${at}: it has changed since the build`
      : `Not done: ${why}`;
  }
  const resolved = fix.edit ? fix : await client.sendRequest(CodeActionResolveRequest.type, fix);
  const edit = await client.protocol2CodeConverter.asWorkspaceEdit(resolved.edit);
  if (!edit || !(await workspace.applyEdit(edit))) return `“${fix.title}” could not be done on ${at}`;
  return `Done on ${at}: ${fix.title}. Build again to see what it saves`;
}

const isOf = ({ diagnostics = [] }: CodeAction, rule: string | undefined): boolean =>
  diagnostics.some(({ code }) => code === rule);
