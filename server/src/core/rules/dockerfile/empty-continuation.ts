import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { remove, type Span } from "../../text/edit.ts";

export default defineRule({
  id: "empty-continuation",
  summary: "empty line inside a continued instruction",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: ["buildkit:NoEmptyContinuation", "dockerfile-utils:EMPTY_CONTINUATION_LINE"],
  why: `
After a line that ends in \`\\\`, an empty line does not end the instruction: the next line still belongs to it, although it
looks like something new. Docker has announced that this will become an error.`,
  fixSafety: "Safe: the empty line is skipped when the instruction is read.",
  examples: [
    {
      bad: "FROM alpine:3.22\nRUN apk update && \\\n\n    apk upgrade\n",
      fixed: "FROM alpine:3.22\nRUN apk update && \\\n    apk upgrade\n",
    },
    { good: "FROM alpine:3.22\nRUN apk update && \\\n    # then\n    apk upgrade\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.instructions) {
      const [first, ...others] = instruction.emptyLines;
      if (first) {
        report(first, {
          message: `The empty line does not end ${instruction.name}: what follows still belongs to it`,
          fixes: [
            safeFix(
              others.length > 0 ? "Remove the empty lines" : "Remove the empty line",
              ...merged(instruction.emptyLines).map(remove),
            ),
          ],
          related: others.map((span) => ({ span, message: "another one" })),
        });
        continue;
      }
      const dangling = danglingEscape(dockerfile, instruction);
      if (dangling)
        report(dangling, {
          message: `${instruction.name} is continued by an empty line and the end of the file`,
          fixes: [safeFix("End the instruction here", remove(dangling))],
        });
    }
  },
});

/** Lines that follow one another as one span: edits must not touch. */
function merged(spans: readonly Span[]): Span[] {
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of spans) {
    const last = runs.at(-1);
    if (last?.end === start) last.end = end;
    else runs.push({ start, end });
  }
  return runs;
}

/** The escape character, with the blanks before it, of a line that nothing but an empty line follows. */
function danglingEscape({ text, escape }: Dockerfile, { head, open }: Instruction): Span | undefined {
  if (!open) return undefined;
  const below = text.slice(head.end).split("\n").slice(1, -1);
  if (!below.some((line) => line.trim() === "")) return undefined;
  const line = text.slice(head.start, head.end).trimEnd();
  if (!line.endsWith(escape)) return undefined;
  const kept = line.slice(0, -1).replace(/[ \t]+$/, "");
  return { start: head.start + kept.length, end: head.end };
}
