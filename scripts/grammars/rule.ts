/** A TextMate grammar as data, and the few ways of writing a rule that ours need. */

/** Group of the pattern → its scope, or the rules its text is read by. */
export type Captures = Readonly<Record<number, { readonly name?: string; readonly patterns?: readonly Rule[] }>>;

export interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly captures?: Captures;
  readonly begin?: string;
  readonly beginCaptures?: Captures;
  readonly end?: string;
  readonly endCaptures?: Captures;
  /** In place of `end`: asked at the start of each further line, before anything that is open inside; where it fails, all of that ends. */
  readonly while?: string;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}

export interface Grammar {
  readonly name: string;
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository?: Readonly<Record<string, Rule>>;
  /** Scope selector → rules that hold inside whatever is open there, embedded languages too. */
  readonly injections?: Readonly<Record<string, Rule>>;
}

/** `{ 1: "a", 2: "b" }` as captures. */
export const scopes = (named: Readonly<Record<number, string>>): Captures =>
  Object.fromEntries(Object.entries(named).map(([group, name]) => [group, { name }]));

export const include = (...names: readonly string[]): readonly Rule[] => names.map((name) => ({ include: `#${name}` }));

/** Alternatives of a pattern, longer ones first: the first that fits is taken. */
export const oneOf = (words: Iterable<string>): string =>
  `(?:${[...words]
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((word) => word.replace(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`))
    .join("|")})`;
