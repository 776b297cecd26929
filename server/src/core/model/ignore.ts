/**
 * .dockerignore as BuildKit reads it: lines as github.com/moby/patternmatcher/ignorefile does, matching as
 * patternmatcher.MatchesUsingParentResults does, its rules for `**` at either end included. Paths are relative, with slashes.
 */

export interface IgnorePattern {
  /** Cleaned, without the `!`. */
  readonly text: string;
  /** `!pattern`: what an earlier line left out comes in again. */
  readonly exclusion: boolean;
  matches(path: string): boolean;
}

export interface IgnoreFile {
  readonly patterns: readonly IgnorePattern[];
  readonly hasExclusions: boolean;
}

/** Why BuildKit stops at a line. */
export interface PatternFault {
  readonly fault: string;
}

/** What a line without its line end is; undefined for a comment and for nothing. A comment begins with #: behind blanks it is a pattern. */
export function readIgnoreLine(line: string): IgnorePattern | PatternFault | undefined {
  if (line.startsWith("#")) return undefined;
  const written = line.trim();
  if (written === "") return undefined;
  const exclusion = written.startsWith("!");
  const path = exclusion ? written.slice(1).trim() : written;
  if (path === "") return { fault: "a ! alone lets nothing in" };
  const cleaned = cleanPath(path);
  const relative = cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned;
  const fault = syntaxFault(relative);
  if (fault !== undefined) return { fault };
  const matches = matcherOf(relative);
  if (matches) return { text: relative, exclusion, matches };
  const escape = Array.from(relative.matchAll(/\\(.)/gu)).find(
    ([, character = ""]) => meaningOf(character) === undefined,
  );
  return { fault: escape ? `${escape[0]} means nothing there` : "it is no pattern that can be matched" };
}

/** Undefined when BuildKit stops at the file: a pattern that is no pattern, a lone `!`. */
export function parseIgnoreFile(text: string): IgnoreFile | undefined {
  const patterns: IgnorePattern[] = [];
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const pattern = readIgnoreLine(line);
    if (pattern && "fault" in pattern) return undefined;
    if (pattern) patterns.push(pattern);
  }
  return ignoreFileOf(patterns);
}

export const ignoreFileOf = (patterns: readonly IgnorePattern[]): IgnoreFile => ({
  patterns,
  hasExclusions: patterns.some(({ exclusion }) => exclusion),
});

/** What Go's filepath.Match has against a pattern: BuildKit asks it before it compiles its own expression. */
function syntaxFault(pattern: string): string | undefined {
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    if (characters[at] === "\\") {
      if (++at === characters.length) return "nothing follows the \\ at its end";
    } else if (characters[at] === "[") {
      const end = classEnd(characters, at);
      if (typeof end === "string") return end;
      at = end;
    }
  }
  return undefined;
}

/** Where a class that begins at `start` has its `]`, or what is wrong with it. */
function classEnd(characters: readonly string[], start: number): number | string {
  const open = "the [ has no ]";
  let at = start + (characters[start + 1] === "^" ? 2 : 1);
  /** One character of the class; undefined where there is none. */
  const character = (): boolean => {
    if (characters[at] === "\\") at++;
    else if (characters[at] === "-" || characters[at] === "]") return false;
    return characters[at++] !== undefined;
  };
  for (let ranges = 0; ; ranges++) {
    if (at >= characters.length) return open;
    if (characters[at] === "]") return ranges === 0 ? "there is nothing between the [ and the ]" : at;
    if (!character()) return at >= characters.length ? open : "a - in [ ] stands between two characters";
    if (characters[at] !== "-") continue;
    at++;
    if (!character()) return at >= characters.length ? open : "a - in [ ] stands between two characters";
  }
}

/**
 * The pattern that keeps a path out of the build context; undefined when it is in. A pattern that matches a folder keeps out what is in it.
 * BuildKit goes down from the top: what matched a folder holds for what is in it, and a pattern that could change nothing about a
 * folder is not asked there, so that behind `dist` and `!dist/keep` another `dist` does not keep `dist/keep` out.
 */
export function ignoredBy({ patterns }: IgnoreFile, path: string): IgnorePattern | undefined {
  let matched: readonly boolean[] = [];
  let by: IgnorePattern | undefined;
  for (const each of [...foldersOf(path), path]) {
    by = undefined;
    // What matched the folder above, as the patterns before this one left it.
    const above = matched;
    matched = patterns.map((pattern, at) => {
      const couldChange = pattern.exclusion !== (by === undefined);
      const matches = above[at] === true || (couldChange && pattern.matches(each));
      if (matches) by = pattern.exclusion ? undefined : pattern;
      return matches;
    });
  }
  return by;
}

/** True when a `!` line may bring back something below the path: then a folder that is left out is not empty. */
export function mayComeBackBelow({ patterns }: IgnoreFile, path: string): boolean {
  const names = path.split("/");
  return patterns.some(({ text, exclusion }) => {
    if (!exclusion) return false;
    const parts = text.split("/");
    const wild = parts.findIndex((part) => part.includes("**"));
    const known = wild === -1 ? parts : parts.slice(0, wild);
    if (wild === -1 && parts.length <= names.length) return false;
    return known.every((part, at) => {
      const name = names[at];
      return name === undefined || part === name || (matcherOf(part)?.(name) ?? true);
    });
  });
}

