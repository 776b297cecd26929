import { defineDockerignoreRule, safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-form",
  summary: "a pattern of .dockerignore with ./, slashes or blanks that mean nothing",
  severity: "hint",
  profile: "all",
  fixable: "always",
  since: "0.5.0",
  sameAs: [],
  why: `
Every pattern begins at the top of the build context: \`./dist\`, \`/dist\` and \`dist/\` are \`dist\`, a file of that name included. In
a \`.gitignore\` a slash in front or behind means something, and who reads one here expects that it does.`,
  fixSafety: `
The pattern is written as BuildKit reads it after cleaning it, so it keeps out the same.`,
  examples: [
    { bad: "./dist\n/build/\n!/build/keep\n", fixed: "dist\nbuild\n!build/keep\n" },
    { good: "dist\n**/node_modules\n" },
  ],
  check({ dockerignore, report }) {
    for (const { text, span, line, pattern } of dockerignore.lines) {
      if (!pattern) continue;
      const clean = `${pattern.exclusion ? "!" : ""}${pattern.text}`;
      const written = dockerignore.text.slice(line.start, line.end).replace(/\r?\n$/, "");
      const whole = { start: line.start, end: line.start + written.length };
      // What begins with # or ! without being a comment or letting something in is kept apart by what stands before it.
      if (/^[#!]/.test(pattern.text) || pattern.text !== pattern.text.trim()) continue;
      if (text !== clean)
        report(span, {
          message: `${text} is the same as ${clean}`,
          fixes: [safeFix(`Write ${clean}`, replace(whole, clean))],
        });
      else if (written !== text)
        report(span, {
          message: "Blanks before or behind a pattern mean nothing",
          fixes: [safeFix("Remove the blanks", replace(whole, text))],
        });
    }
  },
});
