/** What comments and paths are about: the entries and list items of a compose file, as written, by position. */
import type { Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { perCompose } from "./fields.ts";
import type { ComposeFile } from "./model.ts";

/** An entry from its key to the end of its value, or an item of a list. */
export interface Unit extends Span {
  /** The keys that lead here; items of lists have no name of their own. */
  readonly path: readonly string[];
}

/** In the order they begin; of two that begin together the outer one first. */
export const unitsOf = perCompose(({ root }): readonly Unit[] => {
  const units: Unit[] = [];
  const visit = (node: YamlNode, path: readonly string[]): void => {
    if (node.via) return;
    if (node.kind === "map")
      for (const { key, keySpan, value } of node.written) {
        const below = [...path, key];
        units.push({ start: keySpan.start, end: Math.max(keySpan.end, value.span.end), path: below });
        visit(value, below);
      }
    if (node.kind === "list")
      for (const item of node.items) {
        units.push({ ...item.span, path });
        visit(item, path);
      }
  };
  if (root) visit(root, []);
  return units;
});

/** The first that begins at or behind an offset. */
export const unitAfter = (compose: ComposeFile, at: number): Unit | undefined =>
  unitsOf(compose).find(({ start }) => start >= at);

/** The first that begins on the line of an offset, before it. */
export function unitOnLine(compose: ComposeFile, at: number): Unit | undefined {
  const line = compose.text.lastIndexOf("\n", at - 1) + 1;
  return unitsOf(compose).find(({ start }) => line <= start && start < at);
}

/** The innermost around an offset. */
export const unitAt = (compose: ComposeFile, at: number): Unit | undefined =>
  unitsOf(compose).findLast(({ start, end }) => start <= at && at <= end);
