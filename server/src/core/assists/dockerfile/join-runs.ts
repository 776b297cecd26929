/** Two RUN instructions as one: when that does the same, and the edits that do it. */
import { indentAt } from "../../model/dockerfile/append-command.ts";
import type { Comment, Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { scriptsOf, type ShellScript } from "../../model/dockerfile/shell.ts";
import { firstChange } from "../../model/dockerfile/shell-leftovers.ts";
import { onSince, optionsAtStart } from "../../model/dockerfile/shell-options.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import type { Refusal } from "./assist.ts";
import { isSuppression } from "./layout.ts";

export interface Joined {
  readonly edits: readonly Edit[];
  /** The first stands in a subshell then: it changes its shell, which the second would see. */
  readonly first: "plain" | "subshell";
  /** The second stands in braces then: its `;` or `||` would hide a failure of the first. */
  readonly second: "plain" | "braces";
}

/** With `&&`, in the layout the first one has. Comments between them stay. */
export function joinRuns(dockerfile: Dockerfile, first: Instruction, second: Instruction): Joined | Refusal {
  const [above, ...othersAbove] = scriptsOf(dockerfile, first);
  const [below, ...othersBelow] = scriptsOf(dockerfile, second);
  if (first.heredocs.length > 0 || second.heredocs.length > 0) return { refusal: "a heredoc cannot be joined with &&" };
  if (first.json || second.json) return { refusal: "the JSON form has no shell that could join them" };
  if (flagsOf(first) !== flagsOf(second)) return { refusal: "their flags are not the same" };
  if (!above || !below || othersAbove.length > 0 || othersBelow.length > 0 || above.broken || below.broken)
    return { refusal: "the commands cannot be read for certain" };
  if (!endsPlainly(dockerfile, above) || first.open)
    return { refusal: "something stands behind the last command of the first RUN" };
  const leaks =
    firstChange(above) !== undefined ||
    above.functions.length > 0 ||
    above.loopVariables.some((name) => below.text.includes(`$${name}`) || below.text.includes(`{${name}`));
  const errexit = whyErrexit(dockerfile, above, leaks);
  if (errexit !== undefined) return { refusal: errexit };
  const swallows =
    below.lists.length > 1 || below.lists.some(({ members }) => members.some(({ joinedBy }) => joinedBy === "||"));
  if (swallows && !endsPlainly(dockerfile, below))
    return { refusal: "something stands behind the last command of the second RUN" };
  const comments = [...dockerfile.comments, ...second.comments].filter(
    ({ span }) => span.start >= first.span.end && span.end <= second.body.sourceAt(0),
  );
  if (comments.some(isSuppression)) return { refusal: "a comment between them says what a linter has to ignore there" };
  return {
    first: leaks ? "subshell" : "plain",
    second: swallows ? "braces" : "plain",
    edits: edits(dockerfile, { first, second, above, below, comments, leaks, swallows }),
  };
}

/** In front of `&&` nothing ends because of `set -e`, which says the same only of a single command. */
function whyErrexit(dockerfile: Dockerfile, above: ShellScript, leaks: boolean): string | undefined {
  const since = onSince(dockerfile, above, "e", "errexit");
  if (since === undefined) return undefined;
  if (!optionsAtStart(dockerfile, above).has("e") || leaks)
    return "the first RUN relies on set -e, which does nothing in front of &&";
  const relies =
    above.lists.length > 1 || above.lists.some(({ members }) => members.some(({ mindsErrexit }) => mindsErrexit));
  return relies ? "the first RUN relies on the -e of its SHELL, which does nothing in front of &&" : undefined;
}

interface Pair {
  readonly first: Instruction;
  readonly second: Instruction;
  readonly above: ShellScript;
  readonly below: ShellScript;
  readonly comments: readonly Comment[];
  readonly leaks: boolean;
  readonly swallows: boolean;
}

function edits(dockerfile: Dockerfile, { first, second, above, below, comments, leaks, swallows }: Pair): Edit[] {
  const { text, eol, escape } = dockerfile;
  const layered = text.slice(first.head.start, first.head.end).includes("\n");
  const indent = layered ? indentAt(text, first.head.end) || "    " : "    ";
  const kept = comments.map(({ span }) => text.slice(span.start, span.end) + eol).join("");
  const span = { start: above.statements.at(-1)?.end ?? first.head.end, end: second.body.sourceAt(0) };
  const lastLine = text.slice(text.lastIndexOf("\n", span.start - 1) + 1, span.start);
  const leading = /^[ \t]*&&[ \t]*/.exec(lastLine)?.[0];
  const joint = leading === undefined ? ` && ${escape}${eol}${kept}${indent}` : ` ${escape}${eol}${kept}${leading}`;
  return [
    ...(leaks ? [insert(first.body.sourceAt(0), "(")] : []),
    replace(span, `${leaks ? ")" : ""}${joint}${swallows ? "{ " : ""}`),
    ...(swallows ? [insert(below.statements.at(-1)?.end ?? second.head.end, "; }")] : []),
  ];
}

/** In any order: mounts, network, security. */
export const flagsOf = ({ flags }: Instruction): string =>
  flags
    .map(({ name, value }) => `${name}=${value?.text ?? ""}`)
    .sort()
    .join(" ");

/** Nothing but a `;` behind the last statement. */
export const endsPlainly = ({ text, escape }: Dockerfile, { statements, instruction, lists }: ShellScript): boolean => {
  const last = statements.at(-1);
  if (!last || lists.at(-1)?.background === true) return false;
  const tail = text.slice(last.end, instruction.head.end).replaceAll(escape, "");
  return /^\s*;?\s*$/.test(tail) && !/(?<!\\)[&;]\s*$/.test(text.slice(last.start, last.end));
};
