/** Every place of a name in a Dockerfile. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { type NamePlace, nameAt, placesOf } from "./names.ts";

/** Undefined when no name stands there. */
export function referencesAt(
  dockerfile: Dockerfile,
  offset: number,
  { declarations }: { readonly declarations: boolean },
): readonly NamePlace[] | undefined {
  const place = nameAt(dockerfile, offset);
  return place && placesOf(dockerfile, place.subject).filter(({ role }) => declarations || role !== "declaration");
}
