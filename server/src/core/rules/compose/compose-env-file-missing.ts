import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { setValue } from "../../model/compose/patch.ts";
import type { ComposeFile, Field } from "../../model/compose/model.ts";
import { defineComposeRule, type Remedy } from "../../rule.ts";
import { isMissing, namedFile, ownFileReport, valuesOf } from "../compose-files.ts";
import { severityFor } from "../compose-resources.ts";
import { remedyOf } from "../compose-services.ts";
import type { YamlNode } from "../../text/yaml.ts";

export default defineComposeRule({
  id: "compose-env-file-missing",
  summary: "env_file or label_file that does not exist",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`env file … not found\`. Paths are relative to the compose file. A file that only some machines have is written
with \`required: false\`. Where a template lies beside it (\`.env.example\`) or a \`.gitignore\` leaves it out, the file is made by everybody
for themselves: that is said as a hint in the strict profile only.`,
  fixSafety: `
Unsafe: with \`required: false\` the service starts without the variables, which it may not be able to do.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: example/web:1.4\n    env_file: web.env\n",
      fixed:
        "services:\n  web:\n    image: example/web:1.4\n    env_file:\n      - path: web.env\n        required: false\n",
      answers: { "path-kind:web.env": "missing" },
    },
    {
      good: "services:\n  web:\n    image: example/web:1.4\n    env_file:\n      - path: web.env\n        required: false\n",
      answers: { "path-kind:web.env": "missing" },
    },
  ],
  check(context) {
    const { compose, report } = context;
    for (const service of compose.services) {
      if (service.via) continue;
      for (const key of ["env_file", "label_file"] as const) {
        const field = fieldOf(service.map, key);
        for (const item of valuesOf(field)) {
          const isOptional = textOf(fieldOf(item, "required")?.value)?.toLowerCase() === "false";
          const file = isOptional ? undefined : namedFile(item.kind === "map" ? fieldOf(item, "path")?.value : item);
          if (!file || !field || !isMissing(context, file.path)) continue;
          report(file.span, {
            ...(ownFileReport(context, file.path) ?? {
              message: `There is no file ${file.path}, so compose refuses this one`,
              ...severityFor(service),
            }),
            ...(key === "env_file" && { remedy: () => optional(compose, field, item, file.path) }),
          });
        }
      }
    }
  },
});

function optional(compose: ComposeFile, field: Field, item: YamlNode, path: string): Remedy {
  if (item.kind !== "scalar") return { refusal: "only you know whether it can be left out" };
  const value = { path: item.text, required: false };
  return remedyOf(`Start without ${path}`, setValue(compose, item, field.value === item ? [value] : value));
}
