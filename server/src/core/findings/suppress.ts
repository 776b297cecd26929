import { type Suppression, suppressionsOf } from "../model/comments.ts";
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import type { Finding, Rule } from "../rule.ts";
import { type Edit, insert, type Span } from "../text/edit.ts";

/** The findings that no comment switches off. */
export function suppress(
  dockerfile: Dockerfile,
  findings: readonly Finding[],
  rules: readonly Rule[],
): readonly Finding[] {
  if (findings.length === 0) return findings;
  const suppressions = suppressionsOf(dockerfile);
  if (suppressions.length === 0) return findings;
  const sameAs = new Map(rules.map((rule) => [rule.id, rule.sameAs]));
  const reaches = suppressions.map((suppression) => ({ suppression, span: reachOf(dockerfile, suppression) }));
  return findings.filter(
    (finding) =>
      !reaches.some(
        ({ suppression, span }) =>
          span !== undefined &&
          span.start <= finding.span.start &&
          finding.span.start <= span.end &&
          suppression.names.some((name) => names(name, finding.rule, sameAs.get(finding.rule) ?? [])),
      ),
  );
}

const names = (name: string, id: string, sameAs: readonly string[]): boolean =>
  name === id ||
  sameAs.includes(name) ||
  (name.endsWith(":*") && sameAs.some((code) => code.startsWith(name.slice(0, -1))));

/** The part of the text a suppression is about; undefined when nothing follows it. */
function reachOf(dockerfile: Dockerfile, { scope, span }: Suppression): Span | undefined {
  if (scope === "file") return { start: 0, end: dockerfile.text.length };
  const next = dockerfile.instructions.find((instruction) => instruction.span.start >= span.end);
  if (!next) return undefined;
  if (scope === "stage") return dockerfile.stages.find(({ from }) => from === next)?.span;
  return next.span;
}

/** Edits that ignore a rule at one finding: a comment above its instruction, or one more id in the comment there. */
export function ignoreHere(dockerfile: Dockerfile, finding: Pick<Finding, "rule" | "span">): Edit | undefined {
  const target = instructionAt(dockerfile, finding.span.start);
  if (!target) return undefined;
  const above = suppressionsOf(dockerfile).findLast(
    ({ ours, scope, span }) =>
      ours && scope === "next" && span.end <= target.span.start && reaches(dockerfile, span, target),
  );
  if (above) return insert(above.namesEnd, `,${finding.rule}`);
  const lineStart = dockerfile.text.lastIndexOf("\n", target.span.start - 1) + 1;
  const indent = /^[ \t]*/.exec(dockerfile.text.slice(lineStart, target.span.start))?.[0] ?? "";
  return insert(target.span.start, `# dockwright ignore=${finding.rule}${dockerfile.eol}${indent}`);
}

/** An edit that ignores a rule in the whole file: below the directives, or one more id in the comment there. */
export function ignoreInFile(dockerfile: Dockerfile, rule: string): Edit {
  const existing = suppressionsOf(dockerfile).find(({ ours, scope }) => ours && scope === "file");
  if (existing) return insert(existing.namesEnd, `,${rule}`);
  const last = dockerfile.directives.at(-1);
  const bom = dockerfile.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (!last) return insert(bom, `# dockwright global ignore=${rule}${dockerfile.eol}`);
  const lineEnd = dockerfile.text.indexOf("\n", last.span.end);
  if (lineEnd === -1) return insert(dockerfile.text.length, `${dockerfile.eol}# dockwright global ignore=${rule}`);
  return insert(lineEnd + 1, `# dockwright global ignore=${rule}${dockerfile.eol}`);
}

const instructionAt = (dockerfile: Dockerfile, offset: number): Instruction | undefined =>
  dockerfile.instructions.find(({ span }) => span.start <= offset && offset <= span.end);

const reaches = (dockerfile: Dockerfile, comment: Span, target: Instruction): boolean =>
  dockerfile.instructions.find(({ span }) => span.start >= comment.end) === target;
