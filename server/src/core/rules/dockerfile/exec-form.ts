import { knownBase } from "../../model/dockerfile/bases.ts";
import { familyUnder, lastOf } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction, Logical, Word } from "../../model/dockerfile/model.ts";
import { plainWords } from "../../model/dockerfile/plain-words.ts";
import { isPosixShell, scriptsOf } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { defineRule, type Fix, type Report, type Safety } from "../../rule.ts";
import { BUILTINS, isProgram, jsonEdits } from "../exec-words.ts";
import { contains, type Edit, insert, replace } from "../../text/edit.ts";

export default defineRule({
  id: "exec-form",
  summary: "CMD or ENTRYPOINT in shell form",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["hadolint:DL3025", "buildkit:JSONArgsRecommended", "kics:Not Using JSON In CMD And ENTRYPOINT Arguments"],
  why: `
In shell form the container's first process is \`/bin/sh -c\`, and the program is its child. \`docker stop\` sends SIGTERM to the
shell, which does not pass it on: the program never gets to shut down and is killed ten seconds later. The image needs a
shell, too. With a \`SHELL\` instruction the shell form is taken to be meant, as BuildKit does; hadolint reports it there as well.
Where \`exec\` stands in front, the shell is replaced by the program, and only needed: the profile \`strict\` shows that.
On Windows the shell is \`cmd\` or PowerShell and there are no signals to pass on: the profile \`all\` shows it.`,
  fixSafety: `
Safe for a CMD of plain words, on a base that is known to start what CMD says and without an ENTRYPOINT in the file: the same
program starts with the same arguments, without a shell in front of it. Unsafe otherwise: an ENTRYPOINT in exec form gets CMD as
its arguments and \`docker run\` arguments appended, a script without a \`#!\` line only starts from a shell, and an unknown base may have
an entrypoint that expects the shell. A command that needs the shell keeps it as \`["sh", "-c", "… exec …"]\`, where
\`exec\` puts the program in the shell's place.`,
  examples: [
    { bad: "FROM node:22\nCMD node server.js\n", fixed: 'FROM node:22\nCMD ["node", "server.js"]\n' },
    {
      bad: "FROM node:22\nCMD npm run migrate && node server.js --port $PORT\n",
      fixed: 'FROM node:22\nCMD ["sh", "-c", "npm run migrate && exec node server.js --port $PORT"]\n',
    },
    { good: 'FROM node:22\nSHELL ["/bin/bash", "-c"]\nCMD node server.js\n' },
    { good: 'FROM node:22\nCMD ["node", "server.js"]\n' },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.all) {
      const command = shellFormOf(instruction);
      if (!command || instruction.heredocs.length > 0) continue;
      if (dockerfile.problems.some(({ span }) => contains(instruction.span, span))) continue;
      const shell = shellAt(dockerfile, instruction);
      if (WINDOWS_SHELLS.has(shell.name) && mayBeWindows(dockerfile, instruction))
        report(spanOf(command), onWindows(instruction, shell.name));
      if (shell.set || !isPosixShell(shell.name)) continue;
      const words = plainWords(command);
      report(spanOf(command), {
        ...(/^exec\s[^&|;]*$/.test(command.text)
          ? {
              message: `${instruction.name} in shell form starts /bin/sh only to replace it`,
              profile: "strict" as const,
            }
          : { message: `${instruction.name} in shell form runs under /bin/sh, which does not pass signals on` }),
        ...remedy(dockerfile, instruction, command, words),
      });
    }
  },
});

const WINDOWS_SHELLS: ReadonlySet<string> = new Set(["cmd", "powershell", "pwsh"]);

/** A file with escape=\` may be for Linux all the same. */
function mayBeWindows(dockerfile: Dockerfile, instruction: Instruction): boolean {
  const stage = dockerfile.stages[instruction.stage];
  const family = stage && familyUnder(dockerfile, stage);
  return family === undefined || family === "windows";
}

const onWindows = ({ name }: Instruction, shell: string): Report => ({
  message: `${name} in shell form runs under ${shell}, which stays in memory beside the program`,
  severity: "hint",
  profile: "all",
  refusal: `the quoting and the variables are those of ${shell}`,
});

/** The command text of a shell form; undefined for JSON form and nothing at all. */
const shellFormOf = ({ name, json, body }: Instruction): Logical | undefined =>
  (name === "CMD" || name === "ENTRYPOINT") && !json && body.text !== "" ? body : undefined;

const spanOf = (command: Logical): { start: number; end: number } => command.span(0, command.text.length);

