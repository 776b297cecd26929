import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { reorderItems } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { byNumbers, isSorted, ORDER_IS_FREE, orderRemedy, sortedPlaces } from "../orders.ts";

export default defineComposeRule({
  id: "compose-order-ports",
  summary: "ports of a service out of order",
  severity: "hint",
  profile: "all",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:service-ports-alphabetical-order"],
  why: `
Taste: in the order of the ports on the host it is seen at once which are taken. A port without one counts by its number in the
container; variables come first.`,
  fixSafety: ORDER_IS_FREE,
  examples: [
    {
      bad: 'services:\n  web:\n    image: nginx:1.29\n    ports:\n      - "443:443"\n      - "80:80"\n',
      fixed: 'services:\n  web:\n    image: nginx:1.29\n    ports:\n      - "80:80"\n      - "443:443"\n',
    },
    { good: 'services:\n  web:\n    image: nginx:1.29\n    ports:\n      - "80:80"\n      - "443:443"\n' },
  ],
  check({ compose, report }) {
    for (const { map, name } of compose.services) {
      const field = fieldOf(map, "ports");
      const list = field?.value;
      if (field === undefined || field.via || list?.kind !== "list") continue;
      const ports = list.items.map(hostPort);
      if (isSorted(ports, byNumbers)) continue;
      report(field.keySpan, {
        message: `The ports of ${name} are out of order`,
        remedy: orderRemedy("Sort the ports", () => reorderItems(compose, list, sortedPlaces(ports, byNumbers))),
      });
    }
  },
});

/** What a port is sorted by. */
function hostPort(node: YamlNode): string {
  if (node.kind === "map")
    return textOf(fieldOf(node, "published")?.value) ?? textOf(fieldOf(node, "target")?.value) ?? "";
  const [first = "", second] = (textOf(node) ?? "").split(/:(?![^[]*\])/);
  const isAddress = first.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(first);
  return ((isAddress ? second : first) ?? "").replace(/\/\w+$/, "");
}
