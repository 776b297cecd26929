import { TOP_KEYS } from "../../model/compose/key-order.ts";
import { reorderKeys } from "../../model/compose/patch.ts";
import { defineComposeRule, listOf } from "../../rule.ts";
import { isOrderable, misplaced, ORDER_IS_FREE, orderRemedy, ranked } from "../orders.ts";

/** Stands for every extension. */
const EXTENSIONS = "x-properties";

export default defineComposeRule({
  id: "compose-order-top",
  summary: "top-level keys out of the agreed order",
  severity: "hint",
  profile: "all",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:top-level-properties-order"],
  options: [
    {
      name: "customOrder",
      about: "The keys in the order wanted, `x-properties` for all that begin with `x-`; others come behind them.",
      default: [EXTENSIONS, ...TOP_KEYS],
    },
  ],
  why: `
Taste: extensions hold the anchors that services use and have to stand above them; networks and volumes are looked up below the
services that name them. The order is dclint's; keys it has no place for, as \`models\`, come at the end.`,
  fixSafety: ORDER_IS_FREE,
  examples: [
    {
      bad: "volumes:\n  data:\n\nservices:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n",
      fixed:
        "services:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n\nvolumes:\n  data:\n",
    },
    { good: "name: shop\nservices:\n  db:\n    image: postgres:17\nnetworks:\n  default:\n" },
  ],
  check({ compose, option, report }) {
    const { root } = compose;
    if (!isOrderable(root)) return;
    const keys = root.written.map(({ key }) => key);
    const extensions = keys.filter((key) => key.startsWith("x-")).sort();
    const order = listOf(option("customOrder")).flatMap((key) => (key === EXTENSIONS ? extensions : [key]));
    const ranks = ranked(keys, order);
    const rankOf = (key: string): number => ranks.get(key) ?? 0;
    const remedy = orderRemedy("Sort the top-level keys", () => {
      const sorted = [...keys].sort((a, b) => rankOf(a) - rankOf(b));
      return reorderKeys(compose, root, sorted);
    });
    for (const { entry, behind } of misplaced(root.written, ({ key }) => rankOf(key)))
      report(entry.keySpan, {
        message: `${entry.key} stands behind ${behind.key}, which belongs below it`,
        remedy,
      });
  },
});
