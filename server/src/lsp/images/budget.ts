/** Where an image that was built from a Dockerfile is over its budget, as diagnostics of that file. */
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver/node";
import { budgetOf, overBudget } from "../../core/image/budget.ts";
import { stageOf } from "../../core/image/built.ts";
import { type BuiltImage, layerPlaces } from "../../core/image/size-notes.ts";
import type { Dockerfile } from "../../core/model/dockerfile/model.ts";
import { SOURCE, toRange } from "../convert.ts";
import type { Checked, Session } from "../session.ts";

export const OVER_BUDGET = "image-over-budget";

export function budgetDiagnostics(session: Session, checked: Checked): Diagnostic[] {
  const document = checked.inspection?.document;
  if (document?.language !== "dockerfile") return [];
  const budget = budgetOf(checked.config.budget);
  return session.images.shownIn(checked.uri).flatMap((image) => excessesIn(image, document, checked, budget));
}

/** A budget is about the bytes of files; what an engine or a registry says of a layer is another number. */
function excessesIn(
  image: BuiltImage,
  dockerfile: Dockerfile,
  { lines }: Checked,
  budget: ReturnType<typeof budgetOf>,
): Diagnostic[] {
  if (image.facts.sizeMeaning !== "content") return [];
  const layers = image.rows.map(({ layer, bytes, wastedBytes, ofBase }) => ({
    bytes,
    wastedBytes,
    ofBase,
    grewBy: image.grown?.layers.get(layer),
  }));
  const excesses = overBudget({ layers }, budget);
  if (excesses.length === 0) return [];
  const places = new Map(layerPlaces(image, dockerfile).layers.map((place) => [place.row.layer, place]));
  const from = stageOf(dockerfile, image.target)?.from;
  return excesses.flatMap(({ layer, message }) => {
    const place = places.get(layer);
    const instruction = place?.instruction ?? from;
    if (!instruction) return [];
    return {
      range: toRange(lines, instruction.keyword.span),
      severity: DiagnosticSeverity.Warning,
      code: OVER_BUDGET,
      source: SOURCE,
      message: place?.stale === false ? message : `${message} (${image.title}, before your edits)`,
    };
  });
}
