/** `textDocument/completion` in compose files, and of paths in ignore files. */
import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from "vscode-languageserver/node";
import { completionsAt } from "../../core/features/compose/completion.ts";
import type { Completion, CompletionKind } from "../../core/features/compose/completion-model.ts";
import { pathsAt } from "../../core/features/dockerignore/completion.ts";
import type { Abilities } from "../abilities.ts";
import { toRange, toSpan } from "../convert.ts";
import type { Opened, Session } from "../session.ts";
import { contextListing } from "../context-listing.ts";
import { withAnswers } from "../with-answers.ts";

/** What begins something new: a value, a part of a path, a variable, a list. */
export const COMPLETION_TRIGGERS: readonly string[] = [" ", ":", "/", "$", "{", "[", ",", '"', "'", "*"];

const KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  name: CompletionItemKind.Reference,
  image: CompletionItemKind.Module,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  variable: CompletionItemKind.Variable,
};

export const noCompletions = (): CompletionList => ({ isIncomplete: false, items: [] });

export async function completion(
  session: Session,
  { textDocument, position }: CompletionParams,
  signal: AbortSignal,
): Promise<CompletionList> {
  const opened = await session.glance(textDocument.uri);
  if (opened?.language === "dockerignore") {
    const { start: offset } = toSpan(opened.lines, { start: position, end: position });
    const found = pathsAt(opened.text, offset, (await contextListing(session, opened, signal)) ?? []);
    const items = found.map((each, index) => itemOf(each, index, offset, opened, session.abilities));
    return { isIncomplete: false, items };
  }
  if (opened?.language !== "compose" || !opened.config.compose.completion) return noCompletions();
  const { start: offset } = toSpan(opened.lines, { start: position, end: position });
  // Only a document that was opened just now has no model yet.
  const document = opened.document ?? (await session.check(textDocument.uri))?.inspection?.document;
  const model = document?.language === "compose" ? document : undefined;
  const { result, complete } = await withAnswers(session, opened, signal, (look) =>
    completionsAt(opened.text, offset, look, model),
  );
  const items = result.map((each, index) => itemOf(each, index, offset, opened, session.abilities));
  return { isIncomplete: !complete, items };
}

function itemOf(
  { label, kind, detail, about, span, text, snippet, filter, deprecated }: Completion,
  index: number,
  offset: number,
  { lines }: Opened,
  abilities: Abilities,
): CompletionItem {
  const isSnippet = snippet !== undefined && abilities.completionSnippets;
  const newText = isSnippet ? snippet : text;
  // What was taken goes on: in a folder, or with the value of a key. Only our own client has the editor's command.
  const goesOn = (kind === "folder" && text.endsWith("/")) || (isSnippet && snippet.endsWith("$0"));
  const again = goesOn && abilities.ownCommands.size > 0;
  const replace = toRange(lines, span);
  const insert = toRange(lines, { start: span.start, end: offset });
  return {
    label,
    kind: KINDS[kind],
    ...(detail !== undefined && detail !== "" && { detail }),
    ...(about !== undefined && { documentation: { kind: MarkupKind.Markdown, value: about } }),
    sortText: String(index).padStart(4, "0"),
    ...(filter !== undefined && { filterText: filter }),
    ...(deprecated && abilities.completionTags && { tags: [CompletionItemTag.Deprecated] }),
    ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
    // Lines below the first are indented as the file is already.
    ...(abilities.completionAsIs && newText.includes("\n") && { insertTextMode: InsertTextMode.asIs }),
    ...(again && { command: { title: "Suggest", command: "editor.action.triggerSuggest" } }),
    textEdit: abilities.completionInsertReplace ? { newText, insert, replace } : { newText, range: replace },
  };
}
