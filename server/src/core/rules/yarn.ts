/** Yarn 2 and later differ from Yarn 1 in cache and options: how a Dockerfile shows which one it has. */
import { saidBefore } from "../model/dockerfile/before.ts";
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";

const LATER = /\byarn set version\b|\.yarnrc\.yml|\byarn-berry\b|\bcorepack\b|\byarn@(?:[2-9]|berry|stable)/;
const OPTIONS: ReadonlySet<string> = new Set([
  "--immutable",
  "--immutable-cache",
  "--inline-builds",
  "--mode",
  "--check-cache",
]);

/** Something names Yarn 2 or later, or what can only be meant for it. */
export const isLaterYarn = (
  dockerfile: Dockerfile,
  instruction: Instruction,
  options: readonly { readonly name: string }[],
): boolean =>
  options.some(({ name }) => OPTIONS.has(name)) ||
  LATER.test(dockerfile.text.slice(instruction.span.start, instruction.span.end)) ||
  saidBefore(dockerfile, instruction, LATER);
