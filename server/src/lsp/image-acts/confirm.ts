/** Changes of several files: a person confirms them by their counts, then they are one edit that is undone at once. */
import {
  type MessageActionItem,
  ShowMessageRequest,
  MessageType,
  type TextDocumentEdit,
} from "vscode-languageserver/node";
import type { Edit } from "../../core/text/edit.ts";
import type { Lines } from "../../core/text/lines.ts";
import { toTextEdit } from "../convert.ts";
import type { ConfirmPinsParams, PinsConfirmed } from "../messages.ts";
import type { Session } from "../session.ts";
import type { Outcome, Want } from "./plan.ts";

/** What is changed in one file. */
export interface FileChange {
  readonly uri: string;
  /** As people are shown it. */
  readonly name: string;
  /** Null where it is not open. */
  readonly version: number | null;
  readonly lines: Lines;
  readonly edits: readonly Edit[];
}

const ANNOTATION = "dockwright.pins";
/** So many lines a dialog has room for. */
const MOST_FILES = 15;
const PREVIEW = "Choose Changes…";

export async function confirmed(
  session: Session,
  want: Want,
  { changed, pinned, failed }: Pick<Outcome, "changed" | "pinned" | "failed">,
  changes: readonly FileChange[],
): Promise<PinsConfirmed> {
  const [verb, one, many] = want === "pin" ? ["Pin", "Image", "Images"] : ["Update", "Digest", "Digests"];
  const action = `${verb} ${changed} ${changed === 1 ? one : many}`;
  const lines = changes.slice(0, MOST_FILES).map(({ name, edits }) => `${name}: ${edits.length}`);
  if (changes.length > lines.length) lines.push(`and ${changes.length - lines.length} more files`);
  if (want === "pin" && pinned > 0) lines.push(`Pinned already: ${pinned}`);
  if (failed.length > 0) lines.push(`Not possible: ${failed.length}; the log says why`);
  const params: ConfirmPinsParams = {
    message: `${verb} ${changed} ${(changed === 1 ? one : many).toLowerCase()} in ${changes.length} ${changes.length === 1 ? "file" : "files"}?`,
    detail: lines.join("\n"),
    action,
  };
  if (session.abilities.ownCommands.has("dockwright.pinWorkspace"))
    return session.connection.sendRequest<PinsConfirmed>("dockwright/confirmPins", params);
  const choices: MessageActionItem[] = [
    { title: action },
    ...(session.abilities.annotatedEdits ? [{ title: PREVIEW }] : []),
  ];
  const chosen = await session.connection.sendRequest(ShowMessageRequest.type, {
    type: MessageType.Info,
    message: `${params.message} ${lines.join(", ")}`,
    actions: choices,
  });
  if (chosen?.title === PREVIEW) return "preview";
  return chosen?.title === action ? "apply" : "cancel";
}

/** Undefined when it was applied, otherwise why not. */
export async function applyAll(
  session: Session,
  want: Want,
  changes: readonly FileChange[],
  how: Exclude<PinsConfirmed, "cancel">,
): Promise<string | undefined> {
  const { abilities } = session;
  if (!abilities.applyEdit) return "this editor does not let a server change files";
  const label = want === "pin" ? "Pin all images" : "Update all digests";
  const annotated = how === "preview" && abilities.annotatedEdits;
  const textEdits = ({ lines, edits }: FileChange) => edits.map((edit) => toTextEdit(lines, edit));
  const documentChanges = changes.map(
    (change): TextDocumentEdit => ({
      textDocument: { uri: change.uri, version: change.version },
      edits: textEdits(change).map((edit) => ({ ...edit, ...(annotated && { annotationId: ANNOTATION }) })),
    }),
  );
  const edit = abilities.versionedEdits
    ? {
        documentChanges,
        ...(annotated && { changeAnnotations: { [ANNOTATION]: { label, needsConfirmation: true } } }),
      }
    : { changes: Object.fromEntries(changes.map((change) => [change.uri, textEdits(change)])) };
  // As with a rename, editors save what was saved before.
  const { applied, failureReason } = await session.connection.workspace.applyEdit({
    ...{ label, edit, metadata: { isRefactoring: true } },
  });
  return applied ? undefined : `the editor did not apply the change${failureReason ? `: ${failureReason}` : ""}`;
}
