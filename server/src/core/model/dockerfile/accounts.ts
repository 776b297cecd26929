/** Accounts that RUNs make. */
import { isRoot } from "./facts.ts";
import { perInstruction } from "./memo.ts";
import type { Dockerfile, Instruction, Stage } from "./model.ts";
import { expandIn } from "./scope.ts";
import { commandsOf, type ShellCommand, type ShellWord } from "./shell.ts";
import { lineageInstructions } from "./stages.ts";

export interface CreatedAccount {
  /** As written: it may be a variable. */
  readonly name: string;
  /** What USER names: the number, which Kubernetes can check, or the name. */
  readonly user: string;
  readonly by: Instruction;
}

/** The users that RUNs of the stage and of those below it create, in order. */
export const accountsCreated = (dockerfile: Dockerfile, stage: Stage): readonly CreatedAccount[] =>
  lineageInstructions(dockerfile, stage).flatMap((run) => accountsOf(dockerfile, run));

const NONE: readonly CreatedAccount[] = [];
const MAKES = /useradd|adduser/;

/** Those of one RUN. */
export const accountsOf = (dockerfile: Dockerfile, run: Instruction): readonly CreatedAccount[] =>
  run.name === "RUN" && MAKES.test(dockerfile.text.slice(run.span.start, run.span.end))
    ? readRun(dockerfile, run)
    : NONE;

const CREATORS: ReadonlySet<string> = new Set(["useradd", "adduser"]);

const readRun = perInstruction((dockerfile, run): readonly CreatedAccount[] =>
  commandsOf(dockerfile, run)
    .filter(({ name }) => name !== undefined && CREATORS.has(name))
    .flatMap((command) => accountOf(dockerfile, run, command) ?? []),
);

/** Options of useradd and of both kinds of adduser that take a value. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  "-u --uid -g --gid -G --groups --ingroup -d --home --home-dir -s --shell -c --comment --gecos -p --password -k --skel -b --base-dir -e --expiredate -f --inactive -h -K --key --conf --firstuid --lastuid".split(
    " ",
  ),
);

function accountOf(dockerfile: Dockerfile, run: Instruction, { args }: ShellCommand): CreatedAccount | undefined {
  let uid: string | undefined;
  const operands: ShellWord[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (!word) break;
    const option = optionIn(word.value);
    if (option) {
      const given = option.value ?? (WITH_VALUE.has(option.name) ? args[++at]?.value : undefined);
      if (option.name === "-u" || option.name === "--uid") uid = given;
    } else operands.push(word);
  }
  const [operand, group] = operands;
  // `adduser user group` puts a user that there is into a group.
  if (!operand || group) return undefined;
  const written = operand.value;
  // USER takes the same variable, so that a --build-arg changes both.
  if (!operand.literal && !/^\$(?:\w+|\{\w+\})$/.test(written)) return undefined;
  const { text: name, known } = expandIn(dockerfile, run, written);
  if (!known || !/^[a-z_][a-z0-9_-]*\$?$/.test(name) || isRoot(name)) return undefined;
  return { name: written, user: uid !== undefined && /^\d+$/.test(uid) ? uid : written, by: run };
}

/** The option of a word that waits for a value or has one: `-s` of `-ms`, `--uid=5`, `-u5`; the last one where none does. */
function optionIn(word: string): { readonly name: string; readonly value: string | undefined } | undefined {
  if (!/^-./.test(word)) return undefined;
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals === -1
      ? { name: word, value: undefined }
      : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  }
  const letters = Array.from(word.slice(1));
  const at = letters.findIndex((letter) => WITH_VALUE.has(`-${letter}`));
  if (at === -1) return { name: `-${letters.at(-1)}`, value: undefined };
  const rest = letters.slice(at + 1).join("");
  return { name: `-${letters[at]}`, value: rest === "" ? undefined : rest };
}
