import { fieldOf, itemsOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, plainText, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-watch-no-target",
  summary: "files to be synchronised without a target",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`target is required for non-rebuild actions\`. What \`develop.watch\` synchronises has to have a path in the
container to go to.`,
  examples: [
    {
      bad: "services:\n  web:\n    build: .\n    develop:\n      watch:\n        - action: sync\n          path: ./src\n",
    },
    {
      good: "services:\n  web:\n    build: .\n    develop:\n      watch:\n        - action: sync\n          path: ./src\n          target: /app/src\n",
    },
  ],
  check({ project, report }) {
    for (const service of servicesHere(project)) {
      const field = fieldOf(service.map, "develop", "watch");
      for (const item of itemsOf(field?.value)) {
        const action = fieldOf(item, "action");
        const name = plainText(action?.value);
        if (!action || name?.startsWith("sync") !== true || fieldOf(item, "target")) continue;
        const via = field?.via ?? item.via ?? action.via;
        report(placeOf(service, via ? { via } : {}, action.value.span), {
          message: `${name} needs a target, the path in the container of ${service.name} that the files go to`,
        });
      }
    }
  },
});
