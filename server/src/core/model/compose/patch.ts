/**
 * Edits at a place of a compose file: the smallest that does the work, in the file's own indentation, quoting and form. Comments,
 * order and anchors stay; what stands elsewhere, or is used elsewhere through an anchor, is not changed: the reason is given instead.
 */
import type { YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";
import type { Change, ComposeFile } from "./model.ts";

/** What is written: a text, a number, a list, a mapping. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Where a key goes: behind the last of these that is there, else at the end. */
export interface Placing {
  readonly after?: readonly string[];
}
