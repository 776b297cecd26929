/** The .dockerignore beside a generated Dockerfile: what belongs in one, and what git ignores, never what the Dockerfile copies. */
import { isHarmless, ignoreFileRemedy, type ContextFacts } from "../assists/dockerignore/write.ts";
import { TELLS_OF_GIT } from "../assists/dockerignore/patterns.ts";
import { parseDockerfile } from "../model/dockerfile/parse.ts";
import { comesAndGoes } from "../model/dockerignore/comes-and-goes.ts";
import { covers, ignoredBy, parseIgnoreFile, readIgnoreLine } from "../model/ignore.ts";
import type { ProjectFiles } from "./files.ts";

const PATH = ".dockerignore";

/** The whole text; undefined where what is there needs nothing more. */
export function ignoreFileFor(files: ProjectFiles, dockerfile: string): string | undefined {
  const before = files.read(PATH);
  const facts: ContextFacts = {
    paths: withFolders([...files.paths, ...files.ignored]),
    file: { in: "context", path: PATH, text: undefined },
    dockerfiles: [parseDockerfile(dockerfile)],
    texts: new Map(
      [...TELLS_OF_GIT, ".gitignore"].flatMap((name) => {
        const text = files.read(name);
        return text === undefined ? [] : [[name, text] as const];
      }),
    ),
  };
  const usual = ignoreFileRemedy(facts, []).fixes?.[0]?.files?.[0]?.text ?? "";
  const lines = usual.split("\n").filter(Boolean);
  const fromGit = gitPatterns(files.read(".gitignore") ?? "").filter(
    (pattern) => !lines.includes(pattern) && !isCovered(pattern, lines) && isHarmless(facts, pattern),
  );
  const all =
    fromGit.length === 0 ? lines : [...lines, "# As git does.", ...fromGit.flatMap((pattern) => asked(pattern, facts))];
  if (before === undefined) return all.map((each) => `${each}\n`).join("");
  return extended(before, all, facts);
}

/** A name that is nowhere now may be made later, which the rule `ignore-pattern-unused` cannot know. */
function asked(line: string, { paths }: ContextFacts): readonly string[] {
  const pattern = readIgnoreLine(line);
  const isPlain = !/[*?[\]\\]/.test(line);
  if (!isPlain || !pattern || !("matches" in pattern) || comesAndGoes(pattern)) return [line];
  const isThere = paths.some((path) => pattern.matches(path.replace(/\/$/, "")));
  return isThere ? [line] : ["# dockwright ignore=ignore-pattern-unused git leaves it out whenever it is there", line];
}

/** What is there stays as it is; what git ignores and what is usual comes behind it, where it would come along now. */
function extended(before: string, lines: readonly string[], facts: ContextFacts): string | undefined {
  const now = parseIgnoreFile(before);
  const wanted = parseIgnoreFile(lines.join("\n"));
  if (!now || !wanted) return undefined;
  const taken = facts.paths
    .map((path) => path.replace(/\/$/, ""))
    .filter((path) => ignoredBy(now, path) === undefined && ignoredBy(wanted, path) !== undefined);
  const missing = lines.filter((line) => {
    const pattern = readIgnoreLine(line);
    return (
      pattern !== undefined && "matches" in pattern && !pattern.exclusion && taken.some((path) => pattern.matches(path))
    );
  });
  if (missing.length === 0) return undefined;
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${missing.map((line) => `${line}\n`).join("")}`;
}

const isCovered = (line: string, lines: readonly string[]): boolean => {
  const pattern = readIgnoreLine(line);
  return (
    pattern !== undefined &&
    "matches" in pattern &&
    lines.some((each) => {
      const other = readIgnoreLine(each);
      return other !== undefined && "matches" in other && !other.exclusion && covers(other, pattern);
    })
  );
};

/**
 * The lines of a .gitignore as .dockerignore has them: git looks for a name without a slash at any depth. Those that bring
 * something back are left out, with all that is said before them about it.
 */
export function gitPatterns(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(?<!\\)\s+$/, ""));
  const back = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1).replace(/\/$/, ""));
  const patterns = lines.flatMap((line) => {
    if (line === "" || /^[#!]/.test(line) || /[\\]/.test(line)) return [];
    const plain = line.replace(/\/$/, "");
    if (back.some((each) => each.startsWith(plain.replace(/\/?\*+$/, "")))) return [];
    if (plain === "*" || plain === "") return [];
    if (plain.startsWith("/")) return [plain.slice(1)];
    return [plain.includes("/") ? plain : `**/${plain}`];
  });
  return [...new Set(patterns)];
}

/** Folders end in a slash, as the build context lists them. */
function withFolders(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  for (const path of paths) {
    const parts = path.replace(/\/$/, "").split("/");
    for (let at = 1; at < parts.length; at++) all.add(`${parts.slice(0, at).join("/")}/`);
  }
  return [...all];
}
