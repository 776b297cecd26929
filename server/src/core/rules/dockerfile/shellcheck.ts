import { rootBase } from "../../model/dockerfile/stages.ts";
import { type Context, defineRule, type Fix, known, type Report } from "../../rule.ts";
import { applyEdits, type Edit, insert, replace } from "../../text/edit.ts";
import { MEANINGLESS, PARSE_CONTEXT, PARSE_ERROR, profileOf, severityOf } from "../shellcheck/codes.ts";
import { commentsIn, type Replacement, type ScriptComment } from "../shellcheck/comments.ts";
import { type CheckedScript, checkedScripts } from "../shellcheck/scripts.ts";

export default defineRule({
  id: "shellcheck",
  summary: "mistake in a shell command, as ShellCheck finds it",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:SC*"],
  why: `
A mistake in the commands of a \`RUN\` makes an image that is not what was meant: \`cd\` fails and the next command runs somewhere
else, a variable that is empty makes \`rm -rf "$DIR/"\` delete the root, a failure inside \`$(…)\` is seen by nobody.
[ShellCheck](https://www.shellcheck.net/wiki/) knows these mistakes by number. It is given every \`RUN\` in shell form, the heredocs
that a shell runs, \`ONBUILD RUN\`, and \`CMD\`, \`ENTRYPOINT\` and \`HEALTHCHECK\` in shell form, with the variables of \`ARG\` and \`ENV\` set.

The ShellCheck that comes along runs in a thread of its own; the setting \`shellcheck\` takes a program instead, or \`off\`. A number
is switched off like a rule: \`# dockwright ignore=SC2086\` or \`# hadolint ignore=SC2086\` above the instruction.

Errors and warnings are in the profile \`recommended\`, but for those that are mostly no mistake in an image, such as SC2046 (the words
of \`$(…)\` are split, which \`apt-get purge $(…)\` wants) and SC2155; they and all that ShellCheck calls info or style are in \`strict\`.

hadolint shows one of these findings for a \`RUN\`, on its first line; here each stands on its own words. Other differences are
on purpose: \`/bin/sh\` is what the image has (dash in Debian and Ubuntu, busybox in Alpine, bash in the Red Hat and SUSE
families), so that what these shells do understand is not called an error (SC3xxx, SC2028); commands for Windows shells
are not read as if they were sh's; \`ENV\` behind \`SHELL\` does not set the shell back; of the findings that one syntax error
causes only those at its place are shown.`,
  fixSafety: `
The fixes are ShellCheck's own, all changes of one together. They are unsafe: quotes end the splitting into words that may have been
wanted, \`|| exit\` ends the script where it went on. One is safe: backticks become \`$(…)\`, which
run the same text when there is no backslash in it; where there is one, there is no fix.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN cd /src; make\n",
      fixed: "FROM debian:13\nRUN cd /src || exit; make\n",
      answers: {
        "shellcheck:dash:cd /src; make": JSON.stringify({
          comments: [
            {
              ...{ line: 1, column: 1, endLine: 1, endColumn: 8, level: "warning", code: 2164 },
              message: "Use 'cd ... || exit' or 'cd ... || return' in case cd fails.",
              fix: { replacements: [{ line: 1, column: 8, endLine: 1, endColumn: 8, replacement: " || exit" }] },
            },
          ],
        }),
      },
    },
    { good: "FROM debian:13\nRUN cd /src && make\n" },
  ],
  check(context) {
    const { dockerfile, lookup } = context;
    for (const instruction of dockerfile.all)
      for (const script of checkedScripts(dockerfile, instruction)) {
        if (script.silent) continue;
        const answer = known(lookup({ ask: "shellcheck", shell: script.dialect, script: script.text }));
        if (answer !== undefined) reportComments(context, script, commentsIn(script.text, answer));
      }
  },
});

/** Blanks that `echo` makes one of: no mistake where they are the indentation of the next line. */
const REPEATED_BLANKS = 2291;
const BACKTICKS = 2006;

function reportComments(context: Context, script: CheckedScript, comments: readonly ScriptComment[]): void {
  const parseError = comments.some(({ code }) => code === PARSE_ERROR);
  const situation = {
    anySh: script.dialect === "sh",
    // Another file sets variables too, and so does who starts a container.
    open: script.instruction.name !== "RUN" || /(?:^|[\s;&|(])(?:\.|source)\s/.test(script.text),
  };
  const escaped = comments.filter((each) => each.code === BACKTICKS && isEscaped(script.text, each));
  for (const comment of comments) {
    const { code, message, level, start, end } = comment;
    if (MEANINGLESS.has(code) || (parseError && PARSE_CONTEXT.has(code))) continue;
    const span = script.span(start, end);
    if (!span || (code === 2154 && comesFromBase(context, script, start, end))) continue;
    if (code === REPEATED_BLANKS && context.dockerfile.text.slice(span.start, span.end).includes("\n")) continue;
    context.report(span, {
      message: `SC${code}: ${message.trim().replace(/\.$/, "")}`,
      code: `SC${code}`,
      severity: severityOf(level),
      profile: profileOf(code, level, situation),
      ...(escaped.some((each) => each.start <= start && end <= each.end)
        ? { refusal: "what is inside of backticks with backslashes cannot be placed exactly" }
        : remedy(context.dockerfile.text, script, comment)),
    });
  }
}

/** Inside of such ones ShellCheck reckons its columns without the backslashes. */
const isEscaped = (text: string, { start, end }: ScriptComment): boolean => text.slice(start, end).includes("\\");

/** The variable is one that the base image's configuration sets. */
function comesFromBase({ dockerfile, lookup }: Context, script: CheckedScript, start: number, end: number): boolean {
  const stage = dockerfile.stages[script.instruction.stage];
  const base = stage && rootBase(dockerfile, stage);
  if (base?.kind !== "image") return false;
  const names = known(lookup({ ask: "environment", image: base.reference }));
  const name = /\w+/.exec(script.text.slice(start, end))?.[0];
  return names !== undefined && name !== undefined && names.split(" ").includes(name);
}

/** It reaches over a continued line, or over words that ShellCheck was not given. */
const NO_PLACE = "the change cannot be placed exactly in these lines";

function remedy(source: string, script: CheckedScript, comment: ScriptComment): Pick<Report, "fixes" | "refusal"> {
  if (comment.replacements.length === 0) return {};
  const edits: Edit[] = [];
  for (const replacement of comment.replacements) {
    const edit = editFor(source, script, comment, replacement);
    if (!edit) return { refusal: NO_PLACE };
    edits.push(edit);
  }
  return { fixes: [{ title: titleOf(source, script, comment), safety: safetyOf(script, comment), edits }] };
}

function editFor(
  source: string,
  script: CheckedScript,
  comment: ScriptComment,
  { start, end, text }: Replacement,
): Edit | undefined {
  if (start === end) {
    // What is put behind a word stays on its line; what is put in front of one does not go up to the line before.
    const behind = start > 0 && start >= comment.end;
    const at = behind ? script.span(start - 1, start)?.end : script.span(start, start)?.start;
    return at === undefined ? undefined : insert(at, text);
  }
  const span = script.span(start, end);
  if (!span || source.slice(span.start, span.end) !== script.text.slice(start, end)) return undefined;
  return replace(span, text);
}

const LONGEST_SHOWN = 40;

function titleOf(source: string, script: CheckedScript, comment: ScriptComment): string {
  const text = repaired(source, script, comment);
  return text !== undefined && text.length <= LONGEST_SHOWN && !text.includes("\n")
    ? `Write ${text} (SC${comment.code})`
    : `Repair as ShellCheck proposes (SC${comment.code})`;
}

/** The range of the comment and of its changes, with these made; undefined where the source has more there. */
function repaired(
  source: string,
  script: CheckedScript,
  { start, end, replacements }: ScriptComment,
): string | undefined {
  const from = Math.min(start, ...replacements.map((each) => each.start));
  const to = Math.max(end, ...replacements.map((each) => each.end));
  const span = script.span(from, to);
  if (!span || source.slice(span.start, span.end) !== script.text.slice(from, to)) return undefined;
  const edits = replacements.map((each) => replace({ start: each.start - from, end: each.end - from }, each.text));
  return applyEdits(script.text.slice(from, to), edits);
}

/** `$((` would be arithmetic. */
const safetyOf = ({ text }: CheckedScript, { code, start, end }: ScriptComment): Fix["safety"] =>
  code === BACKTICKS && !/^`\s*\(/.test(text.slice(start, end)) ? "safe" : "unsafe";
