import { defineRule, type Context, type Finding, type Fix, known } from "../../rule.ts";
import { insert, replace, type Edit, type Span } from "../../text/edit.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { MEANINGLESS, PARSE_CONTEXT, PARSE_ERROR, profileOf, severityOf } from "../shellcheck/codes.ts";
import { commentsIn, type ScriptComment } from "../shellcheck/comments.ts";
import { type CheckedScript, checkedScripts } from "../shellcheck/scripts.ts";

export default defineRule({
  id: "shellcheck",
  summary: "what ShellCheck finds in the shell commands",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:SC*"],
  why: `
A mistake in the shell commands of a \`RUN\` builds an image that is not what was meant: a folder that is not there, a
command whose failure nobody sees, a variable that is empty. ShellCheck knows hundreds of them.`,
  fixSafety: `
Unsafe.`,
  examples: [
    {
      bad: 'FROM debian:13\nRUN cd /src; make; rm -rf "$PREFIX/lib"\n',
      answers: {},
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

function reportComments(context: Context, script: CheckedScript, comments: readonly ScriptComment[]): void {
  const parseError = comments.some(({ code }) => code === PARSE_ERROR);
  const situation = { anySh: script.dialect === "sh", sources: /(?:^|[\s;&|(])(?:\.|source)\s/.test(script.text) };
  for (const comment of comments) {
    const { code, message, level, start, end } = comment;
    if (MEANINGLESS.has(code) || (parseError && PARSE_CONTEXT.has(code))) continue;
    const span = script.span(start, end);
    if (!span || (code === 2154 && comesFromBase(context, script, start, end))) continue;
    context.report(span, {
      message: `SC${code}: ${message.trim().replace(/\.$/, "")}`,
      code: `SC${code}`,
      severity: severityOf(level),
      profile: profileOf(code, level, situation),
      ...remedy(context.dockerfile.text, script, comment),
    });
  }
}

/** The variable is one that the base image's configuration sets. */
function comesFromBase({ dockerfile, lookup }: Context, script: CheckedScript, start: number, end: number): boolean {
  const stage = dockerfile.stages[script.instruction.stage];
  const base = stage && rootBase(dockerfile, stage);
  if (base?.kind !== "image") return false;
  const names = known(lookup({ ask: "environment", image: base.reference }));
  const name = /\w+/.exec(script.text.slice(start, end))?.[0];
  return names !== undefined && name !== undefined && names.split(" ").includes(name);
}

function remedy(
  source: string,
  script: CheckedScript,
  comment: ScriptComment,
): Pick<Partial<Finding>, "fixes" | "refusal"> {
  if (comment.replacements.length === 0) return {};
  const edits = comment.replacements.map((each) => editFor(source, script, comment, each));
  if (!edits.every((edit) => edit !== undefined)) return { refusal: "the change reaches over a continued line" };
  return { fixes: [{ title: titleOf(script, comment), safety: safetyOf(script, comment), edits }] };
}

function editFor(
  source: string,
  script: CheckedScript,
  comment: ScriptComment,
  { start, end, text }: ScriptComment["replacements"][number],
): Edit | undefined {
  if (start === end) {
    // What is put behind a word stays on its line; what is put in front of one does not go up to the line before.
    const behind =
      start > 0 && start >= comment.end ? script.span(start - 1, start)?.end : script.span(start, start)?.start;
    return behind === undefined ? undefined : insert(behind, text);
  }
  const span: Span | undefined = script.span(start, end);
  if (!span || source.slice(span.start, span.end) !== script.text.slice(start, end)) return undefined;
  return replace(span, text);
}

const LONGEST_SHOWN = 40;

function titleOf(script: CheckedScript, { code, start, end, replacements }: ScriptComment): string {
  const from = Math.min(start, ...replacements.map((each) => each.start));
  const to = Math.max(end, ...replacements.map((each) => each.end));
  let at = from;
  let text = "";
  for (const each of replacements.toSorted((a, b) => a.start - b.start)) {
    text += script.text.slice(at, each.start) + each.text;
    at = each.end;
  }
  text += script.text.slice(at, to);
  return text.length <= LONGEST_SHOWN && !text.includes("\n")
    ? `Write ${text} (SC${code})`
    : `Repair as ShellCheck proposes (SC${code})`;
}

const safetyOf = (script: CheckedScript, { code, start, end }: ScriptComment): Fix["safety"] =>
  code === 2006 && !/\\|^`\s*\(/.test(script.text.slice(start, end)) ? "safe" : "unsafe";
