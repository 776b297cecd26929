/** What the rules about missing files share. */
import type { Field } from "../model/compose/model.ts";
import { localPath } from "../model/compose/paths.ts";
import { type ComposeContext, known, type Report } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { matchesGlob } from "../text/glob.ts";
import type { YamlNode } from "../text/yaml.ts";
import { plainText } from "./compose-services.ts";

export interface NamedFile {
  readonly node: YamlNode;
  readonly span: Span;
  /** From the document's folder. */
  readonly path: string;
}

/** The file a value names, where it is written here and leads to this machine's project. */
export function namedFile(node: YamlNode | undefined): NamedFile | undefined {
  const text = node && !node.via ? plainText(node) : undefined;
  const path = text === undefined || text === "" ? undefined : localPath(text);
  return node && path !== undefined ? { node, span: node.span, path } : undefined;
}

export const isMissing = ({ lookup }: ComposeContext, path: string): boolean =>
  known(lookup({ ask: "path-kind", path })) === "missing";

const TEMPLATES = [".example", ".sample", ".template", ".dist"];

/** A file beside it that people copy to make one of their own. */
const templateOf = ({ lookup }: ComposeContext, path: string): string | undefined =>
  TEMPLATES.map((ending) => `${path}${ending}`).find(
    (other) => known(lookup({ ask: "path-kind", path: other })) === "file",
  );

/** What there is to say of a missing file that everybody makes for themselves; undefined where nothing tells that it is such a one. */
export function ownFileReport(context: ComposeContext, path: string): Report | undefined {
  const template = templateOf(context, path);
  const why =
    template !== undefined ? `make one from ${template}` : isIgnored(context, path) ? "git leaves it out" : undefined;
  return why === undefined
    ? undefined
    : { message: `There is no file ${path} yet: ${why}`, severity: "hint", profile: "strict" };
}

/** So many folders up is looked for a .gitignore. */
const MOST_UP = 2;

/** A .gitignore beside the compose file or above it leaves the path out: where it is missing, that is on purpose. */
function isIgnored({ lookup }: ComposeContext, path: string): boolean {
  if (path.startsWith("../")) return false;
  const parts = path.split("/");
  const places = parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  for (let up = 0; up <= MOST_UP; up++) {
    const text = known(lookup({ ask: "text", path: `${"../".repeat(up)}.gitignore` }));
    if (text !== undefined && places.some((place) => isLeftOut(text, place, up))) return true;
  }
  return false;
}

function isLeftOut(text: string, path: string, up: number): boolean {
  let left = false;
  for (const line of text.split(/\r?\n/)) {
    const pattern = line.trim().replace(/\/$/, "");
    if (pattern === "" || pattern.startsWith("#")) continue;
    const isBack = pattern.startsWith("!");
    const plain = isBack ? pattern.slice(1) : pattern;
    const from = plain.replace(/^\//, "").split("/");
    // From above, the names of the folders in between are not known: any will do.
    const isAnchored = from.length > 1 && from[0] !== "**";
    const here = isAnchored && up > 0 ? `/${from.slice(up).join("/")}` : plain;
    if (here !== "/" && matchesGlob(here, path)) left = !isBack;
  }
  return left;
}

/** One text, or the items of a list. */
export function valuesOf(field: Field | undefined): readonly YamlNode[] {
  if (!field || field.via) return [];
  return field.value.kind === "list" ? field.value.items : [field.value];
}
