import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, safeFix, unsafeFix } from "../../rule.ts";
import { insert } from "../../text/edit.ts";
import { allNamedEither } from "../../model/dockerfile/named.ts";

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
BuildKit each source may replace the one before, under the name of the destination. A single pattern may match several files: shown
in the profile \`all\` only, and not by hadolint. That reports \`.\` as well, which is a folder for every builder.`,
  fixSafety: `
Safe where several sources are named: they need a folder, so a folder was meant. Unsafe for a pattern: where it matches one file, that
file has the destination's name without the slash.`,
  examples: [
    {
      bad: "FROM node:22\nCOPY package.json package-lock.json /app\n",
      fixed: "FROM node:22\nCOPY package.json package-lock.json /app/\n",
    },
    { good: "FROM node:22\nCOPY package.json package-lock.json ./\n" },
    { good: "FROM node:22\nCOPY package.json /app\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamedEither(dockerfile, "COPY", "ADD")) {
      const { words, json } = instruction;
      const target = words.at(-1);
      const pattern = words.length === 2 && isPattern(words[0]?.text ?? "");
      if ((words.length < 3 && !pattern) || !target) continue;
      const { text, known } = expandIn(dockerfile, instruction, target.text);
      const path = json ? text : unquote(text, dockerfile.escape);
      // `.` and `..` are folders whatever stands behind them.
      if (path === "" || /(?:^|[/\\])$|(?:^|\/)\.{1,2}$/.test(path)) continue;
      if (!known && /\$(?:\w+|\{[^}]*\})["']?$/.test(text)) continue;
      const quoted = /["']$/.test(dockerfile.text.slice(target.span.start, target.span.end));
      const slash = insert(target.span.end - (quoted ? 1 : 0), "/");
      if (pattern)
        report(target.span, {
          message: `Where the pattern matches several files, ${target.text} must be a folder and end in /`,
          severity: "hint",
          profile: "all",
          fixes: [unsafeFix("Append /", slash)],
        });
      else
        report(target.span, {
          message: `${instruction.name} has several sources, so ${target.text} must be a folder and end in /`,
          fixes: [safeFix("Append /", slash)],
        });
    }
  },
});

/** The query of an address is none. */
const isPattern = (source: string): boolean => /[*?[]/.test(source) && !/^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(source);
