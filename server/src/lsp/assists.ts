/** Rewritings of compose files and Dockerfiles as code actions: what is offered at a place, and the edit once one is chosen. */
import { posix } from "node:path";
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  CreateFile,
  MessageType,
  TextDocumentEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { composeAssists, REQUESTS } from "../core/assists/compose/index.ts";
import { dockerfileAssists, type Lookup, refactoringNamed, rewriteAt } from "../core/assists/dockerfile/index.ts";
import { type Assist, type Companion, isRefusal, type Refusal, type Rewrite } from "../core/assists/rewrite.ts";
import type { Question } from "../core/rule.ts";
import type { Span } from "../core/text/edit.ts";
import { linesOf } from "../core/text/lines.ts";
import { fixToWorkspaceEdit, toRange, toSpan, toWorkspaceEdit } from "./convert.ts";
import { askShown } from "./ask-shown.ts";
import type { Inspected, Session } from "./session.ts";
import { lookIn, withAnswers } from "./with-answers.ts";

export const ASSIST_KINDS: readonly string[] = [
  CodeActionKind.RefactorRewrite,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorInline,
];
/** All keys of a file, for who wants that on saving. */
export const SORT_KIND = `${CodeActionKind.Source}.sortKeys.dockwright`;

/** What an action carries whose edit is worked out when it is chosen. */
export interface AssistData {
  readonly do: "assist";
  readonly uri: string;
  readonly version: number;
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

/** `wants`: whether the client asked for a kind. A menu that only follows the cursor has none: they are nothing to draw attention to. */
export function assistActions(
  session: Session,
  checked: Inspected,
  { range, context }: CodeActionParams,
  wants: (kind: string) => boolean,
): CodeAction[] {
  const at = toSpan(checked.lines, range);
  const isIdle =
    context.triggerKind === CodeActionTriggerKind.Automatic && context.only === undefined && at.start === at.end;
  if (isIdle) return [];
  return assistsAt(checked, at, lookIn(checked.answers))
    .filter(({ kind }) => wants(kind))
    .flatMap((assist) => actionFor(session, checked, assist, at));
}

const assistsAt = ({ inspection: { document } }: Inspected, at: Span, lookup: Lookup): readonly Assist[] => {
  if (document.language === "compose") return composeAssists(document, at);
  return document.language === "dockerfile" ? dockerfileAssists(document, at, lookup) : [];
};

function actionFor(session: Session, checked: Inspected, assist: Assist, at: Span): CodeAction[] {
  const { abilities } = session;
  const { title, kind, refusal } = assist;
  if (refusal !== undefined) return abilities.disabledActions ? [{ title, kind, disabled: { reason: refusal } }] : [];
  if (abilities.resolveEdits) {
    const { uri, version } = checked;
    const data: AssistData = { do: "assist", uri, version, title, start: at.start, end: at.end };
    return [{ title, kind, data }];
  }
  const made = assist.rewrite();
  if (isRefusal(made)) return abilities.disabledActions ? [{ title, kind, disabled: { reason: made.refusal } }] : [];
  return [{ title, kind, edit: documentEdit(session, checked, made) }];
}

/** The assist an action was about; undefined when there is none any more. */
export async function resolveAssist(
  session: Session,
  checked: Inspected,
  action: CodeAction,
  { title, start, end }: AssistData,
  signal: AbortSignal,
): Promise<CodeAction | undefined> {
  const at = { start, end };
  const assist = assistsAt(checked, at, lookIn(checked.answers)).find((each) => each.title === title);
  const made = assist && (await workedOut(session, checked, assist, at, signal));
  if (!made) return undefined;
  if (isRefusal(made)) {
    session.showMessage(MessageType.Warning, `${title}: not possible, ${made.refusal}`);
    return action;
  }
  const { edit, left } = await withCompanions(session, checked, made, signal);
  const remarks = [...(made.left ?? []), ...left];
  if (remarks.length > 0) session.showMessage(MessageType.Info, `${title}: ${remarks.join("; ")}`);
  return { ...action, edit };
}

/** A registry that has not answered by then is not waited for. */
const PATIENCE_MS = 10_000;
/** A download is given up by whoever downloads, or when the document changes. */
const DOWNLOAD_MS = 40 * 60_000;

/** With the answers it wants, now that somebody has chosen it. */
async function workedOut(
  session: Session,
  checked: Inspected,
  assist: Assist,
  at: Span,
  signal: AbortSignal,
): Promise<Rewrite | Refusal | undefined> {
  const { document } = checked.inspection;
  const refactoring = document.language === "dockerfile" ? refactoringNamed(assist.id) : undefined;
  if (document.language !== "dockerfile" || !refactoring) return assist.rewrite();
  const unchanged = session.whileUnchanged(checked.uri);
  const { result } = await withAnswers<Rewrite | Refusal | undefined, Question>(
    session,
    checked,
    AbortSignal.any([signal, unchanged]),
    (lookup) => rewriteAt(document, refactoring, at, lookup, assist.title),
    {
      patience: refactoring.downloads ? DOWNLOAD_MS : PATIENCE_MS,
      ask: (question, of, until) => askShown(session, question, of, until, session.look),
    },
  );
  signal.throwIfAborted();
  return unchanged.aborted ? undefined : result;
}

export function sortAction(session: Session, checked: Inspected): CodeAction[] {
  const { document } = checked.inspection;
  const made = document.language === "compose" && REQUESTS["sort-keys"]?.request(false)(document, undefined);
  if (!made || isRefusal(made)) return [];
  return [{ title: "Sort all keys of this file", kind: SORT_KIND, edit: documentEdit(session, checked, made) }];
}

const documentEdit = ({ abilities }: Session, checked: Inspected, { edits, snippet }: Rewrite): WorkspaceEdit =>
  fixToWorkspaceEdit(checked, { title: "", safety: "unsafe", edits, ...(snippet && { snippet }) }, abilities);

/** With the files that belong to it, all in one edit that is undone at once; what cannot be made is told. */
async function withCompanions(
  session: Session,
  checked: Inspected,
  made: Rewrite,
  signal: AbortSignal,
): Promise<{ readonly edit: WorkspaceEdit; readonly left: readonly string[] }> {
  const { companions = [] } = made;
  if (companions.length === 0) return { edit: documentEdit(session, checked, made), left: [] };
  const { abilities } = session;
  const own = toWorkspaceEdit(checked, made.edits, abilities);
  const changes: NonNullable<WorkspaceEdit["documentChanges"]> = [];
  const left: string[] = [];
  for (const companion of companions) {
    const more = abilities.createFiles ? await companionChanges(session, checked, companion, signal) : undefined;
    if (more) changes.push(...more);
    else left.push(byHand(companion));
  }
  return { edit: changes.length === 0 ? own : { documentChanges: [...(own.documentChanges ?? []), ...changes] }, left };
}

const byHand = (companion: Companion): string =>
  "make" in companion ? `make ${companion.make} with the value in it` : `add ${companion.line} to ${companion.addTo}`;

/** Undefined when it is not known what is there, or when something is that should not be touched. */
async function companionChanges(
  session: Session,
  checked: Inspected,
  companion: Companion,
  signal: AbortSignal,
): Promise<NonNullable<WorkspaceEdit["documentChanges"]> | undefined> {
  const path = "make" in companion ? companion.make : companion.addTo;
  const uri = beside(checked.uri, path);
  const kind = await session.ask({ ask: "path-kind", path }, checked, signal);
  const start = { line: 0, character: 0 };
  const into = (text: string, range = { start, end: start }): TextDocumentEdit =>
    TextDocumentEdit.create({ uri, version: null }, [{ range, newText: text }]);
  if (kind === "missing")
    return [
      CreateFile.create(uri, { overwrite: false }),
      into("make" in companion ? companion.text : `${companion.line}\n`),
    ];
  if (kind !== "file" || "make" in companion) return undefined;
  const text = await session.ask({ ask: "text", path }, checked, signal);
  if (typeof text !== "string") return undefined;
  if (text.split(/\r?\n/).some((line) => line.trim() === companion.line)) return [];
  const end = { start: text.length, end: text.length };
  return [into(`${text === "" || text.endsWith("\n") ? "" : "\n"}${companion.line}\n`, toRange(linesOf(text), end))];
}

const beside = (uri: string, path: string): string => {
  const url = new URL(uri);
  url.pathname = posix.join(posix.dirname(url.pathname), ...path.split("/").map(encodeURIComponent));
  return url.href;
};
