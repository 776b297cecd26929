/** From a path as written to what the schema and the documentation say of it. */
import { below, fileShape, type Shape } from "../../model/compose/schema-shapes.ts";
import type { Path } from "./cursor.ts";

export interface SchemaPlace {
  /** Undefined where compose knows no such place. */
  readonly shape: Shape | undefined;
  /** The path with `*` for names people choose and for items: the key of the documentation. */
  readonly at: readonly string[];
}

export function placeOf(written: Path): SchemaPlace {
  const path = fragmentPath(written) ?? written;
  let shape: Shape | undefined = fileShape();
  const at: string[] = [];
  for (const step of path) {
    at.push(typeof step === "string" && shape?.keys.has(step) ? step : "*");
    shape = typeof step === "number" ? shape?.items : shape && below(shape, step);
  }
  return { shape, at };
}

/** An `x-` mapping at the top is there to be merged: by its name into a key of services, `x-logging`, else into a service. */
function fragmentPath([first, ...rest]: Path): Path | undefined {
  if (typeof first !== "string" || !first.startsWith("x-")) return undefined;
  const service = ["services", "any"];
  const keys = placeOf(service).shape?.keys ?? new Map<string, Shape>();
  const words = first.slice(2).split(/[-_.]/);
  const key = [...keys].find(
    ([name, { is }]) =>
      is.includes("map") && words.some((word) => word === name || (word === "env" && name === "environment")),
  );
  return [...service, ...(key ? [key[0]] : []), ...rest];
}
