/** Values that are no text, as the editor's settings → nodes, so that one reader understands both. */
import type { YamlNode, YamlScalar } from "../text/yaml.ts";

const NOWHERE = { start: 0, end: 0 };
/** Settings are shallow; what is deeper is no setting. */
const MAX_DEPTH = 8;

export function nodeOf(value: unknown, depth = 0): YamlNode {
  if (depth > MAX_DEPTH) return scalar(null);
  if (Array.isArray(value)) {
    const items = value.map((item) => nodeOf(item, depth + 1));
    return { kind: "list", flow: false, items, span: NOWHERE };
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({
      key,
      keySpan: NOWHERE,
      value: nodeOf(item, depth + 1),
    }));
    return { kind: "map", flow: false, entries, written: entries, span: NOWHERE };
  }
  return scalar(typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null);
}

const scalar = (value: YamlScalar["value"]): YamlScalar => ({
  kind: "scalar",
  value,
  text: value === null ? "" : String(value),
  style: "plain",
  span: NOWHERE,
});
