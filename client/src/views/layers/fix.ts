/** Applies the quick fix of a suggestion where its rule reports now, or says why it cannot. */
import { type CodeAction, CodeActionKind, commands, Range, type Uri, workspace } from "vscode";
import type { Suggestion } from "../../../../server/src/lsp/messages.ts";

/** @param place the lines of its instruction, now @returns one sentence for people */
export async function applySuggestion(
  uri: Uri,
  { rule, fixTitle }: Suggestion,
  place: { readonly line: number; readonly endLine: number },
): Promise<string> {
  const document = await workspace.openTextDocument(uri);
  const last = document.lineCount - 1;
  const lines = document.validateRange(
    new Range(Math.min(place.line, last), 0, Math.min(place.endLine, last), Number.MAX_SAFE_INTEGER),
  );
  const actions = await commands.executeCommand<readonly CodeAction[]>(
    "vscode.executeCodeActionProvider",
    ...[uri, lines, CodeActionKind.QuickFix.value, MOST_RESOLVED],
  );
  const fixes = actions.filter((action) => isOf(action, rule) && !OTHER_KINDS.test(action.title));
  const fix = fixes.find(({ title }) => title === fixTitle) ?? fixes.find(({ edit }) => edit !== undefined);
  const at = `line ${lines.start.line + 1}`;
  if (!fix) return `${rule} reports nothing on ${at} that it can mend: the line may have changed since the build`;
  if (fix.disabled) return `Not done: ${fix.disabled.reason}`;
  if (!fix.edit || !(await workspace.applyEdit(fix.edit))) return `The fix of ${rule} could not be applied on ${at}`;
  return `Done on ${at}: ${fix.title}. Build again to see what it saves`;
}

const MOST_RESOLVED = 50;
/** Of what is offered for a finding, those that mend nothing. */
const OTHER_KINDS = /^(?:Ignore|Suppress|Explain)/;

const isOf = ({ diagnostics = [] }: CodeAction, rule: string | undefined): boolean =>
  diagnostics.some(({ code }) => (typeof code === "object" ? code.value : code) === rule);
