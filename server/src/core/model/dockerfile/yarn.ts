/** Yarn 2 and later differ from Yarn 1 in cache and options: how a Dockerfile shows which one it has. */
import { saidBefore } from "./before.ts";
import type { Dockerfile, Instruction } from "./model.ts";

const LATER = /\byarn set version\b|\.yarnrc\.yml|\byarn-berry\b|\byarn@(?:[2-9]|berry|stable)/;
const EITHER = /\bcorepack\b/;
const OPTIONS: ReadonlySet<string> = new Set([
  "--immutable",
  "--immutable-cache",
  "--inline-builds",
  "--mode",
  "--check-cache",
]);

/** Corepack brings the version package.json names; without it and other signs it is the Yarn 1 of the node image. */
export function yarnOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  options: readonly string[],
): "first" | "later" | "either" {
  const says = (words: RegExp): boolean =>
    words.test(dockerfile.text.slice(instruction.span.start, instruction.span.end)) ||
    saidBefore(dockerfile, instruction, words);
  if (options.some((option) => OPTIONS.has(option)) || says(LATER)) return "later";
  return says(EITHER) ? "either" : "first";
}
