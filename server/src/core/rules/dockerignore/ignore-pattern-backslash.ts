import { defineDockerignoreRule, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-backslash",
  summary: "a pattern of .dockerignore with \\ between folders",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.5.0",
  sameAs: [],
  why: `
Folders are parted by \`/\` in a \`.dockerignore\`, on Windows as well: a \`\\\` takes the meaning from the character behind it, so that
\`build\\out\` keeps out what is called \`buildout\`. Silent where that character has a meaning to take: \`\\*\`, \`\\?\`, \`\\[\`, \`\\#\`, \`\\!\`.`,
  fixSafety: `
With \`/\` the pattern begins to keep out what it did not before, so it is unsafe.`,
  examples: [{ bad: "build\\out\n", fixed: "build/out\n" }, { good: "build/out\nwith\\*star\n" }],
  check({ dockerignore, report }) {
    for (const { text, span, pattern } of dockerignore.lines) {
      if (!pattern || !ALONE.test(text)) continue;
      const meant = text.replace(new RegExp(ALONE, "g"), "/");
      report(span, {
        message: `A \\ does not part folders here: this fits ${text.replace(new RegExp(ALONE, "g"), "")}`,
        fixes: [unsafeFix(`Write ${meant}`, replace(span, meant))],
      });
    }
  },
});

/** Before what has no other meaning to lose. */
const ALONE = /\\(?=[\w.@+~ -])/;
