/** `dockwright.pinAllBaseImages`: asks for the digest of every image of a file that has none, then changes it once. */
import { MessageType } from "vscode-languageserver/node";
import { fixAll } from "../../core/findings/fix-all.ts";
import { inspectDocument } from "../../core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../../core/findings/settings.ts";
import { type Answer, keyOf, type Question } from "../../core/rule.ts";
import type { CommandSummary } from "../messages.ts";
import type { Inspected, Session } from "../session.ts";
import { applyInEditor } from "./apply.ts";

const RULES: ReadonlySet<string> = new Set(["base-digest-unpinned", "compose-image-digest"]);
/** Asking means wanting it: the rule runs whatever the profile, and comments that ignore it still count. */
const SETTINGS: Settings = { ...defaultSettings, rules: Object.fromEntries([...RULES].map((id) => [id, "warning"])) };
const AT_ONCE = 4;

export async function pinAllBaseImages(session: Session, uri: string, signal: AbortSignal): Promise<CommandSummary> {
  const summary = await pin(session, uri, signal);
  session.showMessage(summary.failed.length > 0 ? MessageType.Warning : MessageType.Info, summary.message);
  return summary;
}

async function pin(session: Session, uri: string, signal: AbortSignal): Promise<CommandSummary> {
  const before = await session.check(uri);
  if (!before?.inspection)
    return nothingPinned(
      uri,
      before?.notChecked ?? "the file is not open, or is neither a Dockerfile nor a compose file",
    );
  const questions = questionsOf(session, before);
  const answers = await askAll(session, before, questions, signal);

  // The text may have changed while the registries were asked: what is open now is what gets pinned.
  const checked = await session.check(uri);
  if (!checked?.inspection) return nothingPinned(uri, "the file was closed meanwhile");
  const { edits, applied } = fixAll(checked.text, {
    rules: session.rules.filter(({ id }) => RULES.has(id)),
    settings: SETTINGS,
    answers: new Map([...checked.answers, ...answers]),
    allow: ["safe", "unsafe"],
    kind: checked.inspection.document,
  });
  const failed = questions.flatMap((question) => {
    const answer = answers.get(keyOf(question));
    return answer === undefined || typeof answer === "string"
      ? []
      : [{ what: subjectOf(question), why: answer.unknown }];
  });
  const refused = edits.length > 0 ? await applyInEditor(session, checked, "Pin all base images", edits) : undefined;
  if (refused !== undefined) return nothingPinned(uri, refused);
  return { message: sentence(applied.length, failed), applied: applied.length, failed };
}

function questionsOf(session: Session, { inspection, answers }: Inspected): readonly Question[] {
  const rules = session.rules.filter(({ id }) => RULES.has(id));
  const { findings } = inspectDocument(inspection.document, rules, SETTINGS, answers);
  const questions = new Map<string, Question>();
  for (const { offers } of findings) {
    // Offers are alternatives, the first is the best.
    const [offer] = offers;
    if (offer) questions.set(keyOf(offer.question), offer.question);
  }
  return [...questions.values()];
}

/** A few at a time, with a progress the person can cancel. */
async function askAll(
  session: Session,
  checked: Inspected,
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  if (questions.length === 0) return answers;
  const progress = await session.connection.window.createWorkDoneProgress();
  const stop = new AbortController();
  const listening = progress.token.onCancellationRequested(() => stop.abort());
  const either = AbortSignal.any([signal, stop.signal]);
  progress.begin("Pinning base images", 0, undefined, true);
  try {
    const rest = questions.values();
    const worker = async (): Promise<void> => {
      for (const question of rest) {
        progress.report((100 * answers.size) / questions.length, subjectOf(question));
        answers.set(keyOf(question), await askOne(session, checked, question, either, signal));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return answers;
  } finally {
    listening.dispose();
    progress.done();
  }
}

/** Cancelling the progress keeps what was found so far; cancelling the request ends it. */
async function askOne(
  session: Session,
  checked: Inspected,
  question: Question,
  either: AbortSignal,
  request: AbortSignal,
): Promise<Answer> {
  try {
    return await session.ask(question, checked, either);
  } catch (error) {
    if (request.aborted || !either.aborted) throw error;
    return { unknown: "it was cancelled" };
  }
}

const subjectOf = (question: Question): string => ("image" in question ? question.image : keyOf(question));

function sentence(pinned: number, failed: CommandSummary["failed"]): string {
  const done = pinned === 0 ? "No image was pinned" : `Pinned ${pinned} ${pinned === 1 ? "image" : "images"}`;
  if (failed.length > 0) return `${done}; not pinned: ${failed.map(({ what, why }) => `${what} (${why})`).join(", ")}`;
  return pinned === 0 ? "Every base image is pinned already, or a variable hides it" : done;
}

const nothingPinned = (uri: string, why: string): CommandSummary => ({
  message: `No image was pinned: ${why}`,
  applied: 0,
  failed: [{ what: uri, why }],
});
