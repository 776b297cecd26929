/**
 * Paths and the patterns people write for them: `*`, `?`, `**`, `[a-z]`, `{a,b}`. As in .gitignore, a pattern without a slash is
 * about names at any depth, one that ends in a slash about all that is in a folder. Linear in time, whatever the pattern.
 */

/** The path is relative, with forward slashes. */
export function matchesGlob(pattern: string, path: string): boolean {
  const segments = path.split("/");
  return alternatives(pattern).some((one) => matchesSegments(segmentsOf(one), segments));
}

/** More are not unfolded: a pattern of nothing but braces stands for itself then. */
const MAX_ALTERNATIVES = 64;

/** `{a,b}c` → `ac`, `bc`. */
function alternatives(pattern: string): readonly string[] {
  let found = [pattern];
  for (;;) {
    const next = found.flatMap((one) => {
      const braces = /\{([^{}]*,[^{}]*)\}/.exec(one);
      if (!braces) return [one];
      const before = one.slice(0, braces.index);
      const after = one.slice(braces.index + braces[0].length);
      return (braces[1] ?? "").split(",").map((choice) => before + choice + after);
    });
    if (next.length === found.length || next.length > MAX_ALTERNATIVES) return found;
    found = next;
  }
}

function segmentsOf(pattern: string): readonly string[] {
  const anchored = pattern.replace(/^\.?\//, "");
  const inside = anchored.endsWith("/") ? `${anchored}**` : anchored;
  const free = !pattern.startsWith("/") && !pattern.startsWith("./") && !anchored.replace(/\/$/, "").includes("/");
  // All that is in a folder is not the folder.
  const segments = inside.replace(/(^|\/)\*\*$/, "$1**/*").split("/");
  return free ? ["**", ...segments] : segments;
}

/** Greedy with one step back, which is all that wildcards need. */
function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  return greedy(
    pattern.length,
    path.length,
    (at) => pattern[at] === "**",
    (at, index) => matchesName(pattern[at] ?? "", path[index] ?? ""),
  );
}

function matchesName(pattern: string, name: string): boolean {
  const parts = pattern.match(/\[!?\]?[^\]]*\]|\*+|[\s\S]/gu) ?? [];
  const letters = Array.from(name);
  return greedy(
    parts.length,
    letters.length,
    (at) => parts[at]?.startsWith("*") === true,
    (at, index) => matchesLetter(parts[at] ?? "", letters[index] ?? ""),
  );
}

function greedy(
  parts: number,
  length: number,
  isStar: (part: number) => boolean,
  fits: (part: number, index: number) => boolean,
): boolean {
  let part = 0;
  let index = 0;
  let star = -1;
  let from = 0;
  while (index < length) {
    if (part < parts && isStar(part)) {
      star = part++;
      from = index;
    } else if (part < parts && fits(part, index)) {
      part++;
      index++;
    } else if (star >= 0) {
      part = star + 1;
      index = ++from;
    } else return false;
  }
  while (part < parts && isStar(part)) part++;
  return part === parts;
}

function matchesLetter(part: string, letter: string): boolean {
  if (part === "?") return true;
  if (part.length < 3 || !part.startsWith("[")) return part === letter;
  const not = part.startsWith("[!");
  const set = Array.from(part.slice(not ? 2 : 1, -1));
  const among = set.some(
    (one, at) =>
      one === letter || (one === "-" && (set[at - 1] ?? "\uffff") <= letter && letter <= (set[at + 1] ?? "")),
  );
  return among !== not;
}
