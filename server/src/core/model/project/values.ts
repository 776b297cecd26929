/** Ways into data that somebody else wrote, read from JSON or TOML: every step takes whatever stands there. */

export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = Object.freeze({});

/** The object itself; without any field where it is something else. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : NO_FIELDS);

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at the end of the path, own fields only. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isFields(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => textOf(at(value, ...path));

export function flagAt(value: unknown, ...path: readonly string[]): boolean | undefined {
  const found = at(value, ...path);
  return typeof found === "boolean" ? found : undefined;
}

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The texts of a list, everything else in it left out. */
export const textsOf = (value: unknown): readonly string[] => itemsOf(value).flatMap((item) => textOf(item) ?? []);

/** The fields that are texts. */
export const namedTexts = (value: unknown): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(fieldsOf(value)).flatMap(([name, each]) =>
      typeof each === "string" ? [[name, each] as const] : [],
    ),
  );
