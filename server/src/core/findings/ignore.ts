/** Edits that write suppressions, into the comment that is there or as a new one. */
import { type Suppression, suppressionsOf } from "../model/comments.ts";
import type { ComposeFile } from "../model/compose/model.ts";
import { unitsOf } from "../model/compose/units.ts";
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import type { Dockerignore } from "../model/dockerignore/model.ts";
import type { Document } from "../model/document.ts";
import type { Finding } from "../rule.ts";
import { type Edit, insert } from "../text/edit.ts";

/** Ignores a rule at one finding: a comment above its instruction or key, or one more name in the comment there. */
export const ignoreHere = (document: Document, finding: Pick<Finding, "rule" | "span">): Edit | undefined =>
  document.language === "compose"
    ? ignoreInCompose(document, finding)
    : document.language === "dockerignore"
      ? ignoreInIgnoreFile(document, finding)
      : ignoreInDockerfile(document, finding);

/** A comment begins its line there. */
function ignoreInIgnoreFile(file: Dockerignore, { rule, span }: Pick<Finding, "rule" | "span">): Edit | undefined {
  const target = file.lines.find(({ line }) => line.start <= span.start && span.start < line.end);
  if (!target) return undefined;
  const before = file.lines.findLast(({ line }) => line.end <= target.line.start)?.line.end ?? 0;
  const ours = suppressionsOf(file).findLast(
    ({ scope, span: at }) => scope === "next" && before <= at.start && at.end <= target.line.start,
  );
  return ours ? oneMore(ours, rule) : insert(target.line.start, `# dockwright ignore=${rule}${file.eol}`);
}

/** Above the line of the innermost entry or item that begins its line. */
function ignoreInCompose(compose: ComposeFile, { rule, span }: Pick<Finding, "rule" | "span">): Edit | undefined {
  const { text, eol } = compose;
  const lineOf = (at: number): number => text.lastIndexOf("\n", at - 1) + 1;
  const target = unitsOf(compose).findLast(
    ({ start, end }) =>
      start <= span.start && span.start <= end && /^\uFEFF?[ \t]*(?:-[ \t]+)*$/.test(text.slice(lineOf(start), start)),
  );
  if (!target) return undefined;
  const line = lineOf(target.start);
  const ours = suppressionsOf(compose).findLast(
    ({ by, scope, span: at }) =>
      by === "dockwright" && scope === "next" && (lineOf(at.start) === line || lineOf(line - 1) === lineOf(at.start)),
  );
  if (ours) return oneMore(ours, rule);
  const indent = /^\uFEFF?([ \t]*)/.exec(text.slice(line))?.[1] ?? "";
  const at = text.charCodeAt(line) === 0xfeff ? line + 1 : line;
  return insert(at, `${indent}# dockwright ignore=${rule}${eol}`);
}

function ignoreInDockerfile(dockerfile: Dockerfile, finding: Pick<Finding, "rule" | "span">): Edit | undefined {
  const target = dockerfile.instructions.find(
    ({ span }) => span.start <= finding.span.start && finding.span.start <= span.end,
  );
  if (!target) return undefined;
  const above = suppressionsOf(dockerfile).filter(
    ({ scope, span }) => scope === "next" && span.end <= target.span.start && followedBy(dockerfile, span.end, target),
  );
  const ours = above.findLast(({ by }) => by === "dockwright");
  if (ours) return oneMore(ours, finding.rule);
  const at = firstOfBlock(dockerfile, target, above);
  const lineStart = dockerfile.text.lastIndexOf("\n", at - 1) + 1;
  const indent = /^[ \t]*/.exec(dockerfile.text.slice(lineStart, at))?.[0] ?? "";
  return insert(at, `# dockwright ignore=${finding.rule}${dockerfile.eol}${indent}`);
}

/** Ignores a rule in the whole file: below the directives, or one more name in the comment there. */
export function ignoreInFile(document: Document, rule: string): Edit {
  const existing = suppressionsOf(document).find(({ by, scope }) => by === "dockwright" && scope === "file");
  if (existing) return oneMore(existing, rule);
  const line = `# dockwright global ignore=${rule}`;
  if (document.language === "dockerfile") return belowDirectives(document, line);
  return insert(document.text.charCodeAt(0) === 0xfeff ? 1 : 0, `${line}${document.eol}`);
}

/**
 * Skips one of BuildKit's checks in the whole file. A second check directive would stop the build, so the one that is there is
 * extended. Undefined when the check is skipped already.
 */
export function skipCheck(dockerfile: Dockerfile, check: string): Edit | undefined {
  const directive = dockerfile.directives.find(({ name }) => name === "check");
  if (!directive) return belowDirectives(dockerfile, `# check=skip=${check}`);
  const skipped = suppressionsOf(dockerfile).find(({ span }) => span === directive.span);
  if (!skipped) {
    const rest = directive.value.text.trim();
    return insert(directive.value.span.start, `skip=${check}${rest === "" ? "" : ";"}`);
  }
  return skipped.names.some(({ text }) => text === "all" || text === check) ? undefined : oneMore(skipped, check);
}

const oneMore = ({ names, span }: Suppression, name: string): Edit =>
  insert(names.at(-1)?.span.end ?? span.end, `,${name}`);

/** Directives stay in one block at the top: what comes first behind another comment is none any more. */
function belowDirectives(dockerfile: Dockerfile, line: string): Edit {
  const bom = dockerfile.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const last = dockerfile.directives.at(-1);
  if (!last) return insert(bom, `${line}${dockerfile.eol}`);
  const lineEnd = dockerfile.text.indexOf("\n", last.span.end);
  if (lineEnd === -1) return insert(dockerfile.text.length, `${dockerfile.eol}${line}`);
  return insert(lineEnd + 1, `${line}${dockerfile.eol}`);
}

/** hadolint's pragma counts for the very next line: ours goes above those that stand directly over the instruction. */
function firstOfBlock({ text }: Dockerfile, target: Instruction, above: readonly Suppression[]): number {
  let at = target.span.start;
  for (const { span } of above.toReversed()) {
    if (!/^[ \t]*\r?\n[ \t]*$/.test(text.slice(span.end, at))) break;
    at = span.start;
  }
  return at;
}

const followedBy = (dockerfile: Dockerfile, end: number, target: Instruction): boolean =>
  dockerfile.instructions.find(({ span }) => span.start >= end) === target;
