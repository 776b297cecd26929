/** CMD and ENTRYPOINT in shell form: as a JSON array, or with `exec` in front of the program, so that it gets signals. */
import type { Instruction } from "../../model/dockerfile/model.ts";
import { isPosixShell } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { insert } from "../../text/edit.ts";
import type { Declared } from "../post-conditions/declared.ts";
import { isRefusal, type Offer, type Refactoring } from "./assist.ts";
import { execFormOf, lastProgram, shellFormOf } from "./exec-forms.ts";
import { instructionsAt } from "./layout.ts";

export const execForm: Refactoring = {
  id: "exec-form",
  about: "start the program itself instead of a shell, so that it gets signals",
  safety: "unsafe",
  why: "The program is process 1 then and gets SIGTERM itself; behind an ENTRYPOINT the words of CMD become its arguments, and a base's entrypoint may look at them.",
  everywhere: true,
  offers(dockerfile, at) {
    const [instruction, ...others] = instructionsAt(dockerfile, at);
    const command = instruction && others.length === 0 ? shellFormOf(instruction) : undefined;
    if (!instruction || !command || instruction.heredocs.length > 0) return [];
    const shell = shellAt(dockerfile, instruction);
    if (!isPosixShell(shell.name)) return [];
    const offers: Offer[] = [];
    const span = instruction.span;
    // Below SHELL the shell form is meant: it needs that shell's options.
    if (!shell.set) {
      const made = execFormOf(dockerfile, instruction, command);
      const title = isRefusal(made) ? "Use the exec form" : made.title;
      const declared = changesStart(instruction);
      offers.push({
        title,
        kind: "refactor.rewrite",
        span,
        ...(isRefusal(made) ? made : { safety: made.safety }),
        rewrite: () => (isRefusal(made) ? made : { edits: made.edits, declared }),
      });
    }
    const last = lastProgram(dockerfile, instruction);
    // `['node', 'x']` was to be a JSON array.
    const word = last?.name === "exec" || command.text.startsWith("[") ? undefined : last?.nameWord;
    if (word)
      offers.push({
        title: `Put exec in front of ${word.value}`,
        kind: "refactor.rewrite",
        span,
        rewrite: () => ({ edits: [insert(word.span.start, "exec ")], declared: changesStart(instruction) }),
      });
    return offers;
  },
};

const changesStart = ({ name }: Instruction): Declared => ({
  dropped: [],
  changes: [name === "ENTRYPOINT" ? "ENTRYPOINT" : "CMD"],
});
