/** Cleaning that is no cleaning: it makes way for what comes behind, or takes away what the base image has. */
import { overlaps, type Place } from "../../model/dockerfile/flow/place.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import { buildBase } from "./base.ts";
import type { Case, Split } from "./recipe.ts";
import type { RunPart } from "./run-parts.ts";
import { answersAt, type SidedPart } from "./sided.ts";

/** `rm /etc/localtime && ln -s …`, `rmdir /var/www/html`: it takes away what the base has, in both stages. */
export function makesWay(
  it: Case,
  split: Split,
  instruction: Instruction,
  { part, cleanup }: SidedPart,
  later: readonly SidedPart[],
): boolean {
  if (!cleanup) return false;
  const writesIn = ({ commands }: RunPart): readonly Place[] =>
    answersAt(it, instruction).flatMap(({ effect: { command, writes, does } }) =>
      command && commands.includes(command) && writes !== "anything" && does !== "nothing" ? writes : [],
    );
  const gone = writesIn(part).filter(
    (place) => place.kind === "files" && !/^\/?\*|^\/[^/]*\*/.test(place.pattern) && !LEFT_OVERS.test(place.pattern),
  );
  if (gone.length === 0) return false;
  if (later.some((each) => each.run && !each.cleanup && overlaps(gone, writesIn(each.part)))) return true;
  const base = buildBase(it)?.repository ?? "";
  const same = split.runtime.hasShell && split.runtime.image.replace(/[:@].*$/, "") === base;
  const isMade = it.needs.answers.some(
    ({ effect: { instruction: by, writes, does } }) =>
      by.index <= instruction.index && does !== "cleanup" && writes !== "anything" && overlaps(gone, writes),
  );
  return same && !isMade;
}

/** What package managers and downloads leave. */
const LEFT_OVERS =
  /^\/(?:var\/(?:lib\/(?:apt|dpkg)|cache|tmp|log)|tmp|root|home\/[^/]+\/\.|usr\/(?:share\/(?:doc|man|info|locale)|src))(?:\/|$)/;
