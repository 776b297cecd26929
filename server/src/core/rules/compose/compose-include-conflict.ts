import { fieldOf, fieldsOf, itemsOf } from "../../model/compose/fields.ts";
import { includePaths } from "../../model/compose/include-paths.ts";
import type { Field } from "../../model/compose/model.ts";
import { defineComposeRule } from "../../rule.ts";
import type { YamlNode } from "../../text/yaml.ts";

const SECTIONS = ["services", "networks", "volumes", "secrets", "configs"];

export default defineComposeRule({
  id: "compose-include-conflict",
  summary: "declared here and differently in an included file",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`services.db conflicts with imported resource\`. An included file cannot be changed by declaring the same name
again, only by a second path beside it in \`include\`: \`path: [db.yaml, db.override.yaml]\`.`,
  examples: [
    {
      bad: "include: [db.yaml]\nservices:\n  db:\n    image: postgres:17\n",
      answers: { "path-kind:db.yaml": "file", "text:db.yaml": "services:\n  db:\n    image: postgres:16\n" },
    },
    {
      good: "include: [db.yaml]\nservices:\n  web:\n    image: nginx:1.29\n",
      answers: { "path-kind:db.yaml": "file", "text:db.yaml": "services:\n  db:\n    image: postgres:16\n" },
    },
  ],
  check({ compose, project, report }) {
    const included = itemsOf(fieldOf(compose.root, "include")?.value).flatMap((item) => {
      const { paths } = includePaths(item);
      const [path] = paths;
      // With overrides behind it, what comes of it is not what is written in it.
      const file = path === undefined || paths.length > 1 ? undefined : project.fileAt(path);
      return path === undefined || file === undefined || file === "missing" ? [] : [{ path, root: file.root }];
    });
    if (included.length === 0) return;
    for (const section of SECTIONS)
      for (const here of fieldsOf(fieldOf(compose.root, section)?.value)) {
        if (here.key.startsWith("x-") || here.via) continue;
        const other = included.find(({ root }) => differs(here, fieldOf(root, section, here.key)));
        if (!other) continue;
        report(here.keySpan, {
          message: `${section}.${here.key} is in ${other.path} as well, where it says something else: compose refuses the file`,
        });
      }
  },
});

function differs({ value }: Field, there: Field | undefined): boolean {
  if (!there || !isPlain(value) || !isPlain(there.value)) return false;
  return JSON.stringify(plainOf(value)) !== JSON.stringify(plainOf(there.value));
}

/** Nothing in it that becomes something else before the two are compared. */
function isPlain(node: YamlNode): boolean {
  if (node.kind === "scalar") return !node.text.includes("$");
  if (node.kind === "list") return node.items.every(isPlain);
  return node.entries.every(({ key, value }) => key !== "extends" && isPlain(value));
}

/** Whatever the order of the keys and the quotes. */
function plainOf(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.value === null ? null : node.text;
  if (node.kind === "list") return node.items.map(plainOf);
  const entries = node.entries.map(({ key, value }) => [key, plainOf(value)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
