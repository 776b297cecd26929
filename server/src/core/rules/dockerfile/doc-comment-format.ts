import { suppressionsOf } from "../../model/comments.ts";
import type { Comment, Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, safeFix } from "../../rule.ts";
import { insert } from "../../text/edit.ts";

export default defineRule({
  id: "doc-comment-format",
  summary: "the comment above ARG or FROM does not begin with the name",
  severity: "hint",
  profile: "all",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["buildkit:InvalidDefinitionDescription"],
  why: `
\`docker build --call=outline\` and \`--call=targets\` show the comment above an \`ARG\` or a named stage as its description, if the
comment begins with the name. One that does not begin so is lost there. An experimental check in BuildKit, so it is in the widest
profile only. A blank line does not separate the two for BuildKit, a line with \`#\` alone does. Comments that give orders
(\`# check=\`, \`# hadolint …\`, \`# syntax=\`) are not descriptions and left alone; BuildKit takes them for some.`,
  fixSafety: "Safe: a line with # alone is a comment too.",
  examples: [
    {
      bad: "# the version to install\nARG VERSION=1.2\nFROM alpine:3.22\n",
      fixed: "# the version to install\n#\nARG VERSION=1.2\nFROM alpine:3.22\n",
    },
    { good: "# VERSION is what to install\nARG VERSION=1.2\nFROM alpine:3.22\n" },
  ],
  check({ dockerfile, report }) {
    if (dockerfile.comments.length === 0) return;
    const orders = new Set(suppressionsOf(dockerfile).map(({ span }) => span.start));
    for (const instruction of dockerfile.instructions) {
      const names = namesOf(dockerfile, instruction);
      const comment = names.length > 0 ? commentAbove(dockerfile, instruction) : undefined;
      if (!comment || orders.has(comment.span.start) || ORDER.test(comment.text)) continue;
      if (names.includes(comment.text.split(/\s/)[0] ?? "")) continue;
      const name = names.length === 1 ? names[0] : `one of ${names.join(", ")}`;
      report(comment.span, {
        message: `The comment above ${instruction.name} is taken for a description, and does not begin with ${name}`,
        fixes: [separate(dockerfile, comment)],
      });
    }
  },
});

/** Comments for tools, switched off directives included. */
const ORDER =
  /^(?:dockwright|hadolint|check|syntax|escape|kics-scan|checkov:|trivy:|renovate:|dockerfile_lint|syft|editorconfig|vim?:|-\*-)/i;

/** What the comment may begin with. */
function namesOf({ stages, escape }: Dockerfile, { name, pairs, stage }: Instruction): readonly string[] {
  if (name === "ARG") return pairs.map(({ key }) => unquote(key.text, escape));
  const named = name === "FROM" ? stages[stage]?.name?.text.toLowerCase() : undefined;
  return named === undefined ? [] : [named];
}

/** The last comment between the instruction before and this one; an empty one ends what stands above it. */
function commentAbove({ comments, instructions }: Dockerfile, { index, span }: Instruction): Comment | undefined {
  const from = instructions[index - 1]?.span.end ?? 0;
  const last = comments.findLast((comment) => comment.span.end <= span.start);
  return last && last.span.start >= from && last.text !== "" ? last : undefined;
}

function separate({ text, eol }: Dockerfile, { span }: Comment): Fix {
  const newline = text.indexOf("\n", span.end);
  return safeFix("Put a line with # alone between", insert(newline === -1 ? text.length : newline + 1, `#${eol}`));
}
