/** RUN a && b → RUN <<EOF with a command on each line, below `set -e`. */
import { frontendOf, whyMissing } from "../../model/dockerfile/frontend.ts";
import { HEREDOCS } from "../../model/dockerfile/heredoc.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { scriptsOf, type ShellMember, type ShellScript } from "../../model/dockerfile/shell.ts";
import { startsJob } from "../../model/dockerfile/shell-leftovers.ts";
import { optionsAtStart, shellOptions } from "../../model/dockerfile/shell-options.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import type { Rewritten } from "../post-conditions/declared.ts";
import { isRefusal, type Refactoring, type Refusal } from "./assist.ts";
import { commentsIn, hasSubstitutedList, scriptLines } from "./heredoc-lines.ts";
import { endsPlainly } from "./join-runs.ts";
import { instructionsAt } from "./layout.ts";

export const toHeredoc: Refactoring = {
  id: "to-heredoc",
  about: "write a RUN of commands joined by && as a heredoc",
  safety: "unsafe",
  why: "The same commands run in the same order and stop at the first that fails, but a heredoc needs BuildKit, which the classic builder and old versions of Podman do not have.",
  everywhere: true,
  offers(dockerfile, at) {
    const runs = instructionsAt(dockerfile, at);
    const [run] = runs;
    const script = run && runs.length === 1 ? chainOf(dockerfile, run) : undefined;
    if (!run || !script) return [];
    const made = converted(dockerfile, run, script);
    return [
      {
        title: "Convert the RUN to a heredoc",
        kind: "refactor.rewrite",
        span: run.span,
        ...(isRefusal(made) && made),
        rewrite: () =>
          isRefusal(made)
            ? made
            : { edits: [made.edit], declared: { dropped: [], changes: [], rewritten: made.rewritten } },
      },
    ];
  },
};

/** Of at least two commands, which is what a heredoc is for. */
function chainOf(dockerfile: Dockerfile, run: Instruction): ShellScript | undefined {
  const [script, ...others] =
    run.name === "RUN" && !run.json && run.heredocs.length === 0 ? scriptsOf(dockerfile, run) : [];
  if (!script || others.length > 0) return undefined;
  return script.lists.reduce((sum, { members }) => sum + members.length, 0) > 1 ? script : undefined;
}

interface Converted {
  readonly edit: Edit;
  /** A `set -x` that has become `set -ex`, and commands whose lines are continued in another way. */
  readonly rewritten: readonly Rewritten[];
}

function converted(dockerfile: Dockerfile, run: Instruction, script: ShellScript): Converted | Refusal {
  const { text, eol } = dockerfile;
  const missing = whyMissing(frontendOf(dockerfile), HEREDOCS);
  if (missing !== undefined) return { refusal: missing };
  if (eol === "\r\n")
    return { refusal: "with CRLF line endings each line of the script would end in a carriage return" };
  if (script.broken || run.open) return { refusal: "the commands cannot be read for certain" };
  if (startsJob(script)) return { refusal: "a job in the background would go on beside the next line" };
  if (!endsPlainly(dockerfile, script)) return { refusal: "something stands behind the last command" };
  if (script.functions.length > 0 || script.commands.some(({ name }) => name === "trap"))
    return { refusal: "with set -e its functions and traps would do something else" };
  if (script.commands.some(({ name, args }) => name === "set" && args.some(({ value }) => /^\+.*e|^\+o$/.test(value))))
    return { refusal: "it switches set -e off" };
  if (hasSubstitutedList(script.text)) return { refusal: "some shells hand set -e on to the commands in $( … )" };
  const parts = partsOf(dockerfile, script);
  if (isRefusal(parts)) return parts;
  const lines: string[] = [];
  const layouts: Rewritten[] = [];
  let from = script.span.start;
  for (const part of parts) {
    const written = scriptLines(dockerfile, run, part.span);
    if (!written) return { refusal: "a line ends inside of single quotes" };
    for (const { span } of commentsIn(run.comments, { start: from, end: part.span.end }))
      lines.push(text.slice(span.start, span.end));
    from = part.span.end;
    if (written.length > 1) layouts.push({ from: text.slice(part.span.start, part.span.end), to: written.join("\n") });
    lines.push(...written.slice(0, -1), `${written.at(-1) ?? ""}${part.suffix}`);
  }
  const stop = withErrexit(optionsAtStart(dockerfile, script).has("e"), lines, parts[0]?.isSet === true);
  const body = [...stop.line, ...lines];
  if (body[0]?.startsWith("#!")) return { refusal: "a comment that begins with #! would say which program reads it" };
  const name = ["EOF", "EOT", "SCRIPT", "DOCKWRIGHT"].find((each) => !body.includes(each));
  if (name === undefined) return { refusal: "it has every word in it that could end a heredoc" };
  const start = run.body.sourceAt(0);
  const put = `<<${name}${eol}${body.map((line) => line + eol).join("")}${name}`;
  return { edit: replace({ start, end: run.head.end }, put), rewritten: [...layouts, ...stop.rewritten] };
}

