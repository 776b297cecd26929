/** Paths of the build context where a pattern is being written: what is not kept out yet, and behind a `!` what is. */
import { parseDockerignore } from "../../model/dockerignore/parse.ts";
import { ignoredBy, ignoreFileOf } from "../../model/ignore.ts";
import type { Completion } from "../compose/completion-model.ts";

/** More names help nobody to choose. */
const MAX_OFFERED = 200;

/** `paths` are the whole context's, folders with a final slash. */
export function pathsAt(text: string, offset: number, paths: readonly string[]): readonly Completion[] {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const written = /^\uFEFF?[ \t]*(!?)[ \t]*(\.?\/)?((?:[^#*?[\\\s][^*?[\\]*\/)?|\*\*\/)([^/*?[\\]*)$/.exec(
    text.slice(start, offset),
  );
  if (!written || /^\uFEFF?#/.test(text.slice(start, offset))) return [];
  const [, bang, , folder = "", name = ""] = written;
  const file = parseDockerignore(text);
  const others = ignoreFileOf(
    file.lines.flatMap(({ pattern, line }) =>
      pattern && !(line.start <= offset && start < line.end) ? [pattern] : [],
    ),
  );
  const isOffered = (path: string): boolean => (ignoredBy(others, path) !== undefined) === (bang === "!");
  const ends = /^[^/*?[\\\s]*/.exec(text.slice(offset))?.[0].length ?? 0;
  const span = { start: offset - name.length, end: offset + ends };
  const found = new Map<string, Completion>();
  for (const path of paths) {
    const bare = path.replace(/\/$/, "");
    const label = folder === "**/" ? bare.slice(bare.lastIndexOf("/") + 1) : nameIn(folder, bare);
    if (label === undefined || found.has(label) || !isOffered(bare)) continue;
    const escaped = label.replace(/[*?[\]\\]/g, "\\$&");
    found.set(label, { label, kind: path.endsWith("/") ? "folder" : "file", span, text: escaped });
    if (found.size === MAX_OFFERED) break;
  }
  return [...found.values()];
}

const nameIn = (folder: string, path: string): string | undefined =>
  path.startsWith(folder) && path.length > folder.length && !path.includes("/", folder.length)
    ? path.slice(folder.length)
    : undefined;
