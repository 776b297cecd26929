import { defineRule, safeFix } from "../../rule.ts";
import { singleQuoted } from "../single-quoted.ts";

export default defineRule({
  id: "exec-form-single-quotes",
  summary: "JSON form written with single quotes",
  severity: "error",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: ["dockerfile-utils:JSON_IN_SINGLE_QUOTES"],
  why: `
JSON has double quotes only. \`CMD ['node', 'app.js']\` is no array but a shell command, whose program is called \`[node,\`;
\`COPY ['a', 'b']\` looks for a file called \`['a',\`. The build may pass, and the container then does not start.`,
  fixSafety: "Safe: as it stands, it cannot do what it says; with double quotes it does.",
  examples: [
    { bad: "FROM node:22\nCMD ['node', 'app.js']\n", fixed: 'FROM node:22\nCMD ["node", "app.js"]\n' },
    { good: 'FROM node:22\nCMD ["node", "app.js"]\n' },
    { good: "FROM node:22\nRUN [ 'a' = 'b' ] || true\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.all) {
      const found = singleQuoted(instruction);
      if (!found) continue;
      const { list, edits } = found;
      const end = list.text.trimEnd().length;
      const start = list.text.search(/\S/);
      report(list.span(start, end), {
        message: `${instruction.name} is not in JSON form: JSON strings have double quotes`,
        fixes: [safeFix("Write double quotes", ...edits)],
      });
    }
  },
});
