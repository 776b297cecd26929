/** Paths of the build context, one part at a time and without what the ignore file keeps out, and paths of other stages. */
import { flowOf } from "../../model/dockerfile/flow/walk.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { lineage, sourceStage } from "../../model/dockerfile/stages.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { type IgnoreFile, ignoredBy, mayComeBackBelow, parseIgnoreFile } from "../../model/ignore.ts";
import { joined } from "../../model/compose/paths.ts";
import { entriesAt, textAt } from "../compose/look.ts";
import { pathsOfStage } from "./completion-folders.ts";
import type { Candidate, Inside } from "./completion-model.ts";
import type { Typed } from "./cursor.ts";

/** More names help nobody to choose. */
const MOST = 300;

/** Sources of COPY and ADD, of bind mounts, patterns of `--exclude`. */
export function contextPaths(inside: Inside, { typed, span }: Typed): readonly Candidate[] {
  const { look, context, offset, dockerfile } = inside;
  const slash = typed.lastIndexOf("/") + 1;
  const folder = typed.slice(0, slash);
  if (context === undefined || /[$*?[\\]/.test(folder) || folder.includes("://")) return [];
  const path = cleaned(folder);
  const base = joined(context, ".");
  if (path === undefined || base === undefined) return [];
  const ignore = ignoreFile(inside, base);
  const part = {
    start: span.start + slash,
    end: Math.max(offset, endOfPart(dockerfile.text, offset, span.end)),
  };
  const names = entriesAt(look, base, path === "" ? "" : path).filter((name) => isSent(ignore, `${path}${name}`));
  const rank = (name: string): number => (name.startsWith(".") ? 2 : 0) + (name.endsWith("/") ? 0 : 1);
  return names
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map((name) => pathCandidate(inside, name, part));
}

/** To the slash, if the cursor is in a part in the midst of a path. */
function endOfPart(text: string, offset: number, end: number): number {
  const slash = text.slice(offset, end).indexOf("/");
  return slash === -1 ? end : offset + slash + 1;
}

function pathCandidate({ place }: Inside, name: string, span: Candidate["span"]): Candidate {
  const isFolder = name.endsWith("/");
  const isJson = place.part.in === "argument" && place.part.form === "string";
  const isBare = place.part.in === "argument" && place.part.quote === "" && !isJson;
  const text = isJson ? JSON.stringify(name).slice(1, -1) : isBare ? name.replace(/[\s\\"'$]/g, "\\$&") : name;
  // A path with blanks in it is two in the plain form.
  return { label: name, kind: isFolder ? "folder" : "file", text, ...(span && { span }) };
}

/** Without a slash in front, with one behind; undefined where it leads out of the context. */
function cleaned(folder: string): string | undefined {
  const path = joined(".", folder.replace(/^\/+/, "") || ".");
  if (path === undefined || path.startsWith("..")) return undefined;
  return path === "" || path === "." ? "" : `${path}/`;
}

/** The Dockerfile's own, which BuildKit prefers, or the context's. */
function ignoreFile({ look, dockerfile }: Inside, base: string): IgnoreFile | undefined {
  const own = dockerfile.name === undefined ? undefined : textAt(look, `${dockerfile.name}.dockerignore`);
  const path = joined(base, ".dockerignore");
  const text = own ?? (path === undefined ? undefined : textAt(look, path));
  return text === undefined ? undefined : parseIgnoreFile(text);
}

function isSent(ignore: IgnoreFile | undefined, path: string): boolean {
  if (path === ".git/" || path.endsWith(".DS_Store")) return false;
  if (!ignore) return true;
  const bare = path.replace(/\/$/, "");
  return ignoredBy(ignore, bare) === undefined || (path.endsWith("/") && mayComeBackBelow(ignore, bare));
}

/** Working out what RUNs write takes too long in files larger than anybody writes by hand. */
const MAX_INSTRUCTIONS = 1_000;

/** What the stage named by `--from` or `from=` has, as far as the file says it. */
export function stagePaths(inside: Inside, { typed }: Typed): readonly Candidate[] {
  const { dockerfile, instruction, place } = inside;
  if (typed.includes("$")) return [];
  const from =
    place.part.in === "mount value"
      ? place.part.fields.find(({ key }) => key === "from")?.value
      : place.flags.find(({ name }) => name === "--from")?.value;
  if (from === undefined) return [];
  const { text } = expandIn(dockerfile, instruction, from);
  const stage = sourceStage(dockerfile, instruction.stage, text, place.name !== "RUN");
  if (!stage) return [];
  const found = new Map<string, Candidate>();
  const add = (label: string, detail: string, kind: "file" | "folder"): void => {
    if (label !== "/" && !found.has(label)) found.set(label, { label, kind, detail });
  };
  for (const { path, detail } of written(dockerfile, stage)) add(path, detail, detail === "made" ? "file" : "folder");
  for (const { path, detail } of pathsOfStage(dockerfile, stage)) add(path, detail, "folder");
  return [...found.values()].slice(0, MOST);
}

/** Hidden folders, and what Go has downloaded: nobody copies them. */
const CACHES = /\/\.|^\/go\/pkg\//;

/** What commands of its RUNs make, the latest first. */
function written(dockerfile: Dockerfile, stage: Stage): readonly { readonly path: string; readonly detail: string }[] {
  if (dockerfile.instructions.length > MAX_INSTRUCTIONS) return [];
  const flows = flowOf(dockerfile);
  const effects = lineage(dockerfile, stage).flatMap(({ index }) => flows[index]?.effects ?? []);
  return effects.toReversed().flatMap(({ writes, does }) => {
    if (writes === "anything" || (does !== "build" && does !== "files" && does !== "download")) return [];
    return writes.flatMap((place) => {
      if (place.kind !== "files" || place.realm !== "image") return [];
      const isFolder = place.pattern.endsWith("/**");
      const path = isFolder ? place.pattern.slice(0, -3) : place.pattern;
      return path.includes("*") || path === "" || CACHES.test(path)
        ? []
        : [{ path, detail: isFolder ? "built" : "made" }];
    });
  });
}
