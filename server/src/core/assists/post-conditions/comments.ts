/** Every comment of the original is in the result, and so is every directive. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { scriptsOf } from "../../model/dockerfile/shell.ts";
import type { Condition, Declared } from "./declared.ts";
import { plain } from "./units.ts";

export const comments: Condition<Pick<Declared, "dropped">> = (before, after, { dropped }) => {
  const kept = new Set(commentsOf(after));
  const gone = dropped.flatMap((text) => text.split(/\r?\n/)).map((line) => plain(line));
  const lost = commentsOf(before).filter(
    (text) =>
      !kept.has(text) && !gone.some((line) => line === text || line.endsWith(`# ${text}`) || line === `#${text}`),
  );
  return [...new Set(lost)].map((text) => `the comment “${text}” would be lost`);
};

/** `# syntax=`, `# escape=`, `# check=`. */
export const directives: Condition<unknown> = (before, after) => {
  const kept = new Set(after.directives.map(({ name, value }) => `${name}=${value.text}`));
  return before.directives
    .map(({ name, value }) => `${name}=${value.text}`)
    .filter((text) => !kept.has(text))
    .map((text) => `the directive ${text} would be lost`);
};

/** Those on lines of their own, those between the lines of an instruction, and those of scripts in heredocs. */
const commentsOf = (dockerfile: Dockerfile): readonly string[] =>
  [
    ...dockerfile.comments.map(({ text }) => plain(text)),
    ...dockerfile.instructions.flatMap((instruction) => [
      ...instruction.comments.map(({ text }) => plain(text)),
      ...scriptsOf(dockerfile, instruction).flatMap(({ heredoc }) =>
        heredoc ? scriptComments(dockerfile.text.slice(heredoc.body.start, heredoc.body.end)) : [],
      ),
    ]),
  ].filter((text) => text !== "");

const scriptComments = (body: string): readonly string[] =>
  body.split(/\r?\n/).flatMap((line) => {
    const text = /^\s*#(?!!)(.*)$/.exec(line)?.[1];
    return text === undefined ? [] : [plain(text)];
  });
