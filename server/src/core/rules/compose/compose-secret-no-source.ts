import { fieldOf, fieldsOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { isExternal } from "../compose-resources.ts";

/** compose-go's validation/validation.go and checkConsistency. */
const SOURCES = {
  secrets: ["file", "environment"],
  configs: ["file", "environment", "content"],
} as const;

export default defineComposeRule({
  id: "compose-secret-no-source",
  summary: "secret or config without a source, or with two",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`secrets.token: one of file|environment must be set\`. A secret comes from a \`file\`, from a variable of the
\`environment\`, or is \`external\`; a config may have its \`content\` in the file as well. It can come from one of them only.`,
  examples: [
    { bad: "services:\n  web:\n    image: nginx:1.29\n    secrets: [token]\nsecrets:\n  token: {}\n" },
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    configs: [site]\nconfigs:\n  site:\n    file: ./site.conf\n    content: listen 80\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    secrets: [token]\nsecrets:\n  token:\n    environment: TOKEN\n",
    },
  ],
  check({ compose, project, report }) {
    for (const kind of ["secrets", "configs"] as const)
      for (const { key, keySpan, value, via } of fieldsOf(fieldOf(compose.root, kind)?.value)) {
        if (via || key.startsWith("x-") || value.kind !== "map") continue;
        const sources = SOURCES[kind].flatMap((source) => fieldOf(value, source) ?? []);
        const [, second] = sources;
        const one = kind === "secrets" ? "secret" : "config";
        if (second)
          report(second.via ? keySpan : second.keySpan, {
            message: `The ${one} ${key} can come from one of ${sources.map((source) => source.key).join(" and ")} only`,
          });
        if (sources.length > 0 || isExternal(value)) continue;
        // A config's driver is left to bring it; of a secret nothing but external counts.
        if (kind === "configs" && (fieldOf(value, "external") || fieldOf(value, "driver"))) continue;
        const inAnother = !project.complete || fieldOf(project.resources(kind).get(key)?.entry.value, "file");
        if (inAnother) continue;
        report(keySpan, { message: `The ${one} ${key} comes from nowhere: it needs ${listed(SOURCES[kind])}` });
      }
  },
});

const listed = (names: readonly string[]): string => `${names.join(", ")} or external: true`;
