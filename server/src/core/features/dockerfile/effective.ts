/** What an instruction finds: who runs it, in which folder, with which shell, and where each of these comes from. */
import { type Account, knownBase } from "../../model/dockerfile/bases.ts";
import { instructionsBefore, workdirAt } from "../../model/dockerfile/before.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";

export interface InEffect {
  readonly value: string;
  /** The instruction that says so; undefined where the base image does, or nobody. */
  readonly by: Instruction | undefined;
}

export interface Effective {
  /** Undefined where only the base image or a variable knows. */
  readonly user: InEffect | undefined;
  readonly workdir: InEffect | undefined;
  /** As it is called: `/bin/sh -c`. */
  readonly shell: InEffect;
}

const LINUX_SHELL = "/bin/sh -c";
const WINDOWS_SHELL = "cmd /S /C";

/** Before the instruction itself changes anything. */
export function effectiveAt(dockerfile: Dockerfile, instruction: Instruction): Effective {
  const own = dockerfile.instructions[instruction.index] ?? instruction;
  const before = instructionsBefore(dockerfile, own);
  const folder = workdirAt(dockerfile, own);
  const shell = shellAt(dockerfile, own);
  const folderBy = before.findLast(({ name, args }) => name === "WORKDIR" && args.text !== "");
  const words = shell.words.map(({ text }) => text).join(" ");
  return {
    user: userOf(dockerfile, own, before),
    workdir: folder === undefined ? undefined : { value: folder, by: folderBy },
    shell: {
      value: words === "" ? (shell.name === "cmd" ? WINDOWS_SHELL : defaultShell(shell.name)) : words,
      by: shell.set,
    },
  };
}

const defaultShell = (name: string): string => (name === "sh" ? LINUX_SHELL : `${name} -c`);

function userOf(dockerfile: Dockerfile, own: Instruction, before: readonly Instruction[]): InEffect | undefined {
  const by = before.findLast(({ name, args }) => name === "USER" && args.text !== "");
  if (by) {
    const { text, known } = expandIn(dockerfile, by, by.args.text);
    return known ? { value: unquote(text, dockerfile.escape), by } : undefined;
  }
  const stage = dockerfile.stages[own.stage];
  const base = stage && rootBase(dockerfile, stage);
  if (base?.kind === "scratch") return { value: "root", by: undefined };
  const image = base?.kind === "image" ? knownBase(base.reference) : undefined;
  if (!image) return undefined;
  const account: Account | undefined = image.account;
  if (image.user === "root") return { value: "root", by: undefined };
  return account && { value: account.name, by: undefined };
}
