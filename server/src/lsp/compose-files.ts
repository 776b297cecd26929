/**
 * The files a compose file belongs to, for what has to see all of them: the editor's own text where one is open, else the disk's. What is
 * worked out says what it misses; that is asked for, and it is worked out again.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Files, folderOf, nameOf } from "../core/features/compose/files.ts";
import { isCompose } from "../core/model/compose/detect.ts";
import type { ComposeFile } from "../core/model/compose/model.ts";
import { parseCompose } from "../core/model/compose/parse.ts";
import { sharedGetters } from "../core/model/shared-getters.ts";
import type { Answer } from "../core/rule.ts";
import { type Lines, linesOf } from "../core/text/lines.ts";
import type { ComposeFeature } from "./messages.ts";
import type { Inspected, Session } from "./session.ts";

export interface OpenCompose {
  readonly checked: Inspected;
  readonly compose: ComposeFile;
}

/** An open compose file, where the feature is switched on; undefined for everything else. */
export async function openCompose(
  session: Session,
  uri: string,
  feature: ComposeFeature,
): Promise<OpenCompose | undefined> {
  const checked = await session.check(uri);
  if (!checked?.inspection || !checked.config.compose[feature]) return undefined;
  const { document } = checked.inspection;
  return document.language === "compose" ? { checked, compose: document } : undefined;
}

/** A file as the protocol speaks of it. */
export interface FileText {
  readonly uri: string;
  /** Null for a file that is not open. */
  readonly version: number | null;
  readonly lines: Lines;
}

export interface WorkedOut<T> {
  readonly result: T;
  /** Of a path that was read. */
  readonly file: (path: string) => FileText;
}

interface Options {
  readonly signal: AbortSignal;
  /** `around`: also files that nobody named so far, which may include or extend the document. */
  readonly reach: "named" | "around";
}

/** More rounds than files name each other in a row. */
const MAX_ROUNDS = 30;

/** The document one goes out from: a compose file, or a Dockerfile that compose files build. */
interface From {
  readonly checked: Pick<Inspected, "uri" | "config" | "answers">;
  readonly compose?: ComposeFile;
}

export async function withFiles<T>(
  session: Session,
  { checked, compose }: From,
  { signal, reach }: Options,
  work: (path: string, files: Files) => T,
): Promise<WorkedOut<T>> {
  const own = pathOf(checked.uri);
  const open = openTexts(session);
  const texts = new Map<string, Answer>();
  const kinds = new Map<string, Answer>();
  const parsed = new Map<string, ComposeFile>(compose && [[own, compose]]);
  const around = new Set([...open].filter(([, { isCompose: is }]) => is).map(([path]) => path));
  const place = placeOf(session, checked, signal);
  const seen: Around = reach === "around" ? await composeAround(own, place, texts) : { paths: [] };
  for (const path of seen.paths) around.add(path);

  for (let round = 0; ; round++) {
    const missingTexts = new Set<string>();
    const missingKinds = new Set<string>();
    const kind = (path: string): Answer | undefined => {
      if (path === own || open.has(path)) return "file";
      const known = kinds.get(path);
      if (known === undefined) missingKinds.add(path);
      return known;
    };
    const text = (path: string): Answer | undefined => {
      const here = open.get(path)?.text;
      if (here !== undefined) return here;
      const there = kind(path);
      if (there !== "file") return there;
      const known = texts.get(path);
      if (known === undefined) missingTexts.add(path);
      return known;
    };
    const textAt = (path: string): string | undefined => {
      const found = text(path);
      return typeof found === "string" && kind(path) === "file" ? found : undefined;
    };
    const files: Files = {
      around: [...around],
      unseen: seen.unseen,
      text: textAt,
      kind(path) {
        const found = kind(path);
        return found === "file" || found === "folder" ? found : undefined;
      },
      whyUnread(path) {
        const found = text(path);
        return typeof found === "object" ? found.unknown : undefined;
      },
      compose(path) {
        const found = textAt(path);
        if (found === undefined) return undefined;
        const known = parsed.get(path) ?? parseCompose(found, nameOf(path));
        parsed.set(path, known);
        return known.root && known;
      },
    };
    const result = work(own, files);
    if ((missingTexts.size === 0 && missingKinds.size === 0) || round >= MAX_ROUNDS)
      return { result, file: (path) => open.get(path) ?? closedFile(path, textAt(path) ?? "") };
    for (const path of missingKinds) kinds.set(path, await place.ask("path-kind", path));
    for (const path of missingTexts) texts.set(path, await place.ask("text", path));
  }
}

