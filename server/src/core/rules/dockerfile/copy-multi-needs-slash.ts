import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { insert } from "../../text/edit.ts";

export default defineRule({
  id: "copy-multi-needs-slash",
  summary: "several sources, and a destination that does not end in /",
  severity: "error",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3021",
    "trivy:DS-0011",
    "kics:Copy With More Than Two Arguments Not Ending With Slash",
    "dockerfilelint:add_dest_invalid",
    "dockerfile-utils:INVALID_DESTINATION",
  ],
  why: `
Only a folder can take several files, and a final \`/\` is what says that the destination is one. The classic builder stops; with
BuildKit each source may replace the one before, under the name of the destination.`,
  fixSafety: "Safe: several sources need a folder, so a folder was meant.",
  examples: [
    {
      bad: "FROM node:22\nCOPY package.json package-lock.json /app\n",
      fixed: "FROM node:22\nCOPY package.json package-lock.json /app/\n",
    },
    { good: "FROM node:22\nCOPY package.json package-lock.json ./\n" },
    { good: "FROM node:22\nCOPY package.json /app\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.all) {
      const { name, words, json } = instruction;
      const target = words.at(-1);
      if ((name !== "COPY" && name !== "ADD") || words.length < 3 || !target) continue;
      const { text, known } = expandIn(dockerfile, instruction, target.text);
      const path = json ? text : unquote(text, dockerfile.escape);
      // `.` and `..` are folders whatever stands behind them.
      if (path === "" || /(?:^|[/\\])$|(?:^|\/)\.{1,2}$/.test(path)) continue;
      if (!known && /\$(?:\w+|\{[^}]*\})["']?$/.test(text)) continue;
      const quoted = /["']$/.test(dockerfile.text.slice(target.span.start, target.span.end));
      report(target.span, {
        message: `${name} has several sources, so ${target.text} must be a folder and end in /`,
        fixes: [safeFix("Append /", insert(target.span.end - (quoted ? 1 : 0), "/"))],
      });
    }
  },
});
