/** What is kept of a stage stands in the order it stood in. */
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { isSystemManager } from "../../model/dockerfile/managers.ts";
import type { Condition } from "./declared.ts";
import { isInstalled, meant, type Meant, means, type Unit, unitsOf } from "./units.ts";

/** Every stage asks for its own lists and cleans up behind its own installs, in the same words as any other. */
const LISTS: ReadonlySet<string> = new Set(["update", "makecache", "refresh", "clean", "autoclean"]);
const OF_MANAGERS = /^\/var\/(?:lib\/(?:apt|dnf|yum)|cache|log)\b/;
const SAYS_NOTHING: ReadonlySet<string> = new Set(["set", "echo", "true", ":"]);

export const order: Condition = (before, after, { moved = [] }) => {
  const free = meant(moved, before.escape);
  const above = swapped(unitsIn(before, ABOVE, free), unitsIn(after, ABOVE, free));
  const within = after.stages.flatMap((stage) => {
    const units = unitsIn(after, stage.index, free);
    const origin = originOf(before, stage, units, free);
    return origin ? swapped(unitsIn(before, origin.index, free), units) : [];
  });
  return [...above, ...within];
};

/** The index of what stands above the first FROM. */
const ABOVE = -1;

const unitsIn = (dockerfile: Dockerfile, stage: number, free: Meant): readonly Unit[] =>
  unitsOf(dockerfile).filter(
    (unit) =>
      unit.instruction.stage === stage &&
      (unit.kind !== "part" || isInstalled(unit)) &&
      !means(free, unit) &&
      !isAnywhere(unit),
  );

function isAnywhere({ command }: Unit): boolean {
  if (!command || command.redirections.length > 0) return false;
  const { name = "", args } = command;
  const words = args.map(({ value }) => value);
  if (name === "rm") return words.every((word) => word.startsWith("-") || OF_MANAGERS.test(word));
  return (
    SAYS_NOTHING.has(name) || ((isSystemManager(name) || words[0] === "cache") && words.some((word) => LISTS.has(word)))
  );
}

/** The stage it comes from: that of its name, else the one it has the most of. */
function originOf(before: Dockerfile, stage: Stage, units: readonly Unit[], free: Meant): Stage | undefined {
  if (before.stages.length < 2) return before.stages[0];
  const name = stage.name?.text.toLowerCase();
  const named = before.stages.find((each) => name !== undefined && each.name?.text.toLowerCase() === name);
  if (named) return named;
  const keys = new Set(units.map(({ key }) => key));
  const shared = before.stages.map(
    (each) => unitsIn(before, each.index, free).filter(({ key }) => keys.has(key)).length,
  );
  const most = Math.max(...shared);
  return most === 0 ? undefined : before.stages[shared[stage.index] === most ? stage.index : shared.indexOf(most)];
}

/** The first of the kept units that stands above one it stood below. What one command or instruction lists has no order. */
function swapped(original: readonly Unit[], now: readonly Unit[]): readonly string[] {
  const places = new Map<string, number[]>();
  const lines = [...new Set(original.map(lineOf))];
  for (const unit of original) places.set(unit.key, [...(places.get(unit.key) ?? []), lines.indexOf(lineOf(unit))]);
  let last = -1;
  for (const unit of now) {
    const own = places.get(unit.key);
    if (!own) continue;
    const place = own.find((at) => at >= last);
    if (place !== undefined) last = place;
    else {
      const above = original.find((each) => lineOf(each) === lines[last]);
      return [`${unit.says} would stand below ${above?.says ?? "what it stood above"}, which it stood above`];
    }
  }
  return [];
}

const lineOf = ({ command, instruction }: Unit): object => command ?? instruction;
