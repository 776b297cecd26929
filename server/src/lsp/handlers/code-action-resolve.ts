/** `codeAction/resolve`: the edit of an action, computed now that it was chosen. */
import { type CodeAction, MessageType } from "vscode-languageserver/node";
import { whyUnsound } from "../../core/findings/sound.ts";
import type { Finding, Fix } from "../../core/rule.ts";
import { resolveAssist } from "../assists.ts";
import { fixToWorkspaceEdit } from "../convert.ts";
import { contentModified } from "../guard.ts";
import { resolveImageAct } from "../image-acts/menu.ts";
import { findingAt, fixOfOffer } from "../offers.ts";
import type { Inspected, Session } from "../session.ts";
import { actionDataOf, fixRuleEdit } from "./code-action.ts";
import { resolveMultiStage } from "./multi-stage.ts";

export async function codeActionResolve(
  session: Session,
  action: CodeAction,
  signal: AbortSignal,
): Promise<CodeAction> {
  const data = actionDataOf(action.data);
  if (!data) return action;
  const checked = await session.check(data.uri);
  if (!checked?.inspection || checked.version !== data.version) throw contentModified();
  if (data.do === "assist") {
    const resolved = await resolveAssist(session, checked, action, data, signal);
    if (!resolved) throw contentModified();
    return resolved;
  }
  if (data.do === "image-act") {
    const resolved = await resolveImageAct(session, checked, action, data, signal);
    if (!resolved) throw contentModified();
    return resolved;
  }
  if (data.do === "multi-stage") return resolveMultiStage(session, checked, action, signal);
  if (data.do === "fix-rule") return { ...action, edit: fixRuleEdit(session, checked, data.rule) };

  const span = { start: data.start, end: data.end };
  const finding = findingAt(checked.inspection.findings, { rule: data.rule, span });
  if (!finding) throw contentModified();
  const fix = await offeredFix(session, checked, finding, data.offer, signal);
  if ("unknown" in fix) {
    session.showMessage(MessageType.Warning, `${action.title}: not possible, ${fix.unknown}`);
    return action;
  }
  return { ...action, edit: fixToWorkspaceEdit(checked, fix, session.abilities) };
}

/** The answer may have come since the menu was opened: then the finding has a fix where it had an offer. */
async function offeredFix(
  session: Session,
  checked: Inspected,
  finding: Finding,
  index: number,
  signal: AbortSignal,
): Promise<Fix | { readonly unknown: string }> {
  const offer = finding.offers[index];
  if (offer) return fixOfOffer(session, checked, finding, offer, signal);
  const [fix] = finding.fixes;
  const unsound = fix && whyUnsound(checked.inspection.document, finding.rule, fix);
  if (unsound !== undefined) return { unknown: unsound };
  return fix ?? { unknown: finding.refusal ?? "nothing is left to change" };
}
