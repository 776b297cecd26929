/** What COPY and ADD take from the build context. */
import { cleanPath, ignoredBy, parseIgnoreFile } from "../ignore.ts";
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction, Word } from "./model.ts";
import { expandIn } from "./scope.ts";
import { unquote } from "./words.ts";

export interface ContextSource {
  readonly instruction: Instruction;
  readonly word: Word;
  /** Variables put in, quotes removed. */
  readonly text: string;
  /** Clean and without a slash in front: `.` is the context itself. It may begin with `..`. */
  readonly path: string;
  /** It has `*`, `?` or `[`. */
  readonly pattern: boolean;
}

/** A URL, `git@host:…`, or the `file:…` of docker history. One letter before the colon is a Windows drive. */
export const isRemoteSource = (source: string): boolean => /^(?:[A-Za-z][\w+.-]+:|[\w.-]+@[\w.-]+:)/.test(source);

/** The sources of every COPY and ADD that are paths of the build context, triggers included; what a variable hides is left out. */
export const contextSources = perDocument((dockerfile): readonly ContextSource[] =>
  dockerfile.all
    .filter(({ name, flags }) => (name === "COPY" || name === "ADD") && !flags.some((flag) => flag.name === "--from"))
    .flatMap((instruction) => sourcesOf(dockerfile, instruction)),
);

function sourcesOf(dockerfile: Dockerfile, instruction: Instruction): readonly ContextSource[] {
  const sources: ContextSource[] = [];
  for (const word of instruction.words.slice(0, -1)) {
    if (instruction.heredocs.some(({ marker }) => marker.start === word.span.start)) continue;
    const expanded = expandIn(dockerfile, instruction, word.text);
    const text = instruction.json ? expanded.text : unquote(expanded.text, dockerfile.escape);
    if (!expanded.known || text === "" || isRemoteSource(text)) continue;
    const path = cleanPath(text.replaceAll("\\", "/")).replace(/^\/+/, "");
    sources.push({ instruction, word, text, path: path === "" ? "." : path, pattern: /[*?[]/.test(text) });
  }
  return sources;
}

/** True when `--exclude` keeps the path out of the copy; the path is the context's. */
export function isExcluded({ instruction, path: source }: ContextSource, path: string): boolean {
  const patterns = instruction.flags.flatMap(({ name, value }) => (name === "--exclude" && value ? [value.text] : []));
  const file = patterns.length > 0 ? parseIgnoreFile(patterns.join("\n")) : undefined;
  if (!file) return false;
  const below = path.startsWith(`${source}/`) ? path.slice(source.length + 1) : path;
  return [path, below].some((each) => ignoredBy(file, each) !== undefined);
}
