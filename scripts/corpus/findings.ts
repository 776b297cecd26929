/** Our findings on many files, each with the line of its instruction. */
import { inspectDockerfile } from "../../server/src/core/findings/inspect.ts";
import type { Answers, Question } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { everything } from "../check-fixes.ts";
import { type CorpusFile, instructionLine, located } from "./files.ts";

export interface OurFinding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly code: string | undefined;
}

/** Who answers what rules ask; nothing is known without. */
export type Ask = (questions: readonly Question[]) => Promise<Answers>;

export async function findingsOfAll(files: readonly CorpusFile[], ask?: Ask): Promise<readonly OurFinding[]> {
  const all: OurFinding[] = [];
  for (const { name, text } of files) {
    const place = located(text);
    let found = inspectDockerfile(place.dockerfile, rules, everything, new Map());
    if (ask && found.questions.length > 0)
      found = inspectDockerfile(place.dockerfile, rules, everything, await ask(found.questions));
    for (const { rule, code, span } of found.findings)
      all.push({ file: name, line: instructionLine(place, span.start), rule, code });
  }
  return all;
}
