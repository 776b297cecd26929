/** `textDocument/codeAction`: what can be done about the findings at a place, and `source.fixAll.dockwright`. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  type Diagnostic,
} from "vscode-languageserver/node";
import { type FixOptions, fixAll } from "../../core/findings/fix-all.ts";
import { ignoreHere, ignoreInFile, skipCheck } from "../../core/findings/ignore.ts";
import { whyUnsound } from "../../core/findings/sound.ts";
import type { Finding, Fix, Severity } from "../../core/rule.ts";
import { touches } from "../../core/text/edit.ts";
import { ASSIST_KINDS, type AssistData, assistActions, SORT_KIND, sortAction } from "../assists.ts";
import { findingDataOf, fixToWorkspaceEdit, toDiagnostic, toSpan, toWorkspaceEdit } from "../convert.ts";
import { fixEdit } from "../fix-files.ts";
import { type ImageActData, imageActions, isAct } from "../image-acts/menu.ts";
import { fixOfOffer } from "../offers.ts";
import { fieldsOf, numberOf, stringOf } from "../read.ts";
import type { Inspected, Session } from "../session.ts";
import { type MultiStageData, multiStageActions } from "./multi-stage.ts";

export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.dockwright`;

/** What a code action carries whose edit is computed when it is chosen. */
type ActionData =
  | {
      readonly do: "offer";
      readonly uri: string;
      readonly version: number;
      readonly rule: string;
      readonly start: number;
      readonly end: number;
      readonly offer: number;
    }
  | { readonly do: "fix-rule"; readonly uri: string; readonly version: number; readonly rule: string }
  | MultiStageData
  | ImageActData
  | AssistData;

export async function codeAction(
  session: Session,
  params: CodeActionParams,
  signal: AbortSignal,
): Promise<CodeAction[]> {
  const { textDocument, range, context } = params;
  const wants = (kind: string): boolean =>
    context.only === undefined || context.only.some((wanted) => includes(wanted, kind));
  const quickFixes = wants(CodeActionKind.QuickFix);
  const assists = ASSIST_KINDS.some(wants);
  // Without `only` a person is asking about a place, and this one is about the file.
  const source = context.only?.some((kind) => includes(kind, FIX_ALL_KIND)) ?? false;
  const sorting = context.only?.some((kind) => includes(kind, SORT_KIND)) ?? false;
  if (!quickFixes && !source && !assists && !sorting) return [];
  const checked = await session.check(textDocument.uri);
  if (!checked?.inspection) return [];

  const actions: CodeAction[] = [];
  if (quickFixes) {
    const here = toSpan(checked.lines, range);
    const findings = checked.inspection.findings.filter(
      (finding) =>
        touches(finding.span, here) || context.diagnostics.some((diagnostic) => isAbout(diagnostic, finding)),
    );
    for (const finding of findings.toSorted(inMenuOrder)) {
      actions.push(...fixActions(session, checked, finding));
      actions.push(...(await offerActions(session, checked, finding, context.triggerKind, signal)));
    }
    const rules = new Set(findings.map(({ rule }) => rule));
    for (const rule of rules) actions.push(...fixRuleActions(session, checked, rule));
    actions.push(...findings.flatMap((finding) => refusalActions(session, checked, finding)));
    actions.push(...findings.flatMap((finding) => ignoreActions(session, checked, finding)));
    for (const rule of rules) actions.push(ignoreFileAction(session, checked, rule));
    for (const rule of rules) actions.push(...skipCheckActions(session, checked, rule));
    for (const rule of rules) actions.push(explainAction(rule));
  }
  if (quickFixes || assists) actions.push(...imageActions(session, checked, params, wants));
  if (assists) actions.push(...assistActions(session, checked, params, wants));
  if (wants(CodeActionKind.RefactorRewrite))
    actions.push(...(await multiStageActions(session, checked, params, signal)));
  if (source) actions.push(...fixAllActions(session, checked));
  if (sorting) actions.push(...sortAction(session, checked));
  return actions;
}

