/** A fix that writes other files too, as one edit: they are made or changed together with the text, and undone together. */
import { CreateFile, TextDocumentEdit, type WorkspaceEdit } from "vscode-languageserver/node";
import type { FileChange, Fix } from "../core/rule.ts";
import { minimalEdits } from "../core/text/diff.ts";
import { linesOf } from "../core/text/lines.ts";
import { fixToWorkspaceEdit, toTextEdit } from "./convert.ts";
import type { Inspected, Session } from "./session.ts";

/** The edit, or why this editor cannot have it now. */
export function fixEdit(
  session: Session,
  checked: Inspected,
  fix: Fix,
): { readonly edit: WorkspaceEdit } | { readonly refusal: string } {
  const { abilities } = session;
  if (!fix.files) return { edit: fixToWorkspaceEdit(checked, fix, abilities) };
  if (!abilities.createFiles) return { refusal: "this editor does not let a server make files" };
  const changes: NonNullable<WorkspaceEdit["documentChanges"]> = [];
  if (fix.edits.length > 0) changes.push(...(fixToWorkspaceEdit(checked, fix, abilities).documentChanges ?? []));
  for (const file of fix.files) {
    const uri = uriOf(checked, file);
    const open = session.open(uri);
    if (open && open.text !== (file.before ?? ""))
      return { refusal: `${file.path} has changes that are not saved yet` };
    const before = file.before ?? "";
    const lines = linesOf(before);
    if (file.before === undefined) changes.push(CreateFile.create(uri, { overwrite: false }));
    const edits = minimalEdits(before, file.text).map((edit) => toTextEdit(lines, edit));
    changes.push(TextDocumentEdit.create({ uri, version: open?.version ?? null }, edits));
  }
  return { edit: { documentChanges: changes } };
}

const uriOf = ({ uri, context }: Inspected, { in: begins, path }: FileChange): string =>
  (begins === "context" ? context : uri.slice(0, uri.lastIndexOf("/") + 1)) +
  path.split("/").map(encodeURIComponent).join("/");
