/** What an instruction can read or write: files, packages, variables, accounts; and when two of them are the same. */

/** Which files: those of the stage's own image, of the build context, of another stage (by index), of an image elsewhere. */
export type Realm = "image" | "context" | "elsewhere" | number;

/**
 * Files. The pattern is a path from the root (of the context: without a slash in front): `*` is any text within a name, `**` any
 * text, slashes included, as where a variable hides a part of it. `/**` at the end is the folder itself and everything below it.
 */
export interface Files {
  readonly kind: "files";
  readonly realm: Realm;
  readonly pattern: string;
}

export interface Package {
  readonly kind: "package";
  /** Whose packages these are: `apt`, `apk`, `rpm`, `zypper`, or the manager of a language. */
  readonly manager: string;
  /** Without version; `*` where it is not known. */
  readonly name: string;
}

export interface Variable {
  readonly kind: "variable";
  readonly name: string;
}

/** An account or a group of the image. */
export interface Account {
  readonly kind: "account";
  readonly name: string;
}

export type Place = Files | Package | Variable | Account;

/** Nobody can tell what: every place there is. */
export type Places = readonly Place[] | "anything";

export const files = (pattern: string, realm: Realm = "image"): Files => ({ kind: "files", realm, pattern });

/** As people read it: `/app/dist/**`, `context:src`, `stage 0:/out`, `apt:curl`, `$PATH`, `account app`. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case "files": {
      const { realm, pattern } = place;
      return realm === "image" ? pattern : `${typeof realm === "number" ? `stage ${realm}` : realm}:${pattern}`;
    }
    case "package":
      return `${place.manager}:${place.name}`;
    case "variable":
      return `$${place.name}`;
    case "account":
      return `account ${place.name}`;
  }
}

/** True when something may be in both. */
export function overlaps(a: Places, b: Places): boolean {
  if (a === "anything" || b === "anything") return a.length > 0 && b.length > 0;
  return a.some((one) => b.some((other) => overlap(one, other)));
}

export function overlap(a: Place, b: Place): boolean {
  if (a.kind === "files" && b.kind === "files") return a.realm === b.realm && patternsOverlap(a.pattern, b.pattern);
  if (a.kind === "package" && b.kind === "package")
    return a.manager === b.manager && (a.name === b.name || a.name === "*" || b.name === "*");
  return a.kind === b.kind && "name" in a && "name" in b && a.name === b.name;
}

/** True when everything of `b` is certainly in `a`. */
export function covers(a: Place, b: Place): boolean {
  if (a.kind === "files" && b.kind === "files") return a.realm === b.realm && patternCovers(a.pattern, b.pattern);
  if (a.kind === "package" && b.kind === "package")
    return a.manager === b.manager && (a.name === b.name || a.name === "*");
  return overlap(a, b);
}

const SUBTREE = "/**";

/** What stands in front of the first wildcard: every file of the pattern begins with it. */
const fixedStart = (pattern: string): string => {
  const star = pattern.indexOf("*");
  return star === -1 ? pattern : pattern.slice(0, star);
};

const fixedEnd = (pattern: string): string => pattern.slice(pattern.lastIndexOf("*") + 1);

/** The folder of a pattern that is nothing but a folder and what is below it; the context's own is the empty text. */
export function folderOf(pattern: string): string | undefined {
  if (pattern === "**") return "";
  if (!pattern.endsWith(SUBTREE)) return undefined;
  const folder = pattern.slice(0, -SUBTREE.length);
  return folder.includes("*") ? undefined : folder === "" ? "/" : folder;
}

const isBelow = (path: string, folder: string): boolean =>
  folder === "" || folder === "/" || path === folder || path.startsWith(`${folder}/`);

function patternsOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  const below = folderOf(a);
  const within = folderOf(b);
  if (below !== undefined && within !== undefined) return isBelow(below, within) || isBelow(within, below);
  if (!a.includes("*")) return matches(b, a);
  if (!b.includes("*")) return matches(a, b);
  if (below !== undefined && !b.includes("**")) return reachesInto(b, below);
  if (within !== undefined && !a.includes("**")) return reachesInto(a, within);
  // Two patterns: what is fixed at both ends decides. A folder's own end says nothing.
  const start = [fixedStart(a).replace(/\/$/, ""), fixedStart(b).replace(/\/$/, "")] as const;
  if (!start[0].startsWith(start[1]) && !start[1].startsWith(start[0])) return false;
  const end = [fixedEnd(a), fixedEnd(b)] as const;
  return end[0].endsWith(end[1]) || end[1].endsWith(end[0]);
}

/** A pattern of as many names as it has: some of its files may be the folder, or below it. */
function reachesInto(pattern: string, folder: string): boolean {
  const depth = folder.split("/").filter((part) => part !== "").length;
  const parts = pattern.split("/").filter((part) => part !== "");
  if (parts.length < depth) return false;
  const start = parts.slice(0, depth).join("/");
  return depth === 0 || matches(pattern.startsWith("/") ? `/${start}` : start, folder);
}

function patternCovers(a: string, b: string): boolean {
  if (a === b) return true;
  const folder = folderOf(a);
  if (folder !== undefined) {
    const inner = folderOf(b);
    // `/app/*.js` is below /app; `/app**` need not be.
    const start = fixedStart(b);
    return inner !== undefined
      ? isBelow(inner, folder)
      : b.includes("*")
        ? folder === "/" || folder === "" || start.startsWith(`${folder}/`)
        : isBelow(b, folder);
  }
  return a.includes("*") && !b.includes("*") && matches(a, b);
}

const expressions = new Map<string, RegExp>();
const MAX_KEPT = 2000;

/** True when the path is one of the pattern's. */
export function matches(pattern: string, path: string): boolean {
  const folder = folderOf(pattern);
  if (folder !== undefined) return isBelow(path, folder);
  let expression = expressions.get(pattern);
  if (!expression) {
    if (expressions.size >= MAX_KEPT) expressions.clear();
    expressions.set(pattern, (expression = expressionOf(pattern)));
  }
  return expression.test(path);
}

function expressionOf(pattern: string): RegExp {
  const subtree = pattern.endsWith(SUBTREE);
  const body = subtree ? pattern.slice(0, -SUBTREE.length) : pattern;
  const source = body
    .replace(/\*{3,}/g, "**")
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replace(/(\/)?\*\*(\/)?|\*/g, (all, before: string | undefined, behind: string | undefined) =>
      all === "*"
        ? "[^/]*"
        : before !== undefined && behind !== undefined
          ? "/(?:.*/)?"
          : `${before ?? ""}.*${behind ?? ""}`,
    );
  return new RegExp(`^${source}${subtree ? "(?:/.*)?" : ""}$`, "s");
}

/**
 * A path as it is written, from a folder, which may be a pattern itself: absolute, without `.` and `..`. What `..` leads to out of a
 * part nobody knows is unknown again.
 */
export function pathFrom(folder: string, written: string): string {
  const parts: string[] = [];
  for (const part of (written.startsWith("/") ? written : `${folder}/${written}`).split("/")) {
    if (part === "..") {
      const last = parts.at(-1);
      if (last?.includes("**") !== true) parts.pop();
    } else if (part !== "" && part !== "." && !(part === "**" && parts.at(-1) === "**")) parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The folder itself and everything below it. */
export const everythingBelow = (path: string): string =>
  path.endsWith(SUBTREE) || path === "**" ? path : path === "/" || path === "" ? `${path}**` : `${path}${SUBTREE}`;
