/** Which releases a version range takes: `>=20`, `^8.2`, `~=3.11`, `>=3.10,<3.14`, `~> 3.3`, `20.x || 22.x`. Releases are lines, such as `3.13`. */

export type Tilde = "npm" | "last part";

/** Undefined where the range is none that is understood. `tilde`: npm's `~1.2` stays in 1.2, composer's and Ruby's goes up to 2. */
export function takes(range: string, release: string, tilde: Tilde = "npm"): boolean | undefined {
  const line = partsOf(release);
  if (!line) return undefined;
  const answers = range
    .split("||")
    .flatMap((each) => (tilde === "last part" ? each.split(/(?<=[\d*])\s*\|\s*(?=[\d^~<>=])/) : [each]))
    .map((set) => setTakes(set, line, tilde));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

const COMPARATOR = /(===?|~=|~>|>=|<=|!=|[<>=^~])?\s*v?(\d+(?:\.(?:\d+|[xX*]))*|[xX*])[\w.+-]*/g;

function setTakes(set: string, line: readonly number[], tilde: Tilde): boolean | undefined {
  const hyphen = /^\s*v?([\d.]+)\s+-\s+v?([\d.]+)\s*$/.exec(set);
  const text = hyphen ? `>=${hyphen[1]} <=${hyphen[2]}` : set;
  if (text.replace(COMPARATOR, "").replace(/[\s,]/g, "") !== "") return undefined;
  const comparators = [...text.matchAll(COMPARATOR)];
  if (comparators.length === 0) return text.trim() === "" ? true : undefined;
  return comparators.every(([, operator = "", version = ""]) => one(operator, version, line, tilde));
}

function one(operator: string, version: string, line: readonly number[], tilde: Tilde): boolean {
  const wild = version.search(/[xX*]/);
  const parts = (wild === -1 ? version : version.slice(0, wild)).split(".").filter(Boolean).map(Number);
  if (parts.length === 0) return true;
  const order = compare(line, parts);
  switch (operator) {
    case ">=":
      return order >= 0;
    case ">":
      // The line goes on behind a patch of it.
      return order > 0 || (order === 0 && parts.length > line.length);
    case "<":
      return (
        order < 0 || (order === 0 && parts.length > line.length && parts.slice(line.length).some((part) => part > 0))
      );
    case "<=":
      return order <= 0;
    case "!=":
      return order !== 0 || parts.length > line.length;
    case "^":
      return order >= 0 && line[0] === parts[0];
    case "~":
      return (
        order >= 0 &&
        sameStart(line, parts, tilde === "npm" ? Math.min(2, parts.length) : Math.max(1, parts.length - 1))
      );
    case "~=":
    case "~>":
      return order >= 0 && sameStart(line, parts, Math.max(1, parts.length - 1));
    default:
      return sameStart(line, parts, parts.length);
  }
}

/** As far as both say. */
function compare(line: readonly number[], parts: readonly number[]): number {
  for (let at = 0; at < Math.min(line.length, parts.length); at++) {
    const difference = (line[at] ?? 0) - (parts[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const sameStart = (line: readonly number[], parts: readonly number[], count: number): boolean =>
  Array.from({ length: Math.min(count, line.length) }, (_, at) => line[at] === parts[at]).every(Boolean);

const partsOf = (release: string): readonly number[] | undefined => {
  const parts = release.split(".").map(Number);
  return parts.some((part) => !Number.isInteger(part)) ? undefined : parts;
};
