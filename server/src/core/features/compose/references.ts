/** Every place of a name: in all files of the project, or in one file to be highlighted. */
import type { ComposeFile } from "../../model/compose/model.ts";
import { nameAt } from "../../model/compose/name-index.ts";
import { scalarsOf } from "./paths.ts";
import type { Files } from "./files.ts";
import { meaningAt, meaningHere } from "./places.ts";
import type { Target } from "./definition.ts";
import { type VariablePlace, variableAt, variablesIn } from "./variables.ts";

export interface References {
  readonly targets: readonly (Target & Required<Pick<Target, "span">>)[];
}

/** Undefined when there is no name at the offset. */
export function referencesAt(
  path: string,
  offset: number,
  files: Files,
  { declarations }: { readonly declarations: boolean },
): References | undefined {
  const compose = files.compose(path);
  const meaning = meaningAt(path, offset, files);
  if (meaning) {
    const places = meaning.places.filter(({ role }) => declarations || role === "use");
    return { targets: places.map((place) => ({ path: place.path, span: place.span })) };
  }
  const variable = compose && variableAt(compose, offset);
  if (!compose || !variable) return undefined;
  return { targets: variablesNamed(compose, variable.name).map(({ span }) => ({ path, span })) };
}

export interface Highlight extends Pick<VariablePlace, "span"> {
  readonly role: "declaration" | "use";
}

export function highlightsAt(compose: ComposeFile, offset: number): readonly Highlight[] {
  const place = nameAt(compose, offset);
  if (place) return meaningHere("", compose, place).places.map(({ span, role }) => ({ span, role }));
  const variable = variableAt(compose, offset);
  return variable ? variablesNamed(compose, variable.name).map(({ span }) => ({ span, role: "use" })) : [];
}

const variablesNamed = (compose: ComposeFile, name: string): readonly VariablePlace[] =>
  scalarsOf(compose)
    .flatMap((scalar) => variablesIn(compose, scalar))
    .filter((each) => each.name === name);
