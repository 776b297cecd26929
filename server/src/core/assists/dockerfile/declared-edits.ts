/** What edits inside RUN say of themselves: which commands are gone, and which are said in another way. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { commandsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { applyEdits, contains, type Edit } from "../../text/edit.ts";
import type { Declared } from "../post-conditions/declared.ts";

/** By the commands of the file as they stand, those of `sh -c "…"` as a part of that. */
export function declaredBy(dockerfile: Dockerfile, edits: readonly Edit[]): Declared {
  const commands = dockerfile.instructions
    .filter(
      ({ name, span }) =>
        name === "RUN" && edits.some((edit) => contains(span, edit.span) || contains(edit.span, span)),
    )
    .flatMap((run) => commandsOf(dockerfile, run));
  const gone = commands.filter((command) =>
    edits.some(({ span, text }) => text.trim() === "" && contains(span, command.span)),
  );
  const changed = commands.filter((command) => !gone.includes(command) && inside(command, edits).length > 0);
  return {
    dropped: gone.map((command) => textOf(dockerfile, command)),
    changes: [],
    rewritten: changed.map((command) => ({
      from: textOf(dockerfile, command),
      to: edited(dockerfile, command, edits),
    })),
  };
}

/** All that a RUN does is said by one instruction instead. */
export const saidInstead = (dockerfile: Dockerfile, run: Instruction, to: string): Declared => ({
  dropped: [],
  changes: [],
  rewritten: commandsOf(dockerfile, run).map((command) => ({ from: textOf(dockerfile, command), to })),
});

const inside = ({ span }: ShellCommand, edits: readonly Edit[]): readonly Edit[] =>
  edits.filter((edit) => contains(span, edit.span));

const textOf = ({ text }: Dockerfile, { span }: ShellCommand): string => text.slice(span.start, span.end);

const edited = (dockerfile: Dockerfile, command: ShellCommand, edits: readonly Edit[]): string =>
  applyEdits(
    textOf(dockerfile, command),
    inside(command, edits).map(({ span, text }) => ({
      span: { start: span.start - command.span.start, end: span.end - command.span.start },
      text,
    })),
  );
