/** Lines of Dockerfiles that move or come anew, and what is around them. */
import type { Comment, Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { minimalEdits } from "../../text/diff.ts";
import { applyEdits, type Edit, type Span, touches } from "../../text/edit.ts";
import type { Rewritten } from "../post-conditions/declared.ts";
import { isRefusal, type Refusal, type Rewrite } from "./assist.ts";

/** Says what a linter has to pass over in the instruction below it: it cannot move away from there. */
export const isSuppression = ({ text }: Pick<Comment, "text">): boolean =>
  /^(?:hadolint|dockwright|check=|checkov|kics|trivy)/i.test(text);

/** The instructions a place is in or meets, triggers of ONBUILD left out. */
export const instructionsAt = ({ instructions }: Dockerfile, at: Span): readonly Instruction[] =>
  instructions.filter(({ span }) => touches(span, at));

/** The flags as they are written, each behind a blank. */
export const flagsText = ({ text }: Dockerfile, { flags }: Instruction): string =>
  flags.map(({ span }) => ` ${text.slice(span.start, span.end)}`).join("");

/** Steps that each see what the ones before them wrote, as one change. */
export function inSteps(
  original: Dockerfile,
  steps: readonly ((dockerfile: Dockerfile) => readonly Edit[] | Refusal)[],
): Rewrite | Refusal {
  let dockerfile = original;
  for (const step of steps) {
    const made = step(dockerfile);
    if (isRefusal(made)) return made;
    dockerfile = parseDockerfile(applyEdits(dockerfile.text, made), dockerfile.name);
  }
  return { edits: minimalEdits(original.text, dockerfile.text) };
}

/** A word for titles: no longer than menus are wide. */
export const shown = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 32 ? `${line.slice(0, 31)}…` : line;
};

/** For the post-conditions: a command as an edit within it, or at its end, leaves it. */
export function rewritten({ text }: Dockerfile, command: Span, { span, text: put }: Edit): Rewritten {
  const from = text.slice(command.start, command.end);
  const inside = { start: span.start - command.start, end: Math.min(span.end - command.start, from.length) };
  return { from, to: applyEdits(from, [{ span: inside, text: put }]) };
}

/** AS in the case of its FROM. */
export const asLike = ({ keyword }: Instruction): string => (keyword.text === "from" ? "as" : "AS");
