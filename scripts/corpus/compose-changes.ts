/** Where two answers of `docker compose config` differ, and where the fix of a rule may make them differ. */

/** The ways to what differs, names of services, networks and volumes as `*`, positions in lists left out; the order of lists counts. */
export function changedPaths(before: unknown, after: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (a: unknown, b: unknown, path: readonly string[]): void => {
    if (Array.isArray(a) && Array.isArray(b)) {
      for (let at = 0; at < Math.max(a.length, b.length); at++) visit(a[at], b[at], path);
      return;
    }
    if (isRecord(a) && isRecord(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) visit(a[key], b[key], [...path, key]);
      return;
    }
    if (a !== b) found.add(path.map((key, at) => (at === 1 ? "*" : key)).join("."));
  };
  visit(before, after, []);
  return [...found];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the fix of a rule changes in what runs; rules that are not here change nothing. */
const CHANGES: Readonly<Record<string, RegExp>> = {};

export const isExpected = (rule: string, path: string): boolean => CHANGES[rule]?.test(path) ?? false;
