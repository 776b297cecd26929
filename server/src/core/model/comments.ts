import type { Span } from "../text/edit.ts";
import type { Comment, Dockerfile } from "./dockerfile/model.ts";

/** A comment that switches rules off. */
export interface Suppression {
  /** `next`: the instruction that follows. `stage`: the stage whose FROM follows. `file`: everywhere. */
  readonly scope: "next" | "stage" | "file";
  /** Ids of ours, or peers' codes as `hadolint:DL3006`; `*` is every rule that peer has. */
  readonly names: readonly string[];
  readonly span: Span;
  /** Behind the last name, where the next name would be added. */
  readonly namesEnd: number;
  /** Our own comment, the one an "ignore" quick-fix may extend. */
  readonly ours: boolean;
}

const OURS = /^dockwright[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*=[ \t]*([a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)/;
/** hadolint's pragma: a second `#` starts a free text. */
const HADOLINT =
  /^hadolint[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*=[ \t]*([DLSC0-9]+(?:[ \t]*,[ \t]*[DLSC0-9]+)*)[ \t]*(?:#.*)?$/;
/** BuildKit's `# check=skip=A,B` above one instruction. The same at the top of the file is a directive. */
const CHECK = /^check[ \t]*=[ \t]*skip[ \t]*=[ \t]*([A-Za-z]+(?:,[A-Za-z]+)*)/;

/** The suppressions of a file, in the order they stand in. */
export function suppressionsOf(dockerfile: Dockerfile): readonly Suppression[] {
  const fromComments = dockerfile.comments.flatMap((comment) => {
    const found = read(comment, dockerfile.text);
    return found ? [found] : [];
  });
  return [...fromDirective(dockerfile), ...fromComments];
}

function read(comment: Comment, source: string): Suppression | undefined {
  const at = comment.span.start + source.slice(comment.span.start, comment.span.end).indexOf(comment.text);
  const ours = OURS.exec(comment.text);
  if (ours) return suppression(comment.span, at, ours[0], ours[1], ours[2] ?? "", "", true);
  const hadolint = HADOLINT.exec(comment.text);
  if (hadolint) return suppression(comment.span, at, hadolint[0], hadolint[1], hadolint[2] ?? "", "hadolint:", false);
  const check = CHECK.exec(comment.text);
  if (check) return suppression(comment.span, at, check[0], undefined, check[1] ?? "", "buildkit:", false);
  return undefined;
}

function suppression(
  span: Span,
  at: number,
  matched: string,
  scope: string | undefined,
  list: string,
  prefix: string,
  ours: boolean,
): Suppression {
  return {
    scope: scope === "global" ? "file" : scope === "stage" ? "stage" : "next",
    names: list.split(",").map((name) => prefix + (name.trim() === "all" && !ours ? "*" : name.trim())),
    span,
    namesEnd: at + matched.trimEnd().length,
    ours,
  };
}

/** `# check=skip=RuleA,RuleB;error=true` at the top. */
function fromDirective(dockerfile: Dockerfile): Suppression[] {
  const directive = dockerfile.directives.find(({ name }) => name === "check");
  if (!directive) return [];
  const names = directive.value.text
    .split(";")
    .filter((part) => /^\s*skip\s*=/.test(part))
    .flatMap((part) => part.slice(part.indexOf("=") + 1).split(","))
    .map((name) => `buildkit:${name.trim() === "all" ? "*" : name.trim()}`);
  if (names.length === 0) return [];
  return [{ scope: "file", names, span: directive.span, namesEnd: directive.span.end, ours: false }];
}
