import { defineRule, safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "directive-case",
  summary: "parser directive not in lower case",
  severity: "info",
  profile: "strict",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["dockerfile-utils:CASING_DIRECTIVE"],
  why: `
\`# Escape=\` is read like \`# escape=\`: BuildKit takes the names of directives in any case. Everybody writes them in lower case, and
tools that look for them with a plain search find them only so.`,
  fixSafety: "Safe: BuildKit reads both the same.",
  examples: [
    {
      bad: "# Syntax=docker/dockerfile:1\nFROM alpine:3.22\n",
      fixed: "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n",
    },
    { good: "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n" },
  ],
  check({ dockerfile: { text, directives }, report }) {
    for (const { name, nameSpan } of directives) {
      const written = text.slice(nameSpan.start, nameSpan.end);
      if (written === name) continue;
      const fixes = [safeFix(`Write ${name}`, replace(nameSpan, name))];
      report(nameSpan, { message: `The directive ${written} is written ${name}`, fixes });
    }
  },
});
