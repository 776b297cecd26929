/** A RUN of several commands → two, at the command a person points at. */
import type { Dockerfile, Heredoc, Instruction } from "../../model/dockerfile/model.ts";
import { scriptsOf, type ShellCommand, type ShellMember, type ShellScript } from "../../model/dockerfile/shell.ts";
import { onSince } from "../../model/dockerfile/shell-options.ts";
import { type Edit, insert, replace, type Span, touches } from "../../text/edit.ts";
import { isRefusal, type Refactoring, type Refusal } from "./assist.ts";
import { whatHolds } from "./carried-over.ts";
import { flagsText, instructionsAt, isSuppression, shown } from "./layout.ts";

export const splitRun: Refactoring = {
  id: "split-run",
  about: "make two RUN instructions of one, at the command on the line",
  safety: "unsafe",
  why: "The commands are the same in the same order, but what the second RUN deletes stays in the layer of the first, and a process that the first one started is gone.",
  everywhere: false,
  offers(dockerfile, at) {
    const [run, ...others] = instructionsAt(dockerfile, at);
    const [script, ...scripts] = run?.name === "RUN" && others.length === 0 ? scriptsOf(dockerfile, run) : [];
    if (!run || !script || scripts.length > 0 || script.broken || (run.heredocs.length > 0 && !script.heredoc))
      return [];
    const cut = cutAt(script, at);
    if (!cut || (script.heredoc && !beginsLine(dockerfile, cut))) return [];
    const made = split(dockerfile, run, script, cut);
    return [
      {
        title: `Split the RUN in front of ${shown(firstWord(dockerfile, cut.member))}`,
        kind: "refactor.rewrite",
        span: cut.member.span,
        ...(isRefusal(made) && made),
        rewrite: () => (isRefusal(made) ? made : { edits: made }),
      },
    ];
  },
};

interface Cut {
  readonly member: ShellMember;
  /** What is in front of it: `;` between statements. */
  readonly operator: "&&" | "||" | ";";
  /** The end of the command in front. */
  readonly before: number;
  /** Operators behind it, in the same list and between the following ones. */
  readonly behind: readonly string[];
}

/** The command of the outermost list at a place, if it is not the first. */
function cutAt({ lists }: ShellScript, at: Span): Cut | undefined {
  const members = lists.flatMap((list) =>
    list.members.map((member, index) => ({
      member,
      operator: index === 0 ? (";" as const) : (member.joinedBy ?? ";"),
    })),
  );
  const index = members.findLastIndex(({ member }) => touches(member.span, at));
  const own = members[index];
  const before = members[index - 1];
  if (!own || !before) return undefined;
  return {
    ...own,
    before: before.member.span.end,
    behind: members.slice(index + 1).map(({ operator }) => operator),
  };
}

/** `set -e` passes over a failure in front of && and of what stands behind `!`; at the end of a RUN neither is passed over. */
function mayFailUnseen({ lists }: ShellScript, { before, operator }: Cut): boolean {
  const last = lists.flatMap(({ members }) => members).find(({ span }) => span.end === before);
  return last === undefined || last.mindsErrexit || (operator === ";" && last.joinedBy === "&&");
}

const firstWord = ({ text }: Dockerfile, { span }: ShellMember): string =>
  /^\S+/.exec(text.slice(span.start, span.end))?.[0] ?? "";

function split(dockerfile: Dockerfile, run: Instruction, script: ShellScript, cut: Cut): readonly Edit[] | Refusal {
  const { text, eol } = dockerfile;
  const front = { start: script.span.start, end: cut.before };
  const options = optionsInFront(script, cut);
  const errexit = onSince(dockerfile, script, "e", "errexit");
  const stopped = errexit !== undefined && errexit < cut.member.span.start;
  if (cut.operator === "||") return { refusal: "it runs only when what is in front of || fails" };
  if (cut.operator === ";" && !stopped)
    return { refusal: "behind a ; it runs also when what is in front of it fails, which would stop the build" };
  if (stopped && mayFailUnseen(script, cut))
    return { refusal: "in front of it something may fail without an end, which would stop the build" };
  if (cut.operator === "&&" && (cut.behind.includes("||") || cut.behind.includes(";")))
    return { refusal: "what stands behind it is to run also when what is in front of it fails" };
  const kept = whatHolds(dockerfile, run, script, front, options);
  if (kept !== undefined) return { refusal: kept };
  if (script.heredoc) return splitHeredoc(dockerfile, run, script.heredoc, cut, options);
  const gap = { start: cut.before, end: cut.member.span.start };
  const inGap = run.comments.filter(({ span }) => span.start >= gap.start && span.end <= gap.end);
  const comments = [...suppressionsAbove(dockerfile, run), ...inGap];
  const lines = comments.map(({ span }) => text.slice(span.start, span.end) + eol).join("");
  const again = options.map(({ span }) => `${text.slice(span.start, span.end)}; `).join("");
  return [replace(gap, `${eol}${lines}${run.keyword.text}${flagsText(dockerfile, run)} ${again}`)];
}

const lineOf = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;

const beginsLine = ({ text }: Dockerfile, { member, before }: Cut): boolean => {
  const line = lineOf(text, member.span.start);
  return line > before && text.slice(line, member.span.start).trim() === "";
};

/** One ends and another begins above the line, and above the comments on it. */
function splitHeredoc(
  dockerfile: Dockerfile,
  run: Instruction,
  { name, marker, terminator }: Heredoc,
  { member }: Cut,
  options: readonly ShellCommand[],
): readonly Edit[] | Refusal {
  const { text, eol } = dockerfile;
  if (!terminator) return { refusal: "the heredoc has no end" };
  let at = lineOf(text, member.span.start);
  const indent = text.slice(at, member.span.start);
  while (/^[ \t]*#/.test(text.slice(lineOf(text, at - 1), at))) at = lineOf(text, at - 1);
  const lines = [
    name,
    ...suppressionsAbove(dockerfile, run).map(({ span }) => text.slice(span.start, span.end)),
    `${run.keyword.text}${flagsText(dockerfile, run)} ${text.slice(marker.start, marker.end)}`,
    ...options.map(({ span }) => indent + text.slice(span.start, span.end)),
  ];
  return [insert(at, lines.map((line) => line + eol).join(""))];
}

/** `set -eux` and the like at the beginning: the second RUN gets them as well. */
function optionsInFront({ commands, lists }: ShellScript, { before }: Cut): readonly ShellCommand[] {
  const options: ShellCommand[] = [];
  for (const { span } of lists.flatMap(({ members }) => members)) {
    const command = commands.find((each) => each.span.start === span.start && each.span.end === span.end);
    const isOption = command?.name === "set" && command.args.every(({ value }) => /^[-+]|^[a-z]+$/.test(value));
    if (!isOption || span.end >= before) break;
    options.push(command);
  }
  return options;
}

/** They are about the second RUN as well. */
function suppressionsAbove({ comments, text }: Dockerfile, { span }: Instruction): typeof comments {
  const above: (typeof comments)[number][] = [];
  let line = text.lastIndexOf("\n", span.start - 1) + 1;
  for (const comment of comments.toReversed()) {
    if (comment.span.start >= line) continue;
    if (!/^[ \t]*\r?\n$/.test(text.slice(comment.span.end, line))) break;
    if (isSuppression(comment)) above.unshift(comment);
    line = text.lastIndexOf("\n", comment.span.start - 1) + 1;
  }
  return above;
}
