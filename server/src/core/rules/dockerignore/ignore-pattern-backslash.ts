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
Folders are parted by \`/\` in a \`.dockerignore\`. A \`\\\` parts them at most where the build is started on Windows: elsewhere it changes
what the character behind it means, so that \`build\\dist\` asks for a digit and keeps nothing out, and before many letters it stops the
build (ignore-pattern-invalid). Silent where that character has a meaning to take: \`\\*\`, \`\\?\`, \`\\[\`, \`\\#\`, \`\\!\`.`,
  fixSafety: `
With \`/\` the pattern begins to keep out what it did not before, so it is unsafe.`,
  examples: [{ bad: "build\\dist\n", fixed: "build/dist\n" }, { good: "build/out\nwith\\*star\n" }],
  check({ dockerignore, report }) {
    for (const { text, span, pattern } of dockerignore.lines) {
      if (!pattern || !ALONE.test(text)) continue;
      const meant = text.replace(new RegExp(ALONE, "g"), "/");
      report(span, {
        message: "A \\ parts folders on Windows at most: elsewhere it changes what the character behind it means",
        fixes: [unsafeFix(`Write ${meant}`, replace(span, meant))],
      });
    }
  },
});

/** Before what has no other meaning to lose. */
const ALONE = /\\(?=[\w.@+~ -])/;
