/** Values that are no text, as the editor's settings → nodes, so that one reader understands both. */
import type { YamlNode } from "../text/yaml.ts";

const NOWHERE = { start: 0, end: 0 };
/** Settings are shallow; what is deeper is no setting. */
const MAX_DEPTH = 8;

export function nodeOf(value: unknown, depth = 0): YamlNode {
  if (depth > MAX_DEPTH) return { kind: "scalar", value: null, span: NOWHERE };
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => nodeOf(item, depth + 1)), span: NOWHERE };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({
      key,
      keySpan: NOWHERE,
      value: nodeOf(item, depth + 1),
    }));
    return { kind: "map", entries, span: NOWHERE };
  }
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
  return { kind: "scalar", value: plain, span: NOWHERE };
}
