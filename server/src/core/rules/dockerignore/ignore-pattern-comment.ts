import { defineDockerignoreRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import type { Dockerignore, IgnoreLine } from "../../model/dockerignore/model.ts";
import { remove, replace } from "../../text/edit.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-comment",
  summary: "a comment in .dockerignore that is read as part of a pattern",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.5.0",
  sameAs: [],
  why: `
A comment begins with \`#\` at the very start of its line. Behind blanks, \`# build output\` is a pattern; behind a pattern it is
the end of that pattern, and \`dist # build output\` keeps out a file that is called exactly so, and not \`dist\`. Shown where a blank
stands before the \`#\` and another behind it: a file is hardly called so.`,
  fixSafety: `
To take away the blanks before a comment changes only what happens to a file whose name begins with \`# \`, and is safe. A comment
behind a pattern is moved above it, and the pattern begins to keep something out: that is unsafe.`,
  examples: [
    { bad: "node_modules\n  # build output\ndist\n", fixed: "node_modules\n# build output\ndist\n" },
    { bad: "dist # build output\n", fixed: "# build output\ndist\n" },
    { good: "# build output\ndist\n" },
  ],
  check({ dockerignore, report }) {
    for (const line of dockerignore.lines) {
      if (/^#(?:\s|$|dockwright\b)/.test(line.text))
        report(line.span, {
          message: "This is a pattern: a comment begins at the start of its line",
          fixes: [outdented(line)],
        });
      else {
        const found = /^(\S.*?)\s+(#\s.*)$/.exec(line.text);
        const [, pattern, comment] = found ?? [];
        if (pattern !== undefined && comment !== undefined)
          report(line.span, {
            message: `${comment} is part of the pattern: a comment stands on a line of its own`,
            fixes: [above(dockerignore, line, pattern, comment)],
          });
      }
    }
  },
});

const outdented = ({ line, span }: IgnoreLine): Fix =>
  safeFix("Remove the blanks before the comment", remove({ start: line.start, end: span.start }));

const above = ({ eol }: Dockerignore, { line, span }: IgnoreLine, pattern: string, comment: string): Fix =>
  unsafeFix(
    "Move the comment above the pattern",
    replace({ start: line.start, end: span.end }, `${comment}${eol}${pattern}`),
  );
