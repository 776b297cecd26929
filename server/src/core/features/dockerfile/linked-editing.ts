/** The places of a stage's name that are typed in together. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";
import { nameAt } from "./names.ts";
import { stagePlaces } from "./stage-places.ts";

/** What a name is made of while it is typed: as a regular expression. */
export const STAGE_NAME_PATTERN = "[a-zA-Z][a-zA-Z0-9_.-]*";

/** Undefined where no stage is named, or by nothing else: all of them say the name in the same letters. */
export function linkedAt(dockerfile: Dockerfile, offset: number): readonly Span[] | undefined {
  const place = nameAt(dockerfile, offset);
  if (place?.subject.kind !== "stage") return undefined;
  const { stage } = place.subject;
  const name = stage.name?.text;
  const spans = stagePlaces(dockerfile)
    .filter((each) => each.stage === stage && (each.role === "declaration" || each.role === "name"))
    .map(({ span }) => span);
  const same = spans.every(({ start, end }) => dockerfile.text.slice(start, end) === name);
  const isHere = spans.some(({ start, end }) => start <= offset && offset <= end);
  return same && isHere && spans.length > 1 ? spans : undefined;
}
