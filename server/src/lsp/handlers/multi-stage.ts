/** *Convert to Multi-Stage*: the conversion as plain data for our client's preview, and as a code action for every editor. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  MessageType,
} from "vscode-languageserver/node";
import { contextFor } from "../../core/assists/multi-stage/context.ts";
import { type Conversion, convertToMultiStage } from "../../core/assists/multi-stage/convert.ts";
import { hasBuildTools, onlyStage } from "../../core/assists/multi-stage/offer.ts";
import { type Choices, NO_CHOICES } from "../../core/assists/multi-stage/recipe.ts";
import type { Dockerfile } from "../../core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import type { Answer, Question, RuleContext } from "../../core/rule.ts";
import { touches } from "../../core/text/edit.ts";
import { toSpan, toTextEdit, toWorkspaceEdit } from "../convert.ts";
import { contentModified, invalidParams } from "../guard.ts";
import type { MultiStageAnswer } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Inspected, Opened, Session } from "../session.ts";
import { withAnswers, type Worked } from "../with-answers.ts";

/** Our client's, with a preview. */
const COMMAND = "dockwright.convertToMultiStage";
const TITLE = "Convert to multi-stage";
/** A registry that has not said a digest by then is not waited for, and the tag stays. */
const PATIENCE_MS = 10_000;

/** What an action carries whose edit is worked out when it is chosen. */
export interface MultiStageData {
  readonly do: "multi-stage";
  readonly uri: string;
  readonly version: number;
}

export async function multiStage(session: Session, params: unknown, signal: AbortSignal): Promise<MultiStageAnswer> {
  const uri = stringOf(fieldsOf(params)?.["uri"]);
  if (uri === undefined) throw invalidParams("The address of a Dockerfile is needed");
  const opened = await session.glance(uri);
  if (opened?.language !== "dockerfile")
    return { outcome: "refused", reason: "it is not open, or it is not a Dockerfile" };
  const choices = choicesIn(fieldsOf(params)?.["choices"]);
  const { result: made } = await conversionOf(session, opened, parsed(opened), signal, { choices });
  if (made.outcome !== "converted") return made;
  const { version, context, lines } = opened;
  return { ...made, version, context, edits: made.edits.map((edit) => toTextEdit(lines, edit)) };
}

/** What is no text is left out. */
const choicesIn = (value: unknown): Choices =>
  new Map(
    Object.entries(fieldsOf(value) ?? {}).flatMap(([decision, choice]) =>
      typeof choice === "string" ? [[decision, choice] as const] : [],
    ),
  );

const parsed = ({ uri, text }: Opened): Dockerfile =>
  parseDockerfile(text, decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1)));

interface Wishes {
  readonly choices?: Choices;
  /** Of files only: a menu is no reason to ask a registry. */
  readonly quick?: boolean;
}

async function conversionOf(
  session: Session,
  opened: Pick<Opened, "uri" | "config" | "answers">,
  dockerfile: Dockerfile,
  signal: AbortSignal,
  { choices = NO_CHOICES, quick = false }: Wishes = {},
): Promise<Worked<Conversion>> {
  const work = (look: RuleContext["lookup"]): Conversion => {
    const lookup: typeof look = (question) => (quick && question.ask === "digest" ? NOT_ASKED : look(question));
    return convertToMultiStage(dockerfile, contextFor(dockerfile, lookup), choices);
  };
  const worked = await withAnswers<Conversion, Question>(session, opened, signal, work, {
    ask: session.look,
    ...(!quick && { patience: PATIENCE_MS }),
  });
  signal.throwIfAborted();
  return worked;
}

const NOT_ASKED: Answer = { unknown: "no registry is asked for a menu" };

/**
 * Offered where the text alone says that something in it only builds. Whoever asks for refactorings by name is told of a file that
 * cannot be converted, and why; a menu that only follows the cursor has it at FROM.
 */
export async function multiStageActions(
  session: Session,
  checked: Inspected,
  { range, context }: CodeActionParams,
  signal: AbortSignal,
): Promise<CodeAction[]> {
  const { document } = checked.inspection;
  const stage = document.language === "dockerfile" ? onlyStage(document) : undefined;
  if (document.language !== "dockerfile" || !stage) return [];
  const { abilities } = session;
  const automatic = context.triggerKind === CodeActionTriggerKind.Automatic;
  const byName = context.only?.some((kind) => kind !== CodeActionKind.Empty) ?? false;
  if (automatic && !byName && !touches(stage.from.span, toSpan(checked.lines, range))) return [];
  const own = abilities.ownCommands.has(COMMAND);
  const action = { title: own ? `${TITLE}…` : TITLE, kind: CodeActionKind.RefactorRewrite };
  if (byName && !automatic) {
    const { result: made, complete } = await conversionOf(session, checked, document, signal, { quick: true });
    // What is not known yet may be known once it is chosen.
    if (made.outcome !== "converted" && complete)
      return abilities.disabledActions ? [{ ...action, disabled: { reason: reasonOf(made) } }] : [];
  } else if (!hasBuildTools(document)) return [];

  const { uri, version } = checked;
  if (own) return [{ ...action, command: { title: TITLE, command: COMMAND, arguments: [uri] } }];
  const data: MultiStageData = { do: "multi-stage", uri, version };
  if (abilities.resolveEdits) return [{ ...action, data }];
  if (automatic) return [];
  const { result: made } = await conversionOf(session, checked, document, signal, { quick: true });
  return made.outcome === "converted" ? [{ ...action, edit: toWorkspaceEdit(checked, made.edits, abilities) }] : [];
}

/** The edit of an action that was chosen; what was decided, or why nothing comes of it, is told. */
export async function resolveMultiStage(
  session: Session,
  checked: Inspected,
  action: CodeAction,
  signal: AbortSignal,
): Promise<CodeAction> {
  const { document } = checked.inspection;
  if (document.language !== "dockerfile") throw contentModified();
  const unchanged = session.whileUnchanged(checked.uri);
  const { result: made } = await conversionOf(session, checked, document, signal);
  if (unchanged.aborted) throw contentModified();
  if (made.outcome !== "converted") {
    session.showMessage(MessageType.Warning, `${action.title}: not possible, ${reasonOf(made)}`);
    return action;
  }
  const doubtful = made.decisions.filter((decision) => decision.doubtful);
  const shown = doubtful.length > 0 ? doubtful : made.decisions;
  if (shown.length > 0) {
    const list = shown.map(({ what, why }) => `${what} (${why})`).join("; ");
    session.showMessage(MessageType.Info, `${action.title}: ${doubtful.length > 0 ? "look over: " : ""}${list}`);
  }
  return { ...action, edit: toWorkspaceEdit(checked, made.edits, session.abilities) };
}

const reasonOf = (made: Exclude<Conversion, { readonly outcome: "converted" }>): string =>
  made.outcome === "no benefit" && made.instead.length > 0
    ? `${made.reason}; what would help instead: ${made.instead.join(", ")}`
    : made.reason;