const closedFile = (path: string, text: string): FileText => ({
  uri: uriOf(path),
  version: null,
  lines: linesOf(text),
});

interface OpenText extends FileText {
  readonly text: string;
  readonly isCompose: boolean;
}

function openTexts(session: Session): ReadonlyMap<string, OpenText> {
  const found = new Map<string, OpenText>();
  for (const uri of session.uris()) {
    const open = session.open(uri);
    if (!open) continue;
    const { text, version, language } = open;
    const isOne = language === "compose";
    found.set(pathOf(uri), withLines({ uri, version, text, isCompose: isOne }, text));
  }
  return found;
}

/** Of most open files nobody wants to know the lines. */
const withLines = sharedGetters<string, Pick<OpenText, "lines">>({ lines: linesOf });

interface Place {
  /** The workspace folder the document is in; without one, the document's own. */
  readonly folder: string;
  readonly ask: (ask: "path-kind" | "text", path: string) => Promise<Answer>;
  readonly list: () => Promise<Answer>;
}

/** All is asked from one folder, so that whatever is in the workspace can be read. */
function placeOf(session: Session, checked: From["checked"], signal: AbortSignal): Place {
  const own = folderOf(pathOf(checked.uri));
  const root = session.abilities.roots
    .map((uri) => pathOf(uri).replace(/\/$/, ""))
    .find((path) => own === path || own.startsWith(`${path}/`));
  const folder = root ?? own;
  const from = root === undefined ? checked : { ...checked, uri: uriOf(`${root}/compose.yaml`) };
  return {
    folder,
    ask: (ask, path) => session.look({ ask, path: relativePath(folder, path) }, from, signal),
    list: () => session.look({ ask: "list" }, from, signal),
  };
}

/** As many files are read to see whether they include or extend the document. */
const MAX_AROUND = 300;
const YAML = /\.ya?ml$/;
/** What a file that is part of a project has at its left margin. */
const SECTION = /^(?:services|include|networks|volumes|secrets|configs|models)[ \t]*:/m;

interface Around {
  readonly paths: readonly string[];
  /** Why there may be others. */
  readonly unseen?: string;
}

/** Compose files of that folder. Of many YAML files those with a telling name are read first, then those near the document. */
async function composeAround(own: string, place: Place, texts: Map<string, Answer>): Promise<Around> {
  if (!isOnDisk(own)) return { paths: [] };
  const list = await place.list();
  if (typeof list !== "string") return { paths: [], unseen: list.unknown };
  const others = list
    .split("\n")
    .filter((path) => YAML.test(path))
    .map((path) => `${place.folder}/${path}`)
    .filter((path) => path !== own)
    .sort((a, b) => farness(a, own) - farness(b, own));
  const found: string[] = [];
  for (const path of others.slice(0, MAX_AROUND)) {
    const text = await place.ask("text", path);
    texts.set(path, text);
    if (typeof text === "string" && (isCompose(text) || SECTION.test(text))) found.push(path);
  }
  const left = others.length - MAX_AROUND;
  return { paths: found, ...(left > 0 && { unseen: `${left} of the workspace's YAML files were left out` }) };
}

const UNTELLING = 100;

/** Steps from one file's folder to the other's; many more for a file that is not called after compose. */
function farness(path: string, own: string): number {
  const steps = relativePath(folderOf(own), folderOf(path)).split("/").length;
  return steps + (nameOf(path).includes("compose") ? 0 : UNTELLING);
}

function relativePath(folder: string, path: string): string {
  const [from, to] = [folder, path].map((each) => each.split("/").filter((part) => part !== ""));
  if (!from || !to) return path;
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/") || ".";
}

/** With slashes on every system; what is on no disk has its address for a path. */
export function pathOf(uri: string): string {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri).replaceAll("\\", "/") : uri;
  } catch {
    return uri; // a host or an escaped slash in it: nothing this machine can look into
  }
}

const isOnDisk = (path: string): boolean => /^(?:\/|[a-zA-Z]:\/)/.test(path);

const uriOf = (path: string): string => (isOnDisk(path) ? pathToFileURL(path).href : path);