interface Part {
  readonly span: Span;
  readonly suffix: string;
  readonly isSet: boolean;
}

/** The stretches that get lines of their own. */
function partsOf(dockerfile: Dockerfile, script: ShellScript): readonly Part[] | Refusal {
  const parts: Part[] = [];
  const { lists, commands } = script;
  let stops = optionsAtStart(dockerfile, script).has("e");
  const setAt = ({ span }: ShellMember): boolean =>
    commands.some(({ name, span: own }) => name === "set" && own.start === span.start && own.end === span.end);
  for (const [at, { members, span }] of lists.entries()) {
    const isLast = at === lists.length - 1;
    const [first] = members;
    if (!first) continue;
    if (!isLast && !stops && !(members.length === 1 && setsErrexit(script, first)))
      return { refusal: "behind a ; it goes on after a failure, which set -e would stop" };
    if (!isLast) {
      parts.push({ span, suffix: "", isSet: members.length === 1 && setAt(first) });
      stops = true;
      continue;
    }
    // Up to the last || a failure is an answer; behind it, each && is a line of its own.
    const lastOr = members.findLastIndex(({ joinedBy }) => joinedBy === "||");
    const groups = lastOr === -1 ? [] : [members.slice(0, lastOr + 1)];
    for (const group of [...groups, ...members.slice(lastOr + 1).map((member) => [member])]) {
      const head = group[0];
      const tail = group.at(-1);
      if (!head || !tail) continue;
      parts.push({
        span: { start: head.span.start, end: tail.span.end },
        // What set -e did not reach in front of && it is kept from now as well.
        suffix: tail.mindsErrexit && !(stops && tail === members.at(-1)) ? " || exit" : "",
        isSet: group.length === 1 && setAt(head),
      });
    }
  }
  return parts;
}

const setsErrexit = ({ commands }: ShellScript, { span }: ShellMember): boolean =>
  commands.some(
    ({ name, span: own, args }) =>
      name === "set" &&
      own.start === span.start &&
      own.end === span.end &&
      ["e", "errexit"].some((option) => shellOptions(args.map(({ value }) => value)).has(option)),
  );

/** The line that makes it stop; none where one of its own does, which gets the letter if it has none. */
function withErrexit(
  isOn: boolean,
  lines: string[],
  beginsWithSet: boolean,
): { readonly line: readonly string[]; readonly rewritten: readonly Rewritten[] } {
  if (isOn) return { line: [], rewritten: [] };
  const at = lines.findIndex((line) => !line.startsWith("#"));
  const from = lines[at] ?? "";
  const own = beginsWithSet ? /^set\s+-([A-Za-z]+)(\s+pipefail)?$/.exec(from) : null;
  if (!own) return { line: ["set -e"], rewritten: [] };
  const [, letters = "", value = ""] = own;
  if (letters.includes("e")) return { line: [], rewritten: [] };
  const to = `set -e${letters}${value}`;
  lines[at] = to;
  return { line: [], rewritten: [{ from, to }] };
}