/** True when a folder, and what is in it, comes into the build context: `dir`, `dir/*` and `dir/**` all keep it out. */
export const isFolderSent = (file: IgnoreFile, folder: string): boolean =>
  [folder, `${folder}/any`, `${folder}/any/any`].every((path) => ignoredBy(file, path) === undefined);

/** True when the patterns keep every file of the context out, as BuildKit's check for `COPY .` sees it. */
export const ignoresEverything = ({ patterns }: IgnoreFile): IgnorePattern | undefined =>
  patterns.find(({ text, exclusion }) => !exclusion && (text === "*" || text === "**" || text === "**/*"));

function foldersOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/**
 * True only when everything the second pattern can match, and what is below that, is matched by the first one, both seen without their
 * `!`. Wildcards are compared as they are written: false says nothing.
 */
export function covers(first: IgnorePattern, second: IgnorePattern): boolean {
  if (first.text === second.text || ["*", "**", "**/*"].includes(first.text)) return true;
  if (first.text === `**/${second.text}`) return true;
  const parts = second.text.split("/");
  const wild = parts.findIndex((part) => WILD.test(part));
  const plain = wild === -1 ? parts : parts.slice(0, wild);
  return plain.some((_, at) => first.matches(plain.slice(0, at + 1).join("/")));
}

const WILD = /[*?[\\]/;

/** True only when everything the second pattern can match itself is matched by the first one itself, not by a folder above. */
export function coversItself(first: IgnorePattern, second: IgnorePattern): boolean {
  if (first.text === second.text || ["**", "**/*"].includes(first.text) || first.text === `**/${second.text}`)
    return true;
  return WILD.test(second.text)
    ? first.text === "*" && !second.text.includes("/") && !second.text.includes("**")
    : first.matches(second.text);
}

/** False only when no path, and nothing below one, can be matched by both, seen without their `!`. */
export function mayMeet(first: IgnorePattern, second: IgnorePattern): boolean {
  const [a, b] = [first, second].map(({ text }) => {
    const parts = text.split("/");
    const deep = parts.findIndex((part) => part.includes("**"));
    return deep === -1 ? parts : parts.slice(0, deep);
  });
  return (a ?? []).every((part, at) => {
    const other = b?.[at];
    if (other === undefined || part === other) return true;
    if (WILD.test(part)) return WILD.test(other) || (matcherOf(part)?.(other) ?? true);
    return WILD.test(other) && (matcherOf(other)?.(part) ?? true);
  });
}

/** filepath.Clean of Go: `.` and `..` followed, doubled and final slashes gone, `.` for nothing. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!rooted) parts.push("..");
  }
  return `${rooted ? "/" : ""}${parts.join("/")}` || (rooted ? "/" : ".");
}

/**
 * How a pattern matches (compile in patternmatcher.go). A `**` at the front of plain text compares ends and at the back compares
 * beginnings; with anything else in the pattern it is `(.*\/)?` of a regular expression, for which `**a` needs a slash before the `a`.
 */
function matcherOf(pattern: string): ((path: string) => boolean) | undefined {
  let kind: "exact" | "prefix" | "suffix" | "expression" = "exact";
  let source = "";
  let inClass = false;
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "*" && characters[at + 1] === "*") {
      const first = at === 0;
      at++;
      if (characters[at + 1] === "/") at++;
      if (at + 1 < characters.length) {
        source += "(.*/)?";
        kind = "expression";
      } else if (kind === "exact") kind = "prefix";
      else {
        source += ".*";
        kind = "expression";
      }
      if (first) kind = "suffix";
    } else if (character === "*" || character === "?") {
      source += character === "*" ? "[^/]*" : "[^/]";
      kind = "expression";
    } else if (character === "[" || character === "]") {
      source += inClass === (character === "[") ? `\\${character}` : character;
      inClass = character === "[" || (inClass && character !== "]");
      kind = "expression";
    } else if (character === "\\" && at + 1 < characters.length) {
      const meaning = meaningOf(characters[++at] ?? "");
      if (meaning === undefined) return undefined;
      source += meaning;
      kind = "expression";
    } else source += /[\w^-]/.test(character) ? character : escaped(character);
  }
  if (kind === "exact") return (path) => path === pattern;
  if (kind === "prefix") return (path) => path.startsWith(pattern.slice(0, -2));
  if (kind === "suffix") {
    const end = pattern.slice(2);
    return (path) => path.endsWith(end) || (end.startsWith("/") && path === end.slice(1));
  }
  try {
    const expression = new RegExp(`^${source}$`, "u");
    return (path) => expression.test(path);
  } catch {
    return undefined;
  }
}

/**
 * A `\` goes into the expression as it is, so that before a letter or a digit it is what Go's regexp takes it for: a class, a control
 * character, or nothing at all, and then BuildKit stops. A client on Windows takes it for the separator of folders instead.
 */
const meaningOf = (character: string): string | undefined =>
  /[A-Za-z0-9]/.test(character) ? LETTERS[character] : escaped(character);

const NEVER = "[^\\s\\S]";
const LETTERS: Readonly<Record<string, string>> = {
  d: "[0-9]",
  D: "[^0-9]",
  s: "[\\t\\n\\f\\r ]",
  S: "[^\\t\\n\\f\\r ]",
  w: "[0-9A-Za-z_]",
  W: "[^0-9A-Za-z_]",
  b: "\\b",
  B: "\\B",
  A: "^",
  z: "$",
  C: "[\\s\\S]",
  a: "\\x07",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
  // A NUL, and the beginning of a quotation: in no name, and in no pattern anybody wrote.
  "0": NEVER,
  Q: NEVER,
};

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