const GRAVITY: readonly Severity[] = ["error", "warning", "info", "hint"];

/** What mends the marked text itself comes before what adds something elsewhere, then the graver before the lighter. */
const inMenuOrder = (a: Finding, b: Finding): number =>
  Number(reachesOut(a)) - Number(reachesOut(b)) || GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity);

const reachesOut = ({ span, fixes }: Finding): boolean =>
  fixes[0] !== undefined && (fixes[0].files !== undefined || fixes[0].edits.some((edit) => !touches(edit.span, span)));

/** `wanted` is the kind itself or stands above it; the empty kind stands above all. */
const includes = (wanted: string, kind: string): boolean =>
  wanted === "" || wanted === kind || kind.startsWith(`${wanted}.`);

function isAbout(diagnostic: Diagnostic, { rule, span }: Finding): boolean {
  const data = findingDataOf(diagnostic);
  return data?.rule === rule && data.start === span.start && data.end === span.end;
}

function fixActions(session: Session, checked: Inspected, finding: Finding): CodeAction[] {
  const { abilities } = session;
  const preferred = finding.fixes.find(({ safety }) => safety === "safe");
  return finding.fixes.flatMap((fix): CodeAction[] => {
    const unsound = whyUnsound(checked.inspection.document, finding.rule, fix);
    const made = unsound === undefined ? fixEdit(session, checked, fix) : { refusal: unsound };
    const action = {
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(checked, finding, abilities)],
    };
    if ("refusal" in made) return abilities.disabledActions ? [{ ...action, disabled: { reason: made.refusal } }] : [];
    return [{ ...action, ...(fix === preferred && { isPreferred: true }), edit: made.edit }];
  });
}

async function offerActions(
  session: Session,
  checked: Inspected,
  finding: Finding,
  trigger: CodeActionTriggerKind | undefined,
  signal: AbortSignal,
): Promise<CodeAction[]> {
  const { abilities } = session;
  if (!session.mayAsk(checked.config)) return [];
  const bare = finding.offers.map(({ title }) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(checked, finding, abilities)],
  }));
  if (abilities.resolveEdits) {
    const { uri, version } = checked;
    const { rule, span } = finding;
    return bare.map((action, offer) => {
      const data: ActionData = { do: "offer", uri, version, rule, start: span.start, end: span.end, offer };
      return { ...action, data };
    });
  }
  // The edit has to be there now. A menu that only follows the cursor is no reason to ask a registry.
  if (trigger === CodeActionTriggerKind.Automatic) return [];
  const actions: CodeAction[] = [];
  for (const [index, offer] of finding.offers.entries()) {
    const action = bare[index];
    if (!action) continue;
    const fix = await fixOfOffer(session, checked, finding, offer, signal);
    if (!("unknown" in fix)) actions.push({ ...action, edit: fixToWorkspaceEdit(checked, fix, abilities) });
    else if (abilities.disabledActions) actions.push({ ...action, disabled: { reason: fix.unknown } });
  }
  return actions;
}

/** All safe fixes of one rule, when there is more than one. */
function fixRuleActions(session: Session, checked: Inspected, rule: string): CodeAction[] {
  const fixable = checked.inspection.findings.filter((finding) => finding.rule === rule && finding.fixes.some(isSafe));
  if (fixable.length < 2) return [];
  const action = {
    title: `Fix all ${rule} in this file`,
    kind: CodeActionKind.QuickFix,
    diagnostics: fixable.map((finding) => toDiagnostic(checked, finding, session.abilities)),
  };
  if (!session.abilities.resolveEdits) return [{ ...action, edit: fixRuleEdit(session, checked, rule) }];
  const data: ActionData = { do: "fix-rule", uri: checked.uri, version: checked.version, rule };
  return [{ ...action, data }];
}

export const fixRuleEdit = (session: Session, checked: Inspected, rule: string) =>
  toWorkspaceEdit(
    checked,
    fixAll(checked.text, { ...safeFixes(session, checked), only: new Set([rule]) }).edits,
    session.abilities,
  );

