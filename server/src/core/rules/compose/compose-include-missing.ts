import { fieldOf, itemsOf } from "../../model/compose/fields.ts";
import { localPath } from "../../model/compose/paths.ts";
import { defineComposeRule, known } from "../../rule.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { plainText } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-include-missing",
  summary: "includes a file that does not exist",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`open …/db.yaml: no such file or directory\`. Paths are relative to the file that names them. An \`env_file\` of an
include has to be there as well.`,
  examples: [
    {
      bad: "include:\n  - db/compose.yaml\nservices:\n  web:\n    image: nginx:1.29\n",
      answers: { "path-kind:db/compose.yaml": "missing" },
    },
    {
      good: "include:\n  - db/compose.yaml\nservices:\n  web:\n    image: nginx:1.29\n",
      answers: {
        "path-kind:db/compose.yaml": "file",
        "text:db/compose.yaml": "services:\n  db:\n    image: postgres:17\n",
      },
    },
  ],
  check({ compose, lookup, report }) {
    for (const item of itemsOf(fieldOf(compose.root, "include")?.value))
      for (const node of filesIn(item)) {
        const path = localPath(plainText(node) ?? "$");
        if (path === undefined || node.via || known(lookup({ ask: "path-kind", path })) !== "missing") continue;
        report(node.span, { message: `There is no file ${path}, so compose refuses this one` });
      }
  },
});

function filesIn(item: YamlNode): readonly YamlNode[] {
  if (item.kind !== "map") return [item];
  return ["path", "env_file"].flatMap((key) => {
    const value = fieldOf(item, key)?.value;
    return value?.kind === "list" ? value.items : value ? [value] : [];
  });
}
