import { removeInstruction } from "../../model/dockerfile/removal.ts";
import type { Dockerfile, Instruction, Word } from "../../model/dockerfile/model.ts";
import { exposesOf, portRange, portSpecs } from "../../model/dockerfile/ports.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { remove } from "../../text/edit.ts";

export default defineRule({
  id: "expose-ssh",
  summary: "port 22 is exposed",
  severity: "warning",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["trivy:DS-0004", "kics:Exposing Port 22 (SSH)", "checkov:CKV_DOCKER_1"],
  why: `
An SSH server in a container is a second way in, with keys, passwords and updates of its own to look after, and
\`docker exec\` or \`kubectl exec\` does what it is there for. Where SSH is the service the image gives, as in a git server, the port
is right: ignore the finding there.`,
  fixSafety: "Unsafe: if an SSH server does run, nothing says any more that it listens.",
  examples: [
    { bad: "FROM debian:13\nEXPOSE 22 8080\n", fixed: "FROM debian:13\nEXPOSE 8080\n" },
    { bad: "FROM debian:13\nEXPOSE 22/tcp\nUSER app\n", fixed: "FROM debian:13\nUSER app\n" },
    { good: "FROM debian:13\nEXPOSE 2222\n" },
  ],
  check({ dockerfile, report }) {
    for (const expose of exposesOf(dockerfile))
      for (const { word, container, hidden, protocol = "tcp" } of portSpecs(dockerfile, expose)) {
        const range = hidden ? undefined : portRange(container);
        if (!range || range.first > 22 || range.last < 22 || !/^(?:tcp|udp)?$/i.test(protocol)) continue;
        const fix = range.first === range.last ? fixFor(dockerfile, expose, word) : undefined;
        report(word.span, {
          message: "Port 22 is exposed: an SSH server in a container is a second way in",
          ...(fix ? { fixes: [fix] } : { refusal: "the port is part of more that is written here" }),
        });
      }
  },
});

function fixFor(dockerfile: Dockerfile, expose: Instruction, word: Word): Fix | undefined {
  const source = dockerfile.text.slice(word.span.start, word.span.end);
  if (source.includes("$")) return undefined;
  const { words } = expose;
  if (words.length === 1) {
    const outer = dockerfile.instructions[expose.index] ?? expose;
    return unsafeFix(`Remove EXPOSE ${source}`, removeInstruction(dockerfile, outer));
  }
  const at = words.indexOf(word);
  const before = words[at - 1];
  const behind = words[at + 1];
  const span = before
    ? { start: before.span.end, end: word.span.end }
    : { start: word.span.start, end: behind?.span.start ?? word.span.end };
  // A comment between two lines stays where it is.
  const hasComment = expose.comments.some(
    (comment) => comment.span.start >= span.start && comment.span.end <= span.end,
  );
  return hasComment ? undefined : unsafeFix(`Remove ${source}`, remove(span));
}
