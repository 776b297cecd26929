/** RUN <<EOF with `set -e` → RUN a && b, for builders that have no heredocs. */
import type { Dockerfile, Heredoc, Instruction } from "../../model/dockerfile/model.ts";
import { scriptsOf, type ShellList, type ShellScript } from "../../model/dockerfile/shell.ts";
import { startsJob } from "../../model/dockerfile/shell-leftovers.ts";
import { optionsAtStart } from "../../model/dockerfile/shell-options.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import type { Declared } from "../post-conditions/declared.ts";
import { isRefusal, type Refactoring, type Refusal } from "./assist.ts";
import { hasSubstitutedList } from "./heredoc-lines.ts";
import { instructionsAt } from "./layout.ts";

export const fromHeredoc: Refactoring = {
  id: "from-heredoc",
  about: "write the heredoc of a RUN as commands joined by &&",
  safety: "unsafe",
  why: "The same commands run in the same order and stop at the first that fails; only what the shell prints of line numbers is another.",
  everywhere: true,
  offers(dockerfile, at) {
    const runs = instructionsAt(dockerfile, at);
    const [run] = runs;
    const [script] = run?.name === "RUN" && runs.length === 1 ? scriptsOf(dockerfile, run) : [];
    const heredoc = script?.heredoc;
    if (!run || !heredoc || !script || run.args.span.end !== heredoc.marker.end) return [];
    const made = converted(dockerfile, run, script, heredoc);
    return [
      {
        title: "Convert the heredoc to commands joined by &&",
        kind: "refactor.rewrite",
        span: run.span,
        ...(isRefusal(made) && made),
        rewrite: () => (isRefusal(made) ? made : { edits: [made], declared: declared(dockerfile, script) }),
      },
    ];
  },
};

/** `set -e` and `|| exit` are what && says. */
const declared = ({ text }: Dockerfile, { lists }: ShellScript): Declared => ({
  dropped: ["set -e", "exit"],
  changes: [],
  rewritten: lists.flatMap((list) => {
    const from = text.slice(list.span.start, list.span.end);
    const to = optionsOf(text, list)?.includes("e") ? withoutErrexit(from) : undefined;
    return to === undefined ? [] : [{ from, to }];
  }),
});

/** One command of the chain, and the comments above it. */
interface Part {
  readonly comments: readonly string[];
  readonly lines: readonly string[];
}

function converted(dockerfile: Dockerfile, run: Instruction, script: ShellScript, heredoc: Heredoc): Edit | Refusal {
  const { eol, escape } = dockerfile;
  const parts = partsOf(dockerfile, script, heredoc);
  if (isRefusal(parts)) return parts;
  const [first, ...rest] = parts;
  if (!first) return { refusal: "there is no command in it" };
  const indent = "    ";
  const chain = [first, ...rest].map(({ comments, lines }, at) =>
    [
      ...comments.map((comment) => (at === 0 ? comment : indent + comment)),
      ...lines.map((line, index) => (at > 0 && index === 0 ? `${indent}&& ${line}` : line)),
    ].join(eol),
  );
  const text = chain.join(` ${escape}${eol}`);
  // Comments above the first command stand between RUN and it.
  const lead = first.comments.length > 0 ? `${escape}${eol}` : "";
  return replace({ start: heredoc.marker.start, end: run.span.end }, lead + text);
}

