/** What the rules about missing files share. */
import type { Field } from "../model/compose/model.ts";
import { localPath } from "../model/compose/paths.ts";
import { type ComposeContext, known } from "../rule.ts";
import type { Span } from "../text/edit.ts";
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

/** A file beside it that people copy to make one of their own: then it is missing on purpose where nobody has done so. */
export const templateOf = ({ lookup }: ComposeContext, path: string): string | undefined =>
  TEMPLATES.map((ending) => `${path}${ending}`).find(
    (other) => known(lookup({ ask: "path-kind", path: other })) === "file",
  );

/** One text, or the items of a list. */
export function valuesOf(field: Field | undefined): readonly YamlNode[] {
  if (!field || field.via) return [];
  return field.value.kind === "list" ? field.value.items : [field.value];
}
