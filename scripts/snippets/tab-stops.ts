/** Text → the body of a snippet: what the person at the editor decides becomes a tab stop, everything else is taken as it is. */

/** Texts to be decided, in the order the cursor visits them. Each occurrence of the same text is the same stop. */
export interface Stop {
  /** What is there until something else is written. With groups, the one that is there is the stop. */
  readonly at: RegExp;
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

/** @throws where a stop is nowhere in the text, or inside another one */
export function withTabStops(text: string, stops: readonly Stop[]): readonly string[] {
  const places = stops.flatMap((stop, index) => placesOf(text, stop, index + 1)).toSorted((a, b) => a.start - b.start);
  let at = 0;
  let body = "";
  const told = new Set<number>();
  for (const { start, end, number } of places) {
    if (start < at) throw new Error(`tab stop ${number} is inside another one: ${text.slice(start, end)}`);
    body += escaped(text.slice(at, start), /[\\$]/g);
    body += told.has(number) ? `$${number}` : `\${${number}:${escaped(text.slice(start, end), /[\\$}]/g)}}`;
    // A digit behind a bare stop would be read as part of its number.
    if (told.has(number) && /^\d/.test(text.slice(end))) body = `${body.slice(0, -`$${number}`.length)}\${${number}}`;
    told.add(number);
    at = end;
  }
  body += escaped(text.slice(at), /[\\$]/g);
  return `${body.replace(/\n$/, "")}\n$0`.split("\n");
}

function placesOf(text: string, { at }: Stop, number: number): readonly Place[] {
  const found = [...text.matchAll(new RegExp(at, `dg${at.flags}`))].map(
    ({ indices }) => indices?.slice(1).find(Boolean) ?? indices?.[0],
  );
  const places = found.flatMap((each) => (each ? [{ start: each[0], end: each[1], number }] : []));
  const texts = new Set(places.map(({ start, end }) => text.slice(start, end)));
  if (texts.size !== 1) throw new Error(`${String(at)} stands for ${texts.size} texts: ${[...texts].join(", ")}`);
  return places;
}

const escaped = (text: string, special: RegExp): string => text.replace(special, String.raw`\$&`);

/** A word by itself: not part of a longer one. */
export const word = (text: string): Stop => ({
  at: new RegExp(String.raw`(?<![\w.-])${text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}(?![\w-])`),
});

/**
 * Of the length of a digest, and nobody's: what a snippet has until the registry's is written. It stands in a tab stop together with its `@`, so that
 * one keypress leaves the tag alone.
 */
export const EXAMPLE_DIGEST = `sha256:${"0".repeat(64)}`;

/** A stop for the digest of each image. */
export function digestStops(text: string): readonly Stop[] {
  const images = new Set(
    [...text.matchAll(new RegExp(`([^\\s=]+)@${EXAMPLE_DIGEST}`, "g"))].map(([, image = ""]) => image),
  );
  return [...images].map((image) => ({
    at: new RegExp(String.raw`(?<=[\s=]${image.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)})(@${EXAMPLE_DIGEST})`),
  }));
}
