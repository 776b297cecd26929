/** Cases of refactorings as texts with a place in them. */
import { dockerfileAssists } from "../../../server/src/core/assists/dockerfile/index.ts";
import { type AssistKind, isRefusal } from "../../../server/src/core/assists/rewrite.ts";
import { parseDockerfile } from "../../../server/src/core/model/dockerfile/parse.ts";
import type { Answer } from "../../../server/src/core/rule.ts";
import { keyOf } from "../../../server/src/core/rule.ts";
import { applyEdits, type Span } from "../../../server/src/core/text/edit.ts";

export interface Case {
  /** The refactoring's. */
  readonly id: string;
  readonly what: string;
  /** `$0` is the cursor, `«` and `»` stand around a selection. */
  readonly text: string;
  /** Which of its offers; the first one otherwise. */
  readonly title?: string;
  /** `refusal: …` where it is not done; undefined where it must not be offered. */
  readonly after: string | undefined;
  /** The same with tab stops. */
  readonly snippet?: string;
  readonly kind?: AssistKind;
  readonly answers?: Readonly<Record<string, Answer>>;
}

export function placeIn(marked: string): { readonly text: string; readonly at: Span } {
  const cursor = marked.indexOf("$0");
  if (cursor !== -1) return { text: marked.replace("$0", ""), at: { start: cursor, end: cursor } };
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  return { text: marked.replace("«", "").replace("»", ""), at: { start, end } };
}

export interface Outcome {
  readonly title: string;
  readonly kind: AssistKind;
  readonly after: string;
  readonly snippet: string | undefined;
}

/** What becomes of a case; undefined when nothing is offered. */
export function outcomeOf({ id, text: marked, title, answers = {} }: Case): Outcome | undefined {
  const { text, at } = placeIn(marked);
  const known = new Map(Object.entries(answers));
  const offered = dockerfileAssists(parseDockerfile(text, "Dockerfile"), at, (question) => known.get(keyOf(question)));
  const own = offered.filter((assist) => assist.id === id);
  const found = title === undefined ? own[0] : own.find((assist) => assist.title === title);
  if (!found) return undefined;
  const made = found.refusal === undefined ? found.rewrite() : { refusal: found.refusal };
  return {
    title: found.title,
    kind: found.kind,
    after: isRefusal(made) ? `refusal: ${made.refusal}` : applyEdits(text, made.edits),
    snippet: isRefusal(made) || !made.snippet ? undefined : applyEdits(text, made.snippet),
  };
}