function fixAllActions(session: Session, checked: Inspected): CodeAction[] {
  const { edits } = fixAll(checked.text, safeFixes(session, checked));
  if (edits.length === 0) return [];
  return [
    {
      title: "Fix all safe Dockwright problems",
      kind: FIX_ALL_KIND,
      edit: toWorkspaceEdit(checked, edits, session.abilities),
    },
  ];
}

export const safeFixes = ({ rules }: Session, { config, answers, inspection }: Inspected): FixOptions => ({
  rules,
  settings: config.settings,
  answers,
  allow: ["safe"],
  kind: inspection.document,
});

function refusalActions({ abilities }: Session, checked: Inspected, finding: Finding): CodeAction[] {
  if (finding.refusal === undefined || !abilities.disabledActions) return [];
  return [
    {
      title: `Fix ${finding.rule}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(checked, finding, abilities)],
      disabled: { reason: finding.refusal },
    },
  ];
}

function ignoreActions({ abilities }: Session, checked: Inspected, finding: Finding): CodeAction[] {
  const edit = ignoreHere(checked.inspection.document, finding);
  if (!edit) return [];
  return [
    {
      title: `Ignore ${finding.rule} here`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(checked, finding, abilities)],
      edit: toWorkspaceEdit(checked, [edit], abilities),
    },
  ];
}

const ignoreFileAction = ({ abilities }: Session, checked: Inspected, rule: string): CodeAction => ({
  title: `Ignore ${rule} in this file`,
  kind: CodeActionKind.QuickFix,
  edit: toWorkspaceEdit(checked, [ignoreInFile(checked.inspection.document, rule)], abilities),
});

/** For checks that BuildKit has too: its own directive keeps its builds quiet as well. */
function skipCheckActions({ abilities, rules }: Session, checked: Inspected, id: string): CodeAction[] {
  const codes = rules.find((rule) => rule.id === id)?.sameAs ?? [];
  const check = codes.find((code) => code.startsWith("buildkit:"))?.slice("buildkit:".length);
  const { document } = checked.inspection;
  const edit = check === undefined || document.language !== "dockerfile" ? undefined : skipCheck(document, check);
  if (!edit) return [];
  return [
    {
      title: `Skip BuildKit's ${check} in this file`,
      kind: CodeActionKind.QuickFix,
      edit: toWorkspaceEdit(checked, [edit], abilities),
    },
  ];
}

const explainAction = (rule: string): CodeAction => ({
  title: `Explain ${rule}`,
  kind: CodeActionKind.QuickFix,
  command: { title: `Explain ${rule}`, command: "dockwright.explainRule", arguments: [rule] },
});

const isSafe = ({ safety }: Fix): boolean => safety === "safe";

/** What an action carried; undefined when it is none of ours. */
export function actionDataOf(value: unknown): ActionData | undefined {
  const fields = fieldsOf(value);
  const uri = stringOf(fields?.["uri"]);
  const version = numberOf(fields?.["version"]);
  const rule = stringOf(fields?.["rule"]);
  const title = stringOf(fields?.["title"]);
  const start = numberOf(fields?.["start"]);
  const end = numberOf(fields?.["end"]);
  if (uri === undefined || version === undefined) return undefined;
  if (fields?.["do"] === "assist" && title !== undefined && start !== undefined && end !== undefined)
    return { do: "assist", uri, version, title, start, end };
  if (fields?.["do"] === "multi-stage") return { do: "multi-stage", uri, version };
  const act = fields?.["act"];
  if (fields?.["do"] === "image-act" && isAct(act) && start !== undefined)
    return { do: "image-act", act, uri, version, start };
  if (rule === undefined) return undefined;
  if (fields?.["do"] === "fix-rule") return { do: "fix-rule", uri, version, rule };
  const offer = numberOf(fields?.["offer"]);
  if (fields?.["do"] !== "offer" || start === undefined || end === undefined || offer === undefined) return undefined;
  return { do: "offer", uri, version, rule, start, end, offer };
}
