import { fieldOf, textOf } from "../../model/compose/fields.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { reorderItems, reorderKeys } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { byLetters, isSorted, ORDER_IS_FREE, orderRemedy, sortedPlaces } from "../orders.ts";

export default defineComposeRule({
  id: "compose-order-depends",
  summary: "`depends_on` out of alphabetical order",
  severity: "hint",
  profile: "all",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:service-dependencies-alphabetical-order"],
  why: `
Taste: the list says what has to be there first, and not in which order it is started; sorted, it does not look as if it did.`,
  fixSafety: ORDER_IS_FREE,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    depends_on: [redis, db]\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n    depends_on: [db, redis]\n",
    },
    { good: "services:\n  web:\n    image: nginx:1.29\n    depends_on: [db, redis]\n" },
  ],
  check({ compose, report }) {
    for (const { map, name } of compose.services) {
      const field = fieldOf(map, "depends_on");
      const names = namesIn(field?.value);
      if (field === undefined || field.via || names === undefined || isSorted(names, byLetters)) continue;
      report(field.keySpan, {
        message: `What ${name} depends on is out of alphabetical order`,
        remedy: orderRemedy("Sort depends_on", () => sortedNames(compose, field.value, names)),
      });
    }
  },
});

function namesIn(node: YamlNode | undefined): readonly string[] | undefined {
  if (node?.kind === "map") return node.written.map(({ key }) => key);
  return node?.kind === "list" ? node.items.map((item) => textOf(item) ?? "") : undefined;
}

function sortedNames(compose: ComposeFile, node: YamlNode, names: readonly string[]): Change {
  if (node.kind === "map") return reorderKeys(compose, node, [...names].sort(byLetters));
  if (node.kind === "list") return reorderItems(compose, node, sortedPlaces(names, byLetters));
  return { refusal: "it is no list" };
}
