/** Snippets as they are in a file once somebody has accepted every tab stop as it is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Contributed {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const root = join(import.meta.dirname, "../..");

/** Of one file of `snippets/`, by name. */
export const snippetsIn = (name: string): ReadonlyMap<string, Contributed> =>
  new Map(
    Object.entries(
      JSON.parse(readFileSync(join(root, "snippets", `${name}.json`), "utf8")) as Record<string, Contributed>,
    ),
  );

/** What a body is made of. An escape, a stop with its text, a stop that repeats one. */
const PART = /\\([\\$}])|\$\{(\d+):((?:\\[\\$}]|[^\\}])*)\}|\$\{(\d+)\}|\$(\d+)/g;
const unescaped = (text: string): string => text.replaceAll(/\\([\\$}])/g, "$1");

/** Number → text, of the stops that have one. */
export const stopsOf = ({ body }: Contributed): ReadonlyMap<number, string> =>
  new Map(
    [...body.join("\n").matchAll(PART)].flatMap(([, , number, text]) =>
      number === undefined || text === undefined ? [] : [[Number(number), unescaped(text)] as const],
    ),
  );

/** @throws where a stop is repeated that has no text anywhere, or a dollar sign stands for nothing */
export function expanded(snippet: Contributed): string {
  const stops = stopsOf(snippet);
  const text = snippet.body.join("\n");
  const bare = text.replaceAll(PART, "").match(/[$\\]/);
  if (bare) throw new Error(`${snippet.prefix}: ${bare[0]} is not escaped`);
  return text.replaceAll(PART, (_, escape?: string, number?: string, own?: string, braced?: string, plain?: string) => {
    if (escape !== undefined) return escape;
    if (own !== undefined) return unescaped(own);
    const wanted = Number(number ?? braced ?? plain);
    const known = wanted === 0 ? "" : stops.get(wanted);
    if (known === undefined) throw new Error(`${snippet.prefix}: stop ${wanted} has no text`);
    return known;
  });
}
