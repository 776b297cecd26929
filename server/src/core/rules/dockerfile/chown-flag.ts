import { allNamedEither } from "../../model/dockerfile/named.ts";
import { defineRule, unsafeFix } from "../../rule.ts";
import { remove } from "../../text/edit.ts";

export default defineRule({
  id: "chown-flag",
  summary: "COPY or ADD with --chown",
  severity: "hint",
  profile: "all",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["kics:Chown Flag Exists"],
  why: `
A program that owns its own files can change them, and so can who breaks into it; files that belong to root can only be read.
KICS therefore reports each \`--chown\`. It is arguable: folders a program writes to need it, and a \`RUN chown\` in its place stores
the files twice. So it is in the widest profile only.`,
  fixSafety: "Unsafe: the files belong to root then, and a program that writes to them fails.",
  examples: [
    {
      bad: "FROM node:22\nCOPY --chown=node:node . /app\n",
      fixed: "FROM node:22\nCOPY . /app\n",
    },
    { good: "FROM node:22\nCOPY --chmod=0555 run.sh /run.sh\n" },
  ],
  check({ dockerfile, report }) {
    for (const { flags } of allNamedEither(dockerfile, "COPY", "ADD"))
      for (const flag of flags) {
        if (flag.name !== "--chown") continue;
        const blanks = /^[ \t]*/.exec(dockerfile.text.slice(flag.span.end))?.[0].length ?? 0;
        report(flag.span, {
          message: `The files belong to ${flag.value?.text ?? "nobody"}, who can change them at run time`,
          fixes: [unsafeFix("Remove --chown", remove({ start: flag.span.start, end: flag.span.end + blanks }))],
        });
      }
  },
});
