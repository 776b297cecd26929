import { fieldOf } from "../../model/compose/fields.ts";
import { reorderKeys } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { byLetters, isOrderable, ORDER_IS_FREE, orderRemedy } from "../orders.ts";

export default defineComposeRule({
  id: "compose-order-services",
  summary: "services out of alphabetical order",
  severity: "hint",
  profile: "all",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:services-alphabetical-order"],
  why: `
Taste: in a long file a service is found sooner when all stand in the order of the alphabet, and two branches that add one each rarely
collide. Who orders services by what they do, databases first, switches this off.`,
  fixSafety: ORDER_IS_FREE,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n\n  db:\n    image: postgres:17\n",
      fixed: "services:\n  db:\n    image: postgres:17\n\n  web:\n    image: nginx:1.29\n",
    },
    { good: "services:\n  db:\n    image: postgres:17\n  web:\n    image: nginx:1.29\n" },
  ],
  check({ compose, report }) {
    const services = fieldOf(compose.root, "services")?.value;
    if (!isOrderable(services)) return;
    const keys = services.written.map(({ key }) => key);
    const remedy = orderRemedy("Sort the services", () => reorderKeys(compose, services, [...keys].sort(byLetters)));
    for (const [index, { key, keySpan }] of services.written.entries()) {
      const [next] = keys
        .slice(0, index)
        .filter((before) => byLetters(before, key) > 0)
        .sort(byLetters);
      if (next === undefined) continue;
      report(keySpan, {
        message: `${key} stands behind ${next}, which comes later in the alphabet`,
        remedy,
      });
    }
  },
});
