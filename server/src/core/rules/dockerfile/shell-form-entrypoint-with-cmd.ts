import { lastOf } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { plainWords } from "../../model/dockerfile/plain-words.ts";
import { removeInstruction } from "../../model/dockerfile/removal.ts";
import { isPosixShell } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { finalStage } from "../../model/dockerfile/stages.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "shell-form-entrypoint-with-cmd",
  summary: "CMD has no effect beside an ENTRYPOINT in shell form",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: [],
  why: `
CMD, and what stands behind the image in \`docker run\`, is put behind the ENTRYPOINT. In shell form that is \`/bin/sh -c "command"\`, and what follows
there are \`$0\`, \`$1\` and so on of the shell, which the command never reads. The options in CMD look like defaults that one can change, and
nobody gets them. Silent where the command uses \`$@\`, \`$*\`, \`$0\` or \`$1\` itself. ENTRYPOINT as \`["sh", "-c", "command"]\` is the same. What a
shell in front does to signals is \`exec-form\`.`,
  fixSafety: `
Unsafe: with ENTRYPOINT as a JSON array, CMD begins to have an effect; and what CMD says may have been wanted, so that taking it out
is a decision, too.`,
  examples: [
    {
      bad: 'FROM python:3.13\nENTRYPOINT python app.py\nCMD ["--port", "8000"]\n',
      fixed: 'FROM python:3.13\nENTRYPOINT ["python", "app.py"]\nCMD ["--port", "8000"]\n',
    },
    { good: 'FROM python:3.13\nENTRYPOINT ["python", "app.py"]\nCMD ["--port", "8000"]\n' },
    { good: 'FROM python:3.13\nENTRYPOINT exec python app.py "$@"\nCMD ["sh", "--port", "8000"]\n' },
  ],
  check({ dockerfile, report }) {
    const stage = finalStage(dockerfile);
    const entrypoint = stage && lastOf(dockerfile, stage, "ENTRYPOINT");
    const cmd = stage && lastOf(dockerfile, stage, "CMD");
    // An ENTRYPOINT takes away the CMD of the stages below it.
    if (!entrypoint || !cmd || cmd.stage < entrypoint.stage || isEmpty(cmd)) return;
    const script = scriptOf(dockerfile, entrypoint);
    if (script === undefined || /\$(?:\{?[@*0-9]|\{?#)/.test(script)) return;
    const fixes = fixesFor(dockerfile, entrypoint, cmd);
    report(cmd.head, {
      message: "CMD has no effect: ENTRYPOINT hands it to a shell, which does not pass it on",
      fixes,
      related: [{ span: entrypoint.head, message: "the ENTRYPOINT that starts a shell" }],
    });
  },
});

const isEmpty = ({ json, args }: Instruction): boolean => (json ? json.elements.length === 0 : args.text === "");

/** What the shell of an ENTRYPOINT runs; undefined when there is none, or it gets arguments of its own. */
function scriptOf(dockerfile: Dockerfile, entrypoint: Instruction): string | undefined {
  if (!entrypoint.json) {
    const { text } = entrypoint.body;
    // A broken array is another rule's.
    return text === "" || text.startsWith("[") || !isPosixShell(shellAt(dockerfile, entrypoint).name)
      ? undefined
      : text;
  }
  const [program, option, script, ...others] = entrypoint.json.elements.map(({ text }) => text);
  if (program === undefined || !isPosixShell(program.slice(program.lastIndexOf("/") + 1))) return undefined;
  return option !== undefined && /^-[a-z]*c$/.test(option) && others.length === 0 ? script : undefined;
}

function fixesFor(dockerfile: Dockerfile, entrypoint: Instruction, cmd: Instruction): readonly Fix[] {
  const fixes: Fix[] = [];
  const words = entrypoint.json || !cmd.json ? undefined : plainWords(entrypoint.body);
  const program = words?.[0]?.text === "exec" ? words.slice(1) : words;
  const start = words?.[0]?.span.start;
  // As in exec-form: what only a shell knows cannot be started.
  if (
    program?.[0] &&
    start !== undefined &&
    !/^(?:cd|export|eval|set|source|\.|exec|trap|ulimit|umask|\w+=.*)$/.test(program[0].text)
  ) {
    const edits = program.map(({ text, span }, at) =>
      replace(
        at === 0 ? { start, end: span.end } : span,
        `${at === 0 ? "[" : ""}${JSON.stringify(text)}${at === program.length - 1 ? "]" : ","}`,
      ),
    );
    fixes.push(unsafeFix("Write ENTRYPOINT as a JSON array", ...edits));
  }
  fixes.push(unsafeFix("Remove CMD", removeInstruction(dockerfile, cmd)));
  return fixes;
}
