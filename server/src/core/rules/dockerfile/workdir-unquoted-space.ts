import { defineRule, safeFix, unsafeFix } from "../../rule.ts";
import { remove, replace } from "../../text/edit.ts";
import { referencesIn } from "../../model/dockerfile/variables.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "workdir-unquoted-space",
  summary: "WORKDIR with a blank outside quotes",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["dockerfilelint:invalid_workdir"],
  why: `
\`WORKDIR\` takes its whole line as one path: \`WORKDIR /app /src\` makes a folder \`app \` with \`src\` in it, and a \`#\` behind the path is
no comment but part of the name. Where a blank is meant, quotes say so. On Windows, where such paths are usual, it is a matter of
style and shown in the \`strict\` profile.`,
  fixSafety:
    "Safe with quotes: the path is the same. Unsafe where it takes a `# comment` off the path: the folder is another one then.",
  examples: [
    { bad: "FROM alpine:3.22\nWORKDIR /srv/my app\n", fixed: 'FROM alpine:3.22\nWORKDIR "/srv/my app"\n' },
    { bad: "FROM alpine:3.22\nWORKDIR /srv # where it is\n", fixed: "FROM alpine:3.22\nWORKDIR /srv\n" },
    { good: 'FROM alpine:3.22\nWORKDIR "/srv/my app"\n' },
  ],
  check({ dockerfile, report }) {
    for (const { args } of allNamed(dockerfile, "WORKDIR")) {
      if (!/\s/.test(outsideQuotes(args.text, dockerfile.escape))) continue;
      const windows = /^[A-Za-z]:/.test(args.text) || dockerfile.escape === "`";
      const source = dockerfile.text.slice(args.span.start, args.span.end);
      const comment = /\s+#.*$/.exec(source);
      const plain = !/["'\\`\n]/.test(source);
      report(args.span, {
        message: comment
          ? `WORKDIR has no comments: ${comment[0].trim()} becomes part of the path`
          : `WORKDIR takes the whole line as one path: ${args.text}`,
        ...(windows && { profile: "strict" as const }),
        ...(comment && !source.includes("\n")
          ? {
              fixes: [
                unsafeFix(
                  `Remove ${comment[0].trim()}`,
                  remove({ start: args.span.start + comment.index, end: args.span.end }),
                ),
              ],
            }
          : plain
            ? { fixes: [safeFix("Put the path in quotes", replace(args.span, `"${source}"`))] }
            : { refusal: "the path has quotes, escapes or a continuation" }),
      });
    }
  },
});

/** The text without quoted parts, escaped characters and variables. */
function outsideQuotes(text: string, escape: string): string {
  let out = "";
  let at = 0;
  for (const { start, end } of referencesIn(text, escape)) {
    out += `${text.slice(at, start)}$`;
    at = end;
  }
  const escaped = escape === "`" ? /`./g : /\\./g;
  return (out + text.slice(at)).replace(escaped, "").replace(/"[^"]*"|'[^']*'/g, "");
}
