/** Over a pattern of a .dockerignore: which paths of the build context it fits, and whether another line decides about them. */
import type { Dockerignore } from "../../model/dockerignore/model.ts";
import { ignoredBy, ignoreFileOf } from "../../model/ignore.ts";
import type { Span } from "../../text/edit.ts";

const SHOWN = 8;

/** `paths` are the whole context's, folders with a final slash. */
export function patternHover(
  { lines }: Dockerignore,
  at: number,
  paths: readonly string[],
): { readonly text: string; readonly span: Span } | undefined {
  const line = lines.find(({ span }) => span.start <= at && at <= span.end);
  const pattern = line?.pattern;
  if (!line || !pattern) return undefined;
  const file = ignoreFileOf(lines.flatMap((each) => each.pattern ?? []));
  const fitting = paths.filter((path) => pattern.matches(path.replace(/\/$/, "")));
  // What is in a folder that fits goes with it.
  const folders = new Set(fitting.filter((path) => path.endsWith("/")));
  const tops = fitting.filter((path) => !foldersOf(path).some((folder) => folders.has(folder)));
  const does = pattern.exclusion ? "Lets in" : "Keeps out";
  if (tops.length === 0) return { span: line.span, text: `${does} nothing that is in the folder now.` };
  const otherwise = tops.filter(
    (path) => (ignoredBy(file, path.replace(/\/$/, "")) === undefined) !== pattern.exclusion,
  );
  const more = tops.length > SHOWN ? [`- and ${tops.length - SHOWN} more`] : [];
  const decided =
    otherwise.length === 0
      ? []
      : ["", `Other lines decide about ${otherwise.length === tops.length ? "all of them" : otherwise.length}.`];
  const text = [
    `${does} ${tops.length} ${tops.length === 1 ? "path" : "paths"}${folders.size > 0 ? ", folders with what is in them" : ""}:`,
    "",
    ...tops.slice(0, SHOWN).map((path) => `- \`${path.replaceAll("`", "'")}\``),
    ...more,
    ...decided,
  ].join("\n");
  return { span: line.span, text };
}

const foldersOf = (path: string): readonly string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)).filter((folder) => folder !== path);
