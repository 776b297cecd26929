import { fieldOf, isSet, itemsOf } from "../../model/compose/fields.ts";
import type { Field } from "../../model/compose/model.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { placeOfKey, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-exclusive-keys",
  summary: "two keys that exclude each other",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file where a service has both \`network_mode\` and \`networks\`, a build both \`dockerfile\` and \`dockerfile_inline\`, or a
reserved device both \`count\` and \`device_ids\`: each says what the other one says, in another way.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    network_mode: host\n    networks: [backend]\nnetworks:\n  backend:\n",
    },
    { good: "services:\n  web:\n    image: nginx:1.29\n    networks: [backend]\nnetworks:\n  backend:\n" },
  ],
  check({ project, report }) {
    for (const service of servicesHere(project))
      for (const [first, second] of pairsIn(service))
        report(placeOfKey(service, second), {
          message: `${service.name} has both ${first.key} and ${second.key}, which exclude each other`,
        });
  },
});

function pairsIn({ map }: ProjectService): readonly (readonly [Field, Field])[] {
  const devices = itemsOf(fieldOf(map, "deploy", "resources", "reservations", "devices")?.value);
  return [
    ...both(map, "network_mode", "networks"),
    ...both(fieldOf(map, "build")?.value, "dockerfile", "dockerfile_inline"),
    ...devices.flatMap((device) => both(device, "count", "device_ids")),
  ];
}

function both(node: YamlNode | undefined, one: string, other: string): readonly (readonly [Field, Field])[] {
  const [first, second] = [fieldOf(node, one), fieldOf(node, other)];
  return first && second && isFilled(first.value) && isFilled(second.value) ? [[first, second]] : [];
}

/** An empty list and an empty text count as nothing. */
function isFilled(node: YamlNode): boolean {
  if (node.kind === "list") return node.items.length > 0;
  return node.kind === "map" ? node.entries.length > 0 : isSet(node) && node.text !== "";
}
