/** What a node says as one text, to see whether a change of its layout has changed it. */
import type { YamlNode } from "../../text/yaml.ts";

/** All a node says, whatever the order of its keys; the items of one list in another order. */
export function saidBy(node: YamlNode, moved?: YamlNode, order: readonly number[] = []): string {
  if (node.kind === "scalar") return JSON.stringify([node.tag ?? "", node.style === "plain", node.text]);
  if (node.kind === "map") {
    const keys = node.entries.map(({ key, value }) => `${JSON.stringify(key)}:${saidBy(value, moved, order)}`);
    return `{${keys.sort().join()}}`;
  }
  const items = node.items.map((item) => saidBy(item, moved, order));
  const isMoved = moved?.kind === "list" && node.items === moved.items;
  return `[${(isMoved ? order.map((from) => items[from]) : items).join()}]`;
}