function remedy(
  dockerfile: Dockerfile,
  instruction: Instruction,
  command: Logical,
  words: readonly Word[] | undefined,
): { fixes?: readonly Fix[]; refusal?: string } {
  const [flag] = instruction.flags;
  if (flag)
    return { refusal: `${flag.name} is read as a flag of ${instruction.name}: write the whole as a JSON array` };
  if (/^(?:""|'')$/.test(command.text)) return { refusal: "to take back what the base image has, write []" };
  if (/^\[\s*"[^"]*"(?:\s*,\s*"[^"]*")*\s*\]\s*\S/.test(command.text))
    return { refusal: "what stands behind the ] makes it no JSON array: remove that" };
  if (/^\[\s*"[^']*\\[^"\\/bfnrtu]/.test(command.text))
    return { refusal: "a backslash in a JSON string has to be written twice" };
  if (command.text.startsWith("[")) return { refusal: "it is no JSON array: write every string in double quotes" };
  if (/^"[^"]*"\s*,/.test(command.text)) return { refusal: "a JSON array needs its brackets: write them around it" };
  const cmd = instruction.name === "ENTRYPOINT" ? lastInStage(dockerfile, instruction, "CMD") : undefined;
  if (cmd && !cmd.json)
    return { refusal: "an ENTRYPOINT in exec form would get the CMD in shell form as its arguments: rewrite both" };
  const program = words && withoutExec(words);
  if (program && isProgram(program)) return { fixes: [asJson(dockerfile, instruction, program, words)] };
  const wrapped = underShell(dockerfile, instruction, command);
  if (wrapped) return { fixes: [wrapped] };
  return { refusal: "it needs a shell and has no last command to put in the shell's place: start a script instead" };
}

/** ENTRYPOINT forgets the base's CMD, so only one of the same stage counts. */
const lastInStage = (dockerfile: Dockerfile, instruction: Instruction, name: string): Instruction | undefined =>
  dockerfile.stages[instruction.stage]?.instructions.findLast((each) => each.name === name);

const withoutExec = (words: readonly Word[]): readonly Word[] =>
  words[0]?.text === "exec" && words.length > 1 ? words.slice(1) : words;

const asJson = (
  dockerfile: Dockerfile,
  instruction: Instruction,
  program: readonly Word[],
  words: readonly Word[],
): Fix => ({
  title: "Use the exec form",
  safety: safetyOf(dockerfile, instruction, program[0]?.text ?? ""),
  edits: jsonEdits(program, words[0]?.span.start),
});

function safetyOf(dockerfile: Dockerfile, instruction: Instruction, program: string): Safety {
  const stage = dockerfile.stages[instruction.stage];
  if (!stage || instruction.triggered || /\.(?:sh|bash)$/.test(program) || instruction.name === "ENTRYPOINT")
    return "unsafe";
  if (lastOf(dockerfile, stage, "ENTRYPOINT")) return "unsafe";
  const base = rootBase(dockerfile, stage);
  if (base.kind === "scratch") return "safe";
  // An entrypoint that prepares the service looks whether CMD is that service: it would begin to do so.
  const image = base.kind === "image" ? knownBase(base.reference) : undefined;
  return image && image.rootOnPurpose === undefined ? "safe" : "unsafe";
}

/** `["sh", "-c", "a && exec b"]`: the last command takes the shell's place. */
function underShell(dockerfile: Dockerfile, instruction: Instruction, command: Logical): Fix | undefined {
  const [script] = scriptsOf(dockerfile, instruction);
  const statement = script?.statements.at(-1);
  if (!script || !statement || script.broken) return undefined;
  const own = script.commands.filter(({ span, wrappers }) => contains(statement, span) && wrappers.length === 0);
  const last = own.findLast(({ span }) => span.end === statement.end);
  if (!last?.nameWord || last.isolated || last.conditional) return undefined;
  if (own.some(({ joinedBy }) => joinedBy === "||") || script.pipelines.some(({ span }) => span.end === statement.end))
    return undefined;
  // In front of `exec` they would have no program, or no status, to work on.
  if (/(?:^|[\s;&(])(?:!|time(?:\s+-p)?)\s+$/.test(dockerfile.text.slice(statement.start, last.span.start)))
    return undefined;
  const taken = last.name === "exec";
  if (!taken && last.name !== undefined && BUILTINS.has(last.name)) return undefined;
  const edits: Edit[] = [insert(command.sourceAt(0), '["sh", "-c", "')];
  if (!taken) edits.push(insert(last.nameWord.span.start, "exec "));
  for (let at = 0; at < command.text.length; at++) {
    const character = command.text.charAt(at);
    if (character === '"' || character === "\\") edits.push(insert(command.sourceAt(at), "\\"));
    else if (character === "\t") edits.push(replace(command.span(at, at + 1), "\\t"));
    else if (character < " ") return undefined;
  }
  edits.push(insert(command.span(0, command.text.length).end, '"]'));
  return { title: 'Keep the shell, with exec: ["sh", "-c", "exec …"]', safety: "unsafe", edits };
}
