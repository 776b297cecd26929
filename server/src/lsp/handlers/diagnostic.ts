/** `textDocument/diagnostic`: the findings when the client asks for them. */
import {
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from "vscode-languageserver/node";
import { toDiagnostics } from "../convert.ts";
import { budgetDiagnostics } from "../images/budget.ts";
import type { Session } from "../session.ts";

export async function diagnostic(
  session: Session,
  params: DocumentDiagnosticParams,
): Promise<DocumentDiagnosticReport> {
  const checked = await session.check(params.textDocument.uri);
  if (!checked) return noDiagnostics();
  // What is shown beside the findings has changes of its own.
  const resultId = `${checked.resultId}-${session.images.revision(checked.uri)}`;
  if (params.previousResultId === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  const items = [...toDiagnostics(checked, session.abilities), ...budgetDiagnostics(session, checked)];
  return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}

export const noDiagnostics = (): DocumentDiagnosticReport => ({ kind: DocumentDiagnosticReportKind.Full, items: [] });
