/** Our findings on many files, each with the line of its instruction. */
import { inspectDocument } from "../../server/src/core/findings/inspect.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { programsWithin } from "../../server/src/core/model/dockerfile/programs.ts";
import type { Answers, Question } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import type { Span } from "../../server/src/core/text/edit.ts";
import { everything } from "../check-fixes.ts";
import { type CorpusFile, instructionLine, located } from "./files.ts";

export interface OurFinding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly code: string | undefined;
  /** In the script of a `sh -c "…"`. */
  readonly inner: boolean;
}

/** Who answers what rules ask; nothing is known without. */
export type Ask = (questions: readonly Question[]) => Promise<Answers>;

export async function findingsOfAll(files: readonly CorpusFile[], ask?: Ask): Promise<readonly OurFinding[]> {
  const all: OurFinding[] = [];
  for (const { name, text } of files) {
    const place = located(text);
    let found = inspectDocument(place.dockerfile, rules, everything, new Map());
    if (ask && found.questions.length > 0)
      found = inspectDocument(place.dockerfile, rules, everything, await ask(found.questions));
    for (const { rule, code, span } of found.findings)
      all.push({
        file: name,
        line: instructionLine(place, span.start),
        rule,
        code,
        inner: isInner(place.dockerfile, span),
      });
  }
  return all;
}

function isInner(dockerfile: Dockerfile, { start }: Span): boolean {
  const run = dockerfile.all.findLast(({ name, span }) => name === "RUN" && span.start <= start && start <= span.end);
  return (
    run !== undefined &&
    programsWithin(dockerfile, run).some(
      ({ instruction, command }) => instruction !== run && command.span.start <= start && start <= command.span.end,
    )
  );
}
