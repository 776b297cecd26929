/** From an offer to its fix: ask the question, check again with the answer, take the fix the same finding has then. */
import { inspectDocument } from "../core/findings/inspect.ts";
import { whyUnsound } from "../core/findings/sound.ts";
import { type Finding, type Fix, keyOf, type Offer } from "../core/rule.ts";
import { askShown } from "./ask-shown.ts";
import { contentModified } from "./guard.ts";
import type { Inspected, Session } from "./session.ts";

/** @throws contentModified when the document changes or closes before the answer is there. */
export async function fixOfOffer(
  session: Session,
  checked: Inspected,
  finding: Pick<Finding, "rule" | "span">,
  { question }: Offer,
  signal: AbortSignal,
): Promise<Fix | { readonly unknown: string }> {
  const unchanged = session.whileUnchanged(checked.uri);
  let answer: Awaited<ReturnType<Session["ask"]>>;
  try {
    answer = await askShown(session, question, checked, AbortSignal.any([signal, unchanged]));
  } catch (error) {
    if (unchanged.aborted) throw contentModified();
    throw error;
  }
  if (unchanged.aborted) throw contentModified();
  if (typeof answer !== "string") return answer;
  const answers = new Map([...checked.answers, [keyOf(question), answer] as const]);
  const again = inspectDocument(checked.inspection.document, session.rules, checked.config.settings, answers);
  const fix = findingAt(again.findings, finding)?.fixes[0];
  if (!fix) return { unknown: "with the answer there is nothing left to change" };
  const unsound = whyUnsound(again.document, finding.rule, fix);
  return unsound === undefined ? fix : { unknown: unsound };
}

/** The finding of the same rule at the same place. */
export const findingAt = (
  findings: readonly Finding[],
  { rule, span }: Pick<Finding, "rule" | "span">,
): Finding | undefined =>
  findings.find((other) => other.rule === rule && other.span.start === span.start && other.span.end === span.end);
