/** What the rules about packages without a version share: packages as they are written, and how a message names them. */
import type { Dockerfile } from "../model/dockerfile/model.ts";
import type { PackageCall } from "../model/dockerfile/packages.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import type { ShellWord } from "../model/dockerfile/shell.ts";
import type { Context } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { listed } from "./unpinned.ts";

export interface Wanted {
  readonly text: string;
  readonly span: Span;
}

/** The packages of a call with known variables put in; what a variable hides is left out. */
export const packagesOf = (dockerfile: Dockerfile, call: PackageCall): readonly Wanted[] =>
  call.operands.flatMap((word) => wantedBy(dockerfile, call, word));

function wantedBy(dockerfile: Dockerfile, { instruction }: PackageCall, { value, span, literal }: ShellWord): Wanted[] {
  if (literal) return [{ text: value, span }];
  // What a command prints nobody knows, and its own words are no packages.
  if (/^(?:\$\(|`)/.test(value)) return [];
  const { text, known } = expandIn(dockerfile, instruction, value);
  // A hidden part behind a plain one leaves the plain one readable: `name==$VERSION`, `name@${VERSION}`.
  if (!known) return /^[$`]/.test(value) ? [] : [{ text: value, span }];
  return text
    .split(/\s+/)
    .filter((part) => part !== "" && !part.startsWith("-") && !/[$`]/.test(part))
    .map((part) => ({ text: part, span }));
}

/** One finding for a call, on the first package without a version. */
export function reportUnpinned(
  { report }: Pick<Context, "report">,
  unpinned: readonly Wanted[],
  sentence: (names: string) => string,
): void {
  const [first] = unpinned;
  if (first) report(first.span, { message: sentence(listed(unpinned.map(({ text }) => text))) });
}
