/** What is named in a Dockerfile: stages, variables, heredocs, and every place that means the same as the one under the cursor. */
import type { Dockerfile, Heredoc, Stage } from "../../model/dockerfile/model.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Span } from "../../text/edit.ts";
import { heredocPlaces } from "./heredoc-places.ts";
import { stagePlaces } from "./stage-places.ts";
import { type Variable, variablePlaces } from "./variable-places.ts";

export interface NamePlace {
  readonly span: Span;
  readonly role: "declaration" | "use" | "write";
  /** Where its definition is; undefined when that is nowhere in this file. */
  readonly definition: Span | undefined;
  readonly subject: Subject;
}

/** Of each there is one object in a document. */
export type Subject =
  | { readonly kind: "stage"; readonly stage: Stage }
  | { readonly kind: "variable"; readonly variable: Variable }
  | { readonly kind: "heredoc"; readonly heredoc: Heredoc };

/** In the order of the file. */
export const namePlaces = perDocument((dockerfile): readonly NamePlace[] => {
  const subjects = new Map<object, Subject>();
  const subjectOf = (key: object, make: () => Subject): Subject => {
    const subject = subjects.get(key) ?? make();
    subjects.set(key, subject);
    return subject;
  };
  const stages = stagePlaces(dockerfile).map(({ stage, span, role }): NamePlace => {
    const isDeclaration = role === "declaration";
    return {
      span,
      role: isDeclaration ? "declaration" : "use",
      definition: stage.name?.span ?? stage.from.keyword.span,
      subject: subjectOf(stage, () => ({ kind: "stage", stage })),
    };
  });
  const variables = variablePlaces(dockerfile).map(
    ({ span, role, declaration, variable }): NamePlace => ({
      span,
      role,
      definition: declaration?.span,
      subject: subjectOf(variable, () => ({ kind: "variable", variable })),
    }),
  );
  const markers = new Map(
    heredocPlaces(dockerfile).map(({ heredoc, span, role }) => [role === "marker" && heredoc, span]),
  );
  const heredocs = heredocPlaces(dockerfile).map(
    ({ heredoc, span, role }): NamePlace => ({
      span,
      role: role === "marker" ? "declaration" : "use",
      definition: markers.get(heredoc),
      subject: subjectOf(heredoc, () => ({ kind: "heredoc", heredoc })),
    }),
  );
  return [...stages, ...variables, ...heredocs].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
});

/** The innermost place at an offset; both ends belong to it, and the dollar sign and the brace in front. */
export function nameAt(dockerfile: Dockerfile, offset: number): NamePlace | undefined {
  const { text } = dockerfile;
  const behindSigns = text.charAt(offset) === "$" ? offset + (text.charAt(offset + 1) === "{" ? 2 : 1) : offset;
  const behindBrace = text.startsWith("${", offset - 1) ? offset + 1 : behindSigns;
  return placeAt(dockerfile, behindBrace) ?? (behindBrace === offset ? undefined : placeAt(dockerfile, offset));
}

function placeAt(dockerfile: Dockerfile, offset: number): NamePlace | undefined {
  let found: NamePlace | undefined;
  for (const place of namePlaces(dockerfile)) {
    const { start, end } = place.span;
    if (start > offset) break;
    // Of two that meet the second is meant, of two within each other the narrower.
    if (offset <= end && (!found || end - start <= found.span.end - found.span.start || found.span.end === offset))
      found = place;
  }
  return found;
}

/** All places of what is named there, in order. */
export const placesOf = (dockerfile: Dockerfile, subject: Subject): readonly NamePlace[] =>
  bySubject(dockerfile).get(subject) ?? [];

const bySubject = perDocument((dockerfile) => {
  const index = new Map<Subject, NamePlace[]>();
  for (const place of namePlaces(dockerfile)) {
    const same = index.get(place.subject);
    if (same) same.push(place);
    else index.set(place.subject, [place]);
  }
  return index;
});
