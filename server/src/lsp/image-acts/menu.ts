/** Pin, update and unpin as code actions on the image reference at a place, whether or not a rule has found anything there. */
import { type CodeAction, CodeActionKind, type CodeActionParams, MessageType } from "vscode-languageserver/node";
import { type ImagePlace, imagePlaces } from "../../core/rules/image-places.ts";
import type { Finding } from "../../core/rule.ts";
import { touches } from "../../core/text/edit.ts";
import { toDiagnostic, toRange, toSpan, toWorkspaceEdit } from "../convert.ts";
import type { Inspected, Session } from "../session.ts";
import { lookIn } from "../with-answers.ts";
import { type Act, ACTS, carryOut, refusalAt, titleAt } from "./acts.ts";

export interface ImageActData {
  readonly do: "image-act";
  readonly act: Act;
  readonly uri: string;
  readonly version: number;
  /** Where the reference begins. */
  readonly start: number;
}

/** The commands that do the same at a position. */
const COMMANDS: Readonly<Record<Act, string>> = {
  pin: "dockwright.pinImage",
  update: "dockwright.updateDigest",
  unpin: "dockwright.unpinImage",
};
/** The rules whose fixes and offers do the same; they come first in the menu. */
const RULES: Readonly<Record<Act, readonly string[]>> = {
  pin: ["base-digest-unpinned", "compose-image-digest"],
  update: ["base-digest-stale", "compose-image-digest-stale"],
  unpin: [],
};

export const isAct = (value: unknown): value is Act => typeof value === "string" && Object.hasOwn(ACTS, value);

export function imageActions(
  session: Session,
  checked: Inspected,
  { range }: CodeActionParams,
  wants: (kind: string) => boolean,
): CodeAction[] {
  const here = toSpan(checked.lines, range);
  const { document, findings } = checked.inspection;
  const [place, ...more] = imagePlaces(document, lookIn(checked.answers)).filter(({ span }) => touches(span, here));
  // Who selects several asks for no single one.
  if (!place || more.length > 0) return [];
  return actsFor(place).flatMap((act): CodeAction[] => {
    const found = findings.filter(({ rule, span }) => RULES[act].includes(rule) && touches(span, place.span));
    if (found.some(({ fixes, offers }) => fixes.length + offers.length > 0)) return [];
    if (ACTS[act].asks && !session.mayAsk(checked.config)) return [];
    return actionFor(session, checked, place, act, found).filter(({ kind = "" }) => wants(kind));
  });
}

/** What a variable decides could only be pinned, if it could. */
const actsFor = ({ ref }: ImagePlace): readonly Act[] =>
  (Object.keys(ACTS) as Act[]).filter((act) => (ref ? ACTS[act].fits(ref) : act === "pin"));

function actionFor(
  { abilities }: Session,
  checked: Inspected,
  place: ImagePlace,
  act: Act,
  found: readonly Finding[],
): CodeAction[] {
  const { uri, version, lines } = checked;
  const refusal = refusalAt(place, act);
  const title = titleAt(act, place, checked.answers);
  const action = {
    title,
    kind: found.length > 0 ? CodeActionKind.QuickFix : CodeActionKind.RefactorRewrite,
    ...(found.length > 0 && { diagnostics: found.map((finding) => toDiagnostic(checked, finding, abilities)) }),
  };
  if (refusal !== undefined) return abilities.disabledActions ? [{ ...action, disabled: { reason: refusal } }] : [];
  if (!ACTS[act].asks) {
    const change = place.withDigest(undefined);
    return "edits" in change ? [{ ...action, edit: toWorkspaceEdit(checked, change.edits, abilities) }] : [];
  }
  if (abilities.resolveEdits) {
    const data: ImageActData = { do: "image-act", act, uri, version, start: place.span.start };
    return [{ ...action, data }];
  }
  // Nobody is asked for a menu: the command asks when it is chosen.
  const { start } = toRange(lines, place.span);
  return abilities.applyEdit
    ? [{ ...action, command: { title, command: COMMANDS[act], arguments: [uri, start] } }]
    : [];
}

/** Undefined when what the action was about is not there any more. */
export async function resolveImageAct(
  session: Session,
  checked: Inspected,
  action: CodeAction,
  { act, start }: ImageActData,
  signal: AbortSignal,
): Promise<CodeAction | undefined> {
  const places = imagePlaces(checked.inspection.document, lookIn(checked.answers));
  const place = places.find(({ span }) => span.start === start);
  if (!place) return undefined;
  const unchanged = session.whileUnchanged(checked.uri);
  try {
    const outcome = await carryOut(session, checked, place, act, AbortSignal.any([signal, unchanged]));
    if (unchanged.aborted) return undefined;
    if ("refusal" in outcome) {
      session.showMessage(MessageType.Warning, `${action.title}: not possible, ${outcome.refusal}`);
      return action;
    }
    // What was pinned is to be seen; what a tag has become is not.
    if (act === "update") session.showMessage(MessageType.Info, outcome.said);
    if (outcome.edits.length === 0) return action;
    return { ...action, edit: toWorkspaceEdit(checked, outcome.edits, session.abilities) };
  } catch (error) {
    if (unchanged.aborted) return undefined;
    throw error;
  }
}
