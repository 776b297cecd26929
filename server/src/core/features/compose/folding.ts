/** What can be folded: mappings and lists under their key, texts of several lines, and runs of comments. */
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { stepsBelow } from "./paths.ts";

export interface Fold {
  /** From the key, or the item, to the last character that goes with it. */
  readonly span: Span;
  readonly kind: "comment" | "region";
}

/** Those on one line are among them: what is a line is not known here. */
export function foldsOf(compose: ComposeFile): readonly Fold[] {
  const folds: Fold[] = [];
  const visit = (node: YamlNode): void => {
    for (const step of stepsBelow(node)) {
      if (compose.text.slice(step.span.start, step.span.end).includes("\n")) {
        folds.push({ span: step.span, kind: "region" });
        visit(step.node);
      }
    }
  };
  if (compose.root) visit(compose.root);
  return [...folds, ...commentRuns(compose)].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
}

/** Comments on lines of their own, with nothing but indentation between them. */
function commentRuns({ text, comments }: ComposeFile): readonly Fold[] {
  const folds: Fold[] = [];
  let run: Span | undefined;
  const close = (): void => {
    if (run && text.slice(run.start, run.end).includes("\n")) folds.push({ span: run, kind: "comment" });
    run = undefined;
  };
  for (const { span } of comments) {
    const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
    if (text.slice(lineStart, span.start).trim() !== "") {
      close();
      continue;
    }
    if (run && /^\r?\n[ \t]*$/.test(text.slice(run.end, span.start))) run = { start: run.start, end: span.end };
    else {
      close();
      run = span;
    }
  }
  close();
  return folds;
}
