/** Comments that switch rules off: ours, hadolint's, and BuildKit's `# check=`, which is also a directive. */
import type { Span } from "../text/edit.ts";
import type { ComposeFile } from "./compose/model.ts";
import { composeSuppressions } from "./compose/suppressions.ts";
import { unitAfter, unitOnLine } from "./compose/units.ts";
import { perDocument } from "./dockerfile/memo.ts";
import type { Comment, Dockerfile } from "./dockerfile/model.ts";
import { ignoreFileSuppressions, reachInIgnoreFile } from "./dockerignore/suppressions.ts";
import type { Document } from "./document.ts";
import { namesIn, OURS, startOf, type SuppressedName, type Suppression, suppression } from "./suppression.ts";

export type { SuppressedName, Suppression } from "./suppression.ts";

/** hadolint's pragma: a second `#` starts a free text. */
const HADOLINT =
  /^hadolint[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*=[ \t]*([DLSC0-9]+(?:[ \t]*,[ \t]*[DLSC0-9]+)*)[ \t]*(?:#.*)?$/;
/** BuildKit's `# check=skip=A,B` above one instruction; the value ends at the first blank. */
const CHECK = /^check[ \t]*=[ \t]*skip[ \t]*=[ \t]*([A-Za-z]+(?:,[A-Za-z]+)*)/i;

/** The suppressions of a file: the directive's, then the comments in the order they stand in. */
export const suppressionsOf = (document: Document): readonly Suppression[] =>
  document.language === "compose"
    ? composeSuppressions(document)
    : document.language === "dockerignore"
      ? ignoreFileSuppressions(document)
      : inDockerfile(document);

/** The part of the text a suppression is about; undefined when nothing follows it. */
export function reachOf(document: Document, suppression: Suppression): Span | undefined {
  if (suppression.reach) return suppression.reach;
  if (suppression.scope === "file") return { start: 0, end: document.text.length };
  if (document.language === "dockerignore") return reachInIgnoreFile(document, suppression);
  return document.language === "compose"
    ? reachInCompose(document, suppression)
    : reachInDockerfile(document, suppression);
}

/** Behind something, what begins on that line; else what follows. */
const reachInCompose = (compose: ComposeFile, { span }: Suppression): Span | undefined =>
  unitOnLine(compose, span.start) ?? unitAfter(compose, span.end);

function reachInDockerfile(dockerfile: Dockerfile, { scope, span }: Suppression): Span | undefined {
  const next = dockerfile.instructions.find((instruction) => instruction.span.start >= span.end);
  if (!next) return undefined;
  if (scope === "stage") return dockerfile.stages.find(({ from }) => from === next)?.span;
  return next.span;
}

const inDockerfile = perDocument((dockerfile): readonly Suppression[] => {
  const heard = checkComments(dockerfile);
  return [
    ...fromDirective(dockerfile),
    ...dockerfile.comments.flatMap((comment) => read(comment, dockerfile.text, heard) ?? []),
  ];
});

function read(comment: Comment, source: string, heard: ReadonlySet<Comment>): Suppression | undefined {
  const at = startOf(comment, source);
  const ours = OURS.exec(comment.text);
  if (ours) return suppression(comment.span, at, ours, "dockwright");
  const hadolint = HADOLINT.exec(comment.text);
  if (hadolint) return suppression(comment.span, at, hadolint, "hadolint");
  const check = heard.has(comment) ? CHECK.exec(comment.text) : null;
  if (!check) return undefined;
  const list = check[1] ?? "";
  return {
    scope: "next",
    names: namesIn(list, at + check[0].length - list.length, "buildkit"),
    span: comment.span,
    by: "buildkit",
  };
}

/** `# check=skip=RuleA,RuleB;error=true` at the top. */
function fromDirective({ directives }: Dockerfile): Suppression[] {
  const directive = directives.find(({ name }) => name === "check");
  if (!directive) return [];
  const names: SuppressedName[] = [];
  for (const part of directive.value.text.matchAll(/[^;]+/g)) {
    const skip = /^\s*skip\s*=/i.exec(part[0]);
    if (skip)
      names.push(
        ...namesIn(part[0].slice(skip[0].length), directive.value.span.start + part.index + skip[0].length, "buildkit"),
      );
  }
  return names.length === 0 ? [] : [{ scope: "file", names, span: directive.span, by: "buildkit" }];
}

/**
 * The check comments BuildKit hears: the first of those since the previous instruction, from the start of a line. Blank lines do
 * not part them, an empty comment does (parser.go, dispatch's comment block).
 */
function checkComments({ comments, instructions, text }: Dockerfile): ReadonlySet<Comment> {
  const heard = new Set<Comment>();
  let first: Comment | undefined;
  let next = 0;
  for (const comment of comments) {
    const before = next;
    while ((instructions[next]?.span.start ?? Number.POSITIVE_INFINITY) < comment.span.start) next++;
    if (next !== before) {
      if (first) heard.add(first);
      first = undefined;
    }
    if (comment.text.trim() === "") first = undefined;
    else if (!first && CHECK.test(comment.text) && startsLine(text, comment.span.start)) first = comment;
  }
  if (first) heard.add(first);
  return heard;
}

const startsLine = (text: string, at: number): boolean => at === 0 || /[\n\uFEFF]/.test(text.charAt(at - 1));
