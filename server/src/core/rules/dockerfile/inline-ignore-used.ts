import { suppressionsOf } from "../../model/comments.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "inline-ignore-used",
  summary: "a comment that switches rules off",
  severity: "info",
  profile: "all",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL1001"],
  why: `
Some teams want exceptions in one place, the configuration, where they are reviewed, and not in comments that anybody may add.
For them this rule shows each comment that takes findings away: \`# dockwright ignore=\`, \`# hadolint ignore=\` and BuildKit's
\`# check=skip=\`. hadolint has the rule switched off by default; here it is in the widest profile only, and can be switched on by
itself.`,
  examples: [
    { bad: "# hadolint ignore=DL3006\nFROM alpine\n" },
    { good: "# hadolint is what we used before\nFROM alpine:3.22\n" },
  ],
  check({ dockerfile, report }) {
    for (const { span, names } of suppressionsOf(dockerfile))
      report(span, {
        message: `The comment switches ${names.map(({ text }) => text).join(", ")} off: exceptions belong in the configuration`,
      });
  },
});
