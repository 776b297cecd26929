/** What can be folded: stages, continued instructions, heredocs, runs of comments, and `#region` to `#endregion`. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";

export interface Fold {
  /** From where the first line begins to the last character. */
  readonly span: Span;
  readonly kind: "comment" | "region" | "marked";
}

const BEGINS = /^#\s*region\b/i;
const ENDS = /^#\s*endregion\b/i;

/** In order, the wider first. Those on one line are among them: what is a line is not known here. */
export function foldsOf(dockerfile: Dockerfile): readonly Fold[] {
  const { text, stages, instructions } = dockerfile;
  const folds: Fold[] = [];
  const add = (span: Span, kind: Fold["kind"] = "region"): void => {
    if (text.slice(span.start, span.end).includes("\n")) folds.push({ span, kind });
  };
  for (const { span, instructions: own } of stages) add({ start: span.start, end: own.at(-1)?.span.end ?? span.end });
  for (const { span, head, heredocs } of instructions) {
    // A heredoc on the instruction's only line is folded with it.
    add(heredocs.length === 1 && !text.slice(head.start, head.end).includes("\n") ? span : head);
    const [first, ...others] = heredocs;
    if (
      !first ||
      (others.length === 0 && folds.at(-1)?.span.start === span.start && folds.at(-1)?.span.end === span.end)
    )
      continue;
    for (const { body, terminator } of heredocs) {
      // The line before the body says what follows; the first body is behind the instruction's last line.
      const start = text.lastIndexOf("\n", body.start - 2) + 1;
      add({ start: Math.max(start, 0), end: terminator?.end ?? body.end });
    }
  }
  folds.push(...commentRuns(dockerfile), ...regions(dockerfile));
  return folds.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
}

/** Comments on lines that follow each other; the marks of regions are none. */
function commentRuns({ text, comments, directives }: Dockerfile): readonly Fold[] {
  const folds: Fold[] = [];
  let run: Span | undefined;
  const close = (): void => {
    if (run && text.slice(run.start, run.end).includes("\n")) folds.push({ span: run, kind: "comment" });
    run = undefined;
  };
  const spans = [...directives, ...comments].map(({ span }) => span).sort((a, b) => a.start - b.start);
  for (const span of spans) {
    const written = text.slice(span.start, span.end);
    if (BEGINS.test(written) || ENDS.test(written)) close();
    else if (run && /^\r*\n[ \t]*$/.test(text.slice(run.end, span.start))) run = { start: run.start, end: span.end };
    else {
      close();
      run = span;
    }
  }
  close();
  return folds;
}

/** Marks may stand between the lines of an instruction too. */
function regions({ text, comments, instructions }: Dockerfile): readonly Fold[] {
  const all = [...comments, ...instructions.flatMap((instruction) => instruction.comments)].sort(
    (a, b) => a.span.start - b.span.start,
  );
  const folds: Fold[] = [];
  const open: Span[] = [];
  for (const { span } of all) {
    const written = text.slice(span.start, span.end);
    if (BEGINS.test(written)) open.push(span);
    else if (ENDS.test(written)) {
      const begin = open.pop();
      if (begin) folds.push({ span: { start: begin.start, end: span.end }, kind: "marked" });
    }
  }
  return folds;
}
