/**
 * Writes or extends the ignore file of a build context. A pattern is put in only when it takes nothing away that a Dockerfile of the
 * context names, and nothing that is somebody's source: what was tried is tried again on the whole text before it is given out.
 */
import { type ContextUse, contextUses } from "../../model/dockerfile/context-uses.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { programsCalled, programsWithin } from "../../model/dockerfile/programs.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import { ignoredBy, type IgnoreFile, parseIgnoreFile } from "../../model/ignore.ts";
import type { FileChange, Fix, Remedy } from "../../rule.ts";
import { lineEnding } from "../../text/lines.ts";
import { GROUPS, READS_ENV_IN_BUILD, READS_GIT } from "./patterns.ts";

export interface ContextFacts {
  /** Of the whole build context, folders with a final slash. */
  readonly paths: readonly string[];
  /** Where the patterns go, and what is there now. */
  readonly file: Pick<FileChange, "in" | "path"> & { readonly text: string | undefined };
  /** Every Dockerfile that is built with this ignore file, as far as the context shows them. */
  readonly dockerfiles: readonly Dockerfile[];
  /** Texts of manifests at the top, by path; `.gitignore` is one of them. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The fix that keeps these paths out; folders end in a slash. Without any, the file is written for what may come. */
export function ignoreFileRemedy(facts: ContextFacts, leaks: readonly string[]): Remedy {
  const { path, text: before } = facts.file;
  const closed = leaks.filter((leak) => (leak === ".git/" ? !needsGit(facts) : isRemade(facts, leak)));
  const [first] = leaks;
  if (first !== undefined && closed.length === 0)
    return {
      refusal:
        first === ".git/"
          ? "another build of the folder asks git"
          : `no instruction makes ${bareOf(first)} anew, so the image may need what is copied`,
    };
  const known = before === undefined ? usual(facts) : [];
  const file = parseIgnoreFile(block(known, "\n"));
  const open = closed.filter((leak) => file === undefined || ignoredBy(file, bareOf(leak)) === undefined);
  const lines = [...new Set([...known, ...open.map(patternFor)])];
  if (lines.length === 0) return { refusal: "there is nothing that is safe to leave out" };
  const eol = lineEnding(before ?? "");
  const text = before === undefined ? block(lines, eol) : `${before}${needsEnd(before) ? eol : ""}${block(lines, eol)}`;
  const refusal = whyNot(facts, text, closed);
  if (refusal !== undefined) return { refusal };
  const title =
    before === undefined ? `Write ${path} (${lines.length} patterns)` : `Add ${shortList(lines)} to ${path}`;
  const fix: Fix = { title, safety: "unsafe", edits: [], files: [{ in: facts.file.in, path, before, text }] };
  return { fixes: [fix] };
}

const block = (lines: readonly string[], eol: string): string => lines.map((line) => line + eol).join("");
const needsEnd = (text: string): boolean => text !== "" && !text.endsWith("\n");
const shortList = (lines: readonly string[]): string =>
  lines.length > 3 ? `${lines.slice(0, 2).join(", ")} and ${lines.length - 2} more` : lines.join(", ");

const ANYWHERE = /^(?:node_modules|\.venv|__pycache__|\.env(?:\..+)?|\.next|\.nuxt|\.svelte-kit|\.gradle|\.tox)$/;

/** At any depth where the name says it all, else that one path. */
function patternFor(leak: string): string {
  const path = bareOf(leak);
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (path !== name && ANYWHERE.test(name)) return `**/${name}`;
  if (/^(?:node_modules|__pycache__|\.venv)$/.test(name)) return `**/${name}`;
  return path.replace(/[*?[\]\\]/g, "\\$&").replace(/^[#!]/, "\\$&");
}

/** What belongs in a new file, without what would break a build. */
function usual(facts: ContextFacts): readonly string[] {
  const chosen = GROUPS.flatMap(({ manifest, always, made = [] }) =>
    manifest && !facts.paths.some((path) => manifest.test(path))
      ? []
      : [
          ...always.map((pattern) => ({ pattern, remade: false })),
          ...made
            .flatMap(({ by, patterns }) => patterns.map((pattern) => ({ pattern, by })))
            .filter(({ by, pattern }) => isCalledByAll(facts, by, matchedBy(facts, pattern)))
            .map(({ pattern }) => ({ pattern, remade: true })),
        ],
  );
  const kept = chosen.filter(({ pattern, remade }) => {
    if (pattern.startsWith("!")) return true;
    if (pattern === ".git") return !needsGit(facts);
    if (pattern.startsWith(".env")) return !readsEnvFiles(facts) && isHarmless(facts, pattern);
    return isHarmless(facts, pattern) && !(remade && isSource(facts, pattern)) && !isMentioned(facts, pattern);
  });
  const patterns = kept.map(({ pattern }) => pattern);
  // What brings nothing back is noise.
  return patterns.includes(".env.*") ? patterns : patterns.filter((pattern) => !pattern.startsWith("!"));
}

/** Nothing a tool makes, or made by a call in every Dockerfile that copies the folder. */
function isRemade(facts: ContextFacts, leak: string): boolean {
  const path = bareOf(leak);
  const makers = GROUPS.flatMap(({ made = [] }) => made).filter(({ patterns }) =>
    patterns.some((pattern) => parseIgnoreFile(pattern)?.patterns[0]?.matches(path) ?? false),
  );
  return makers.length === 0 || makers.some(({ by }) => isCalledByAll(facts, by, [path]));
}

const isCalledByAll = ({ dockerfiles }: ContextFacts, by: RegExp, paths: readonly string[]): boolean =>
  dockerfiles.filter((each) => takesAny(each, paths)).every((each) => callsOf(each).some((call) => by.test(call)));

/** It copies the whole context, or a folder with one of these in it. */
const takesAny = (dockerfile: Dockerfile, paths: readonly string[]): boolean =>
  contextUses(dockerfile).some(
    ({ path, pattern }) => path === "." || pattern || paths.some((each) => each.startsWith(`${path}/`)),
  );

/** What a pattern keeps out of what is there. */
function matchedBy({ paths }: ContextFacts, pattern: string): readonly string[] {
  const file = parseIgnoreFile(pattern);
  return file ? paths.map(bareOf).filter((path) => ignoredBy(file, path) !== undefined) : [];
}

const bareOf = (path: string): string => path.replace(/\/$/, "");

/** `program arguments` of every command in a RUN. */
const callsOf = perDocument((dockerfile): readonly string[] =>
  dockerfile.all
    .filter(({ name }) => name === "RUN")
    .flatMap((instruction) => programsWithin(dockerfile, instruction))
    .flatMap(({ command: { name, args } }) =>
      name === undefined ? [] : [[name, ...args.map(({ value }) => value)].join(" ")],
    ),
);

/** The build asks git, or a tool of it does. */
export const needsGit = ({ dockerfiles, texts }: Pick<ContextFacts, "dockerfiles" | "texts">): boolean =>
  dockerfiles.some((each) => programsCalled(each, "git").length > 0 || READS_GIT.test(each.text)) ||
  [...texts].some(([path, text]) => path !== ".gitignore" && READS_GIT.test(text));

const readsEnvFiles = ({ paths, texts }: ContextFacts): boolean =>
  READS_ENV_IN_BUILD.test(texts.get("package.json") ?? "") && paths.some((path) => /^\.env(?:\.|$)/.test(path));

/** Takes nothing away that a Dockerfile names. */
export const isHarmless = (facts: ContextFacts, pattern: string): boolean => {
  const alone = parseIgnoreFile(pattern);
  return alone !== undefined && lost(facts, alone, undefined) === undefined;
};

/** It is there, and git keeps it: not made by a build. */
function isSource(facts: ContextFacts, pattern: string): boolean {
  const git = facts.texts.get(".gitignore");
  if (git === undefined) return false;
  const name = bare(pattern);
  const isLeftToGit = !git.split(/\r?\n/).some((line) => bare(line.trim()) === name);
  return isLeftToGit && matchedBy(facts, pattern).length > 0;
}

const bare = (pattern: string): string => pattern.replace(/^\/|^\*\*\//, "").replace(/\/(?:\*\*?)?$/, "");

/** Names that mean other things as well: a Dockerfile that says `bin/` outside of COPY may mean this one. */
const isMentioned = ({ dockerfiles, paths }: ContextFacts, pattern: string): boolean => {
  const name = bare(pattern);
  if (!/^(?:bin|build|deps|vendor|venv|coverage|log|tmp|storage)$/.test(name.split("/")[0] ?? "")) return false;
  if (!paths.includes(`${name.split("/")[0]}/`)) return false;
  return dockerfiles.some((each) =>
    each.instructions.some(
      ({ name: keyword, args }) =>
        ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"].includes(keyword) &&
        new RegExp(`(?:^|[\\s"'=])(?:\\./)?${name.split("/")[0]}/`).test(args.text),
    ),
  );
};

/** What a Dockerfile names and the patterns keep out, where they did not before. */
function lost(
  { dockerfiles, paths }: ContextFacts,
  now: IgnoreFile,
  before: IgnoreFile | undefined,
): string | undefined {
  const isLost = (path: string): boolean =>
    ignoredBy(now, path) !== undefined && (before === undefined || ignoredBy(before, path) === undefined);
  for (const use of dockerfiles.flatMap(contextUses)) {
    if (use.path === "." || use.path.startsWith("../")) continue;
    const named = namedBy(use, paths);
    const gone = named.find(isLost);
    if (gone !== undefined) return gone;
  }
  return undefined;
}

/** What a source stands for: itself, or what fits the pattern in it and the folder that comes before. */
function namedBy({ path, pattern }: Pick<ContextUse, "path" | "pattern">, paths: readonly string[]): readonly string[] {
  if (!pattern) return [path];
  const parts = path.split("/");
  const wild = parts.findIndex((part) => /[*?[\\]/.test(part));
  const folder = parts.slice(0, wild === -1 ? parts.length : wild).join("/");
  const glob = parseIgnoreFile(path)?.patterns[0];
  const fitting = paths.map(bareOf).filter((each) => glob?.matches(each) ?? false);
  return folder === "" ? fitting : [folder, ...fitting];
}

/** The whole text tried: it is read, the leaks are closed, and nothing that is named is lost. */
function whyNot(facts: ContextFacts, text: string, leaks: readonly string[]): string | undefined {
  const now = parseIgnoreFile(text);
  const before = parseIgnoreFile(facts.file.text ?? "");
  if (!now || !before) return `BuildKit does not read ${facts.file.path}`;
  const gone = lost(facts, now, before);
  if (gone !== undefined) return `${gone} would be kept out as well, and a Dockerfile copies it by name`;
  const open = leaks.find((leak) => ignoredBy(now, bareOf(leak)) === undefined);
  return open === undefined ? undefined : `${open} would still come along`;
}
