/** CMD and ENTRYPOINT in shell form as JSON arrays: the program alone, or a shell that `exec` replaces by it. */
import { knownBase } from "../../model/dockerfile/bases.ts";
import { BUILTINS, isProgram, jsonEdits } from "../../model/dockerfile/exec-words.ts";
import { lastOf } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction, Logical, Word } from "../../model/dockerfile/model.ts";
import { plainWords } from "../../model/dockerfile/plain-words.ts";
import { scriptsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import type { Fix, Safety } from "../../rule.ts";
import { contains, type Edit, insert, replace } from "../../text/edit.ts";
import type { Refusal } from "./assist.ts";

/** The command text of a shell form; undefined for JSON form and nothing at all. */
export const shellFormOf = ({ name, json, body }: Instruction): Logical | undefined =>
  (name === "CMD" || name === "ENTRYPOINT") && !json && body.text !== "" ? body : undefined;

/** The best there is. */
export function execFormOf(dockerfile: Dockerfile, instruction: Instruction, command: Logical): Fix | Refusal {
  const words = plainWords(command);
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
  if (program && isProgram(program)) return asJson(dockerfile, instruction, program, words);
  const wrapped = underShell(dockerfile, instruction, command);
  if (wrapped) return wrapped;
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
  const last = lastProgram(dockerfile, instruction);
  if (!last?.nameWord) return undefined;
  const taken = last.name === "exec";
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

/** The command a shell form ends in, where `exec` can put it in the shell's place, or stands there already. */
export function lastProgram(dockerfile: Dockerfile, instruction: Instruction): ShellCommand | undefined {
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
  return last.name !== undefined && last.name !== "exec" && BUILTINS.has(last.name) ? undefined : last;
}
