import { SERVICE_KEYS } from "../../model/compose/key-order.ts";
import { reorderKeys } from "../../model/compose/patch.ts";
import { defineComposeRule, listOf } from "../../rule.ts";
import { isOrderable, misplaced, ORDER_IS_FREE, orderRemedy, ranked } from "../orders.ts";

const MERGE = "<<";

export default defineComposeRule({
  id: "compose-order-keys",
  summary: "keys of a service out of the agreed order",
  severity: "hint",
  profile: "all",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:service-keys-order"],
  options: [
    {
      name: "customOrder",
      about: "The keys in the order wanted; others come behind them, in alphabetical order.",
      default: SERVICE_KEYS,
    },
  ],
  why: `
Taste: where every service begins with its image and ends with how it runs, two services can be compared at a glance. The order is
dclint's. The merge key \`<<\` may stand anywhere, as most people have it on top, unless \`customOrder\` names it; dclint wants it at
the end.`,
  fixSafety: ORDER_IS_FREE,
  examples: [
    {
      bad: "services:\n  web:\n    restart: always\n    image: nginx:1.29\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n    restart: always\n",
    },
    { good: "services:\n  web:\n    image: nginx:1.29\n    restart: always\n" },
  ],
  check({ compose, option, report }) {
    const order = listOf(option("customOrder"));
    for (const { map, name, via } of compose.services) {
      if (via || !isOrderable(map)) continue;
      const free = order.includes(MERGE) ? undefined : MERGE;
      const entries = map.written.filter(({ key }) => key !== free);
      const keys = entries.map(({ key }) => key);
      const ranks = ranked(keys, order);
      const rankOf = (key: string): number => ranks.get(key) ?? 0;
      const remedy = orderRemedy(`Sort the keys of ${name}`, () => {
        const sorted = [...keys].sort((a, b) => rankOf(a) - rankOf(b));
        const isOnTop = map.written[0]?.key === free;
        return reorderKeys(compose, map, isOnTop ? [MERGE, ...sorted] : sorted);
      });
      for (const { entry, behind } of misplaced(entries, ({ key }) => rankOf(key))) {
        report(entry.keySpan, {
          message: `${entry.key} of ${name} stands behind ${behind.key}, which belongs below it`,
          remedy,
        });
      }
    }
  },
});
