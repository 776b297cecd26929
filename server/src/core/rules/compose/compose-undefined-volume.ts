import { defineComposeRule, type Fix, known, unsafeFix } from "../../rule.ts";
import { reportUndefined, textAt } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-undefined-volume",
  summary: "volume that is not declared",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service "db" refers to undefined volume data\`. A source without a slash or a dot at its beginning names a
volume, which has to be declared at the top level; a folder of the host is written \`./data\`.`,
  fixSafety: `
Unsafe: a folder, another volume whose name is near, or a new volume is what was probably meant; only you know which.`,
  examples: [
    {
      bad: "services:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n",
      fixed:
        "services:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n\nvolumes:\n  data:\n",
    },
    {
      good: "services:\n  db:\n    image: postgres:17\n    volumes: [./data:/var/lib/postgresql/data]\n",
    },
  ],
  check(context) {
    reportUndefined(context, "volumes", (use): readonly Fix[] => {
      const { name, node, span, via } = use;
      if (via || node.kind !== "scalar" || textAt(context, use) !== name) return [];
      if (known(context.lookup({ ask: "path-kind", path: name })) !== "folder") return [];
      return [unsafeFix(`Mount the folder ./${name}`, { span, text: `./${name}` })];
    });
  },
});
