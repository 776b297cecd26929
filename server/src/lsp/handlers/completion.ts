/** `textDocument/completion` in Dockerfiles and compose files, of images in both, and of paths in ignore files. */
import {
  type CompletionContext,
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  type CompletionParams,
  CompletionTriggerKind,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from "vscode-languageserver/node";
import { completionsAt } from "../../core/features/compose/completion.ts";
import type { Completion, CompletionKind } from "../../core/features/compose/completion-model.ts";
import {
  changesWithLetters,
  completionsAt as dockerfileCompletions,
} from "../../core/features/dockerfile/completion.ts";
import type { Look } from "../../core/features/compose/look.ts";
import { pathsAt } from "../../core/features/dockerignore/completion.ts";
import type { Abilities } from "../abilities.ts";
import { toRange, toSpan } from "../convert.ts";
import type { Opened, Session } from "../session.ts";
import { contextListing } from "../context-listing.ts";
import { surroundingsOf } from "../dockerfile-surroundings.ts";
import { imageCompletions } from "../image-completions.ts";
import { withAnswers, type Worked } from "../with-answers.ts";

/** What begins something new: a value, a part of a path, a variable, a list, a digest. */
const TRIGGERS = [" ", ":", "/", "$", "{", "[", ",", '"', "'", "*", "@"];
/** In Dockerfiles alone: what a flag may be, flags, comments. */
const DOCKERFILE_TRIGGERS = ["=", "-", "#"];
export const COMPLETION_TRIGGERS: readonly string[] = [...TRIGGERS, ...DOCKERFILE_TRIGGERS];

const KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
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
  { textDocument, position, context }: CompletionParams,
  signal: AbortSignal,
): Promise<CompletionList> {
  const opened = await session.glance(textDocument.uri);
  if (opened?.language === "dockerignore") {
    const { start: offset } = toSpan(opened.lines, { start: position, end: position });
    const found = pathsAt(opened.text, offset, (await contextListing(session, opened, signal)) ?? []);
    const items = found.map((each, index) => itemOf(each, index, offset, opened, session.abilities));
    return { isIncomplete: false, items };
  }
  if (!opened || !opened.config[opened.language].completion) return noCompletions();
  if (opened.language === "compose" && DOCKERFILE_TRIGGERS.includes(context?.triggerCharacter ?? ""))
    return noCompletions();
  const { start: offset } = toSpan(opened.lines, { start: position, end: position });
  const images = await imageCompletions(session, opened, offset, context, signal);
  const others = await othersAt(session, opened, offset, context, signal);
  // Behind a colon or an at sign of a reference nothing else fits but a variable.
  const isTag = images !== undefined && images.part !== "name";
  const fitting = isTag ? others.result.filter(({ kind }) => kind === "variable") : others.result;
  const there = new Set(fitting.map(({ label }) => label));
  const found = [...fitting, ...(images?.items ?? []).filter(({ label }) => !there.has(label))];
  const items = found.map((each, index) => itemOf(each, index, offset, opened, session.abilities));
  return { isIncomplete: !others.complete || images?.complete === false, items };
}

const NOTHING: Worked<readonly Completion[]> = { result: [], complete: true };

/** What may stand there besides images of registries. */
async function othersAt(
  session: Session,
  opened: Opened,
  offset: number,
  context: CompletionContext | undefined,
  signal: AbortSignal,
): Promise<Worked<readonly Completion[]>> {
  if (opened.language === "dockerfile") return inDockerfile(session, opened, offset, context, signal);
  if (opened.language !== "compose") return NOTHING;
  // Only a document that was opened just now has no model yet.
  const document = opened.document ?? (await session.check(opened.uri))?.inspection?.document;
  const model = document?.language === "compose" ? document : undefined;
  return withAnswers(session, opened, signal, (look) => completionsAt(opened.text, offset, look, model));
}

async function inDockerfile(
  session: Session,
  opened: Opened,
  offset: number,
  context: CompletionContext | undefined,
  signal: AbortSignal,
): Promise<Worked<readonly Completion[]>> {
  const document = (await session.model(opened.uri))?.document;
  // Changed meanwhile: the client asks again.
  if (document?.language !== "dockerfile" || document.text !== opened.text) return NOTHING;
  const asked = context?.triggerKind !== CompletionTriggerKind.TriggerCharacter;
  const around = { ...surroundingsOf(session, opened), asked };
  // No finding rests on what is looked at here.
  const manner = { ask: session.look };
  const work = (look: Look): readonly Completion[] => dockerfileCompletions(document, offset, { ...around, look });
  const { result, complete } = await withAnswers(session, opened, signal, work, manner);
  return { result, complete: complete && !changesWithLetters(document, offset) };
}

function itemOf(
  { label, kind, detail, about, span, text, snippet, filter, deprecated, whole, runs }: Completion,
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
    ...(runs && { command: { title: label, command: runs.command, arguments: [...runs.args] } }),
    textEdit: abilities.completionInsertReplace && !whole ? { newText, insert, replace } : { newText, range: replace },
  };
}
