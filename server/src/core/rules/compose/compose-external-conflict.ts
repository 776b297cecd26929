import { fieldOf, fieldsOf, isSet } from "../../model/compose/fields.ts";
import { removeKey } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { isExternal } from "../compose-resources.ts";
import { remedyOf } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-external-conflict",
  summary: "external volume that is described as well",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`conflicting parameters "external" and "driver" specified\`. An external volume is there already: how it is made
was said elsewhere. Only \`name\` goes with \`external\`.`,
  fixSafety: `
Unsafe: perhaps it is \`external\` that should go.`,
  examples: [
    {
      bad: "services:\n  db:\n    image: postgres:17\n    volumes: [data:/data]\nvolumes:\n  data:\n    external: true\n    driver: local\n",
      fixed:
        "services:\n  db:\n    image: postgres:17\n    volumes: [data:/data]\nvolumes:\n  data:\n    external: true\n",
    },
    {
      good: "services:\n  db:\n    image: postgres:17\n    volumes: [data:/data]\nvolumes:\n  data:\n    external: true\n    name: shared-data\n",
    },
  ],
  check({ compose, report }) {
    for (const { key, value, via } of fieldsOf(fieldOf(compose.root, "volumes")?.value)) {
      if (via || key.startsWith("x-") || value.kind !== "map" || !isExternal(value)) continue;
      for (const field of fieldsOf(value)) {
        const goesWith = field.key === "external" || field.key === "name" || field.key.startsWith("x-");
        if (goesWith || field.via || !isSet(field.value)) continue;
        report(field.keySpan, {
          message: `The volume ${key} is external: ${field.key} cannot be said of it`,
          remedy: () => remedyOf(`Delete ${field.key}`, removeKey(compose, value, field.key)),
        });
      }
    }
  },
});
