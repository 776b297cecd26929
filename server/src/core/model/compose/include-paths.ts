/** What an item of `include` names. */
import type { YamlNode } from "../../text/yaml.ts";
import { fieldOf, textOf } from "./fields.ts";
import { hasVariables } from "./interpolation.ts";
import { localPath } from "./paths.ts";

/** The files one item of `include` names, the first one's overrides behind it; undefined for what leads elsewhere. */
export function includePaths(item: YamlNode): {
  readonly paths: readonly (string | undefined)[];
  readonly directory: string | undefined;
} {
  const path = item.kind === "map" ? fieldOf(item, "path")?.value : item;
  const nodes = path?.kind === "list" ? path.items : path ? [path] : [];
  const local = (node: YamlNode | undefined): string | undefined => {
    const text = textOf(node);
    return text === undefined || hasVariables(text) ? undefined : localPath(text);
  };
  const written = fieldOf(item, "project_directory")?.value;
  const directory = local(written);
  // Where its paths lead is not known: neither is what it brings.
  if (written && directory === undefined) return { paths: [undefined], directory };
  return { paths: nodes.map(local), directory: directory === "." ? "" : directory };
}
