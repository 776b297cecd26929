/** From a path as written to what the schema and the documentation say of it. */
import { below, fileShape, type Shape } from "../../model/compose/schema-shapes.ts";
import type { Path } from "./cursor.ts";

export interface SchemaPlace {
  /** Undefined where compose knows no such place. */
  readonly shape: Shape | undefined;
  /** The path with `*` for names people choose and for items: the key of the documentation. */
  readonly at: readonly string[];
}

export function placeOf(path: Path): SchemaPlace {
  let shape: Shape | undefined = fileShape();
  const at: string[] = [];
  for (const step of path) {
    at.push(typeof step === "string" && shape?.keys.has(step) ? step : "*");
    shape = typeof step === "number" ? shape?.items : shape && below(shape, step);
  }
  return { shape, at };
}
