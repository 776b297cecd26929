/** What the rules about the order of things in compose files share: how texts are compared, which keys stand too far down, the fix. */
import type { Change } from "../model/compose/model.ts";
import { type Remedy, safeFix } from "../rule.ts";
import type { YamlEntry, YamlMap, YamlNode } from "../text/yaml.ts";

/** Made when it is needed first: the first one of a process takes 6 ms, in each of its threads. */
const collator = (options?: Intl.CollatorOptions): (() => Intl.Collator) => {
  let made: Intl.Collator | undefined;
  return () => (made ??= new Intl.Collator("en", options));
};
const letters = collator();
const numbers = collator({ numeric: true });

export const byLetters = (a: string, b: string): number => letters().compare(a, b);
/** 80 comes before 443. */
export const byNumbers = (a: string, b: string): number => numbers().compare(a, b);

/** A mapping whose keys are written here, each once: another order of them says the same. */
export const isOrderable = (node: YamlNode | undefined): node is YamlMap =>
  node?.kind === "map" &&
  node.via === undefined &&
  new Set(node.written.map(({ key }) => key)).size === node.written.length;

/** Already in order, equal ones in any. */
export const isSorted = (texts: readonly string[], compare: (a: string, b: string) => number): boolean =>
  texts.every((text, index) => index === 0 || compare(texts[index - 1] ?? "", text) <= 0);

/** The places of the texts in their order. */
export const sortedPlaces = (texts: readonly string[], compare: (a: string, b: string) => number): readonly number[] =>
  [...texts.keys()].sort((a, b) => compare(texts[a] ?? "", texts[b] ?? "") || a - b);

/** Where keys belong: as `order` has them, then others by their letters. */
export function ranked(keys: readonly string[], order: readonly string[]): ReadonlyMap<string, number> {
  const others = keys.filter((key) => !order.includes(key)).sort(byLetters);
  return new Map([...order, ...others].map((key, index) => [key, index]));
}

/** Entries that come behind one they belong in front of, with that one. */
export function misplaced(
  entries: readonly YamlEntry[],
  rank: (entry: YamlEntry) => number,
): readonly { readonly entry: YamlEntry; readonly behind: YamlEntry }[] {
  let last: YamlEntry | undefined;
  return entries.flatMap((entry) => {
    if (last && rank(entry) < rank(last)) return [{ entry, behind: last }];
    last = entry;
    return [];
  });
}

/** Worked out when somebody looks at it, once for all findings it is given to. */
export function orderRemedy(title: string, sort: () => Change): () => Remedy {
  let known: Remedy | undefined;
  return () => (known ??= remedyOf(title, sort()));
}

const remedyOf = (title: string, change: Change): Remedy =>
  "refusal" in change ? { refusal: change.refusal } : { fixes: [safeFix(title, ...change.edits)] };

/** Compose sorts it all anyway. */
export const ORDER_IS_FREE = `
Safe: compose reads the same from the file in either order. Comments above, behind and below an entry move with it; where an anchor
would come behind its use, the rule says so and changes nothing.`;
