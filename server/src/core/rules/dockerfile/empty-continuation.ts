import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import { defineRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import { type Edit, remove, type Span } from "../../text/edit.ts";

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
  fixSafety: `
Safe: the empty line is skipped when the instruction is read. Unsafe where the line below looks like the next instruction: the
fix then ends this one above the empty line, so that the other is carried out.`,
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
            swallowed(dockerfile, instruction) ??
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

/**
 * Where an instruction's keyword follows an empty line, that instruction was to begin there: the escape in front goes, not the
 * line. Undefined when that is nowhere so.
 */
function swallowed({ text, escape }: Dockerfile, { name, keyword, head, emptyLines }: Instruction): Fix | undefined {
  let title: string | undefined;
  const edits = merged(emptyLines).map(({ start, end }): Edit => {
    const next = /^(?:[ \t]*(?:#.*)?\r?\n)*([A-Z]+)[ \t]/.exec(text.slice(end, head.end))?.[1];
    const before = text.slice(keyword.span.end, start).trimEnd();
    // Not past the line's beginning: the lines above are another edit's.
    const kept = before.slice(0, -1).replace(/[ \t]+$/, "");
    // `ONBUILD \` still waits for its instruction.
    if (next === undefined || !INSTRUCTIONS.has(next) || !before.endsWith(escape) || kept.trim() === "")
      return remove({ start, end });
    title ??= `End ${name} before ${next}`;
    return remove({ start: keyword.span.end + kept.length, end: keyword.span.end + before.length });
  });
  return title === undefined ? undefined : unsafeFix(title, ...edits);
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
