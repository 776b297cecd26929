/** `textDocument/diagnostic`: the findings when the client asks for them. */
import {
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from "vscode-languageserver/node";
import { toDiagnostics } from "../convert.ts";
import type { Session } from "../session.ts";

export async function diagnostic(
  session: Session,
  params: DocumentDiagnosticParams,
): Promise<DocumentDiagnosticReport> {
  const checked = await session.check(params.textDocument.uri);
  if (!checked) return noDiagnostics();
  const { resultId } = checked;
  if (params.previousResultId === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  return { kind: DocumentDiagnosticReportKind.Full, resultId, items: toDiagnostics(checked, session.abilities) };
}

export const noDiagnostics = (): DocumentDiagnosticReport => ({ kind: DocumentDiagnosticReportKind.Full, items: [] });