function partsOf(dockerfile: Dockerfile, script: ShellScript, heredoc: Heredoc): readonly Part[] | Refusal {
  const source = dockerfile.text.slice(heredoc.body.start, heredoc.body.end);
  if (heredoc.terminator === undefined || script.broken) return { refusal: "the commands cannot be read for certain" };
  if (/^\s*#!/.test(source)) return { refusal: "its #! line says which program reads it" };
  if (dockerfile.escape !== "\\") return { refusal: "its \\ would be read as the shell's, and the file's is another" };
  if (startsJob(script)) return { refusal: "a job in the background has no place in a chain" };
  if (script.functions.length > 0 || script.commands.some(({ name }) => name === "trap"))
    return { refusal: "without set -e its functions and traps would do something else" };
  if (script.text.includes("<<")) return { refusal: "there is another heredoc in it" };
  if (hasSubstitutedList(script.text)) return { refusal: "some shells hand set -e on to the commands in $( … )" };
  if (hasBreakInQuotes(source)) return { refusal: "a quoted text of it goes over several lines" };
  return chained(dockerfile, script, heredoc);
}

/** A line break that the shell would keep. */
const hasBreakInQuotes = (source: string): boolean =>
  [...source.replace(/^[ \t]*#.*$/gm, "").matchAll(/'[^']*'|"(?:[^"\\]|\\.)*"|\\./gs)].some(
    ([quoted]) => !quoted.startsWith("\\") && quoted.includes("\n"),
  );

function chained(dockerfile: Dockerfile, script: ShellScript, heredoc: Heredoc): readonly Part[] | Refusal {
  const { text } = dockerfile;
  const parts: Part[] = [];
  let stops = optionsAtStart(dockerfile, script).has("e");
  let from = heredoc.body.start;
  let waiting: string[] = [];
  for (const [at, list] of script.lists.entries()) {
    const isLast = at === script.lists.length - 1;
    waiting.push(...commentsBetween(text, { start: from, end: list.span.start }));
    from = list.span.end;
    const set = optionsOf(text, list);
    if (set?.includes("e")) {
      stops = true;
      const left = withoutErrexit(text.slice(list.span.start, list.span.end));
      if (left !== undefined) {
        parts.push({ comments: waiting, lines: [left] });
        waiting = [];
      }
      continue;
    }
    if (!stops && !isLast && !set)
      return { refusal: "without set -e it goes on after a failure, which a chain does not" };
    if (set === "other") return { refusal: "it switches options of the shell on and off" };
    const behind = trailingComment(text, list.span.end);
    if (behind !== undefined) waiting.push(behind);
    const lines = chainLines(text, list, isLast);
    if (isRefusal(lines)) return lines;
    parts.push({ comments: waiting, lines });
    waiting = [];
  }
  waiting.push(...commentsBetween(text, { start: from, end: heredoc.body.end }));
  const last = parts.at(-1);
  if (!last) return parts;
  // Comments cannot end an instruction: those at the end stand above its last command.
  return waiting.length === 0 ? parts : [...parts.slice(0, -1), { ...last, comments: [...last.comments, ...waiting] }];
}

/** The letters that a `set -…` switches on; `other` where it says more than that. */
function optionsOf(text: string, { members, span }: ShellList): string | undefined {
  const written = text.slice(span.start, span.end);
  if (members.length !== 1 || !/^set\s/.test(written)) return undefined;
  return /^set\s+-([A-Za-z]+)(?:\s+pipefail)?$/.exec(written)?.[1] ?? "other";
}

/** `set -eux` without its e; undefined where nothing is left. */
function withoutErrexit(written: string): string | undefined {
  const left = written.replace(/^(set\s+-[A-Za-z]*?)e/, "$1");
  return /^set\s+-\s*$/.test(left) ? undefined : left;
}

function chainLines(text: string, { members, span }: ShellList, isLast: boolean): readonly string[] | Refusal {
  const last = members.at(-1);
  const behindExit = last?.joinedBy === "||" && /^exit$/.test(text.slice(last.span.start, last.span.end));
  const kept = behindExit ? members.slice(0, -1) : members;
  const end = kept.at(-1)?.span.end ?? span.end;
  const lines = text
    .slice(span.start, end)
    .split("\n")
    .map((line) => line.trimEnd());
  if (lines.slice(0, -1).some((line) => !line.endsWith("\\") || /^\s*#/.test(line)) || /^\s*#/.test(lines.at(-1) ?? ""))
    return { refusal: "a command of it goes over several lines" };
  if (!behindExit && kept.some(({ mindsErrexit }) => mindsErrexit))
    return { refusal: "a compound command of it relies on set -e" };
  if (!behindExit && !isLast && kept.at(-1)?.joinedBy === "&&")
    return { refusal: "a failure in front of a && of it is passed over, which a chain does not" };
  const needsBraces = kept.some(({ joinedBy }) => joinedBy === "||");
  if (!needsBraces) return lines;
  const wrapped = [...lines];
  wrapped[0] = `{ ${wrapped[0] ?? ""}`;
  wrapped[wrapped.length - 1] = `${wrapped.at(-1) ?? ""}; }`;
  return wrapped;
}

/** Comment lines, and one behind the command in front. */
const commentsBetween = (text: string, { start, end }: Span): string[] =>
  text
    .slice(start, end)
    .split("\n")
    .slice(text.slice(0, start).endsWith("\n") ? 0 : 1)
    .map((line) => line.trim())
    .filter((line) => line.startsWith("#"));

const trailingComment = (text: string, end: number): string | undefined =>
  /^[ \t]*;?[ \t]+(#[^\n]*)/.exec(text.slice(end))?.[1]?.trimEnd();
