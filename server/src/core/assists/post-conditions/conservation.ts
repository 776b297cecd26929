/** Nothing that the original says is lost: it is in the result, or in what the edit declares. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Condition } from "./declared.ts";
import { isInstalled, keyWithout, meant, means, neededStages, type Unit, unitsOf } from "./units.ts";

/** What is compared as the image's configuration: whether it may be another one is said by `changes`. */
const CONFIGURATION: ReadonlySet<string> = new Set("CMD ENTRYPOINT HEALTHCHECK USER SHELL STOPSIGNAL".split(" "));

export const conservation: Condition = (before, after, { dropped, changes, rewritten = [] }) => {
  const gone = meant(dropped, before.escape);
  const options = dropped.filter((text) => text.startsWith("-")).flatMap((text) => text.split(/\s+/));
  const isKept = keeper(before, after, new Set(options));
  const mayChange = ({ instruction: { name } }: Unit): boolean =>
    CONFIGURATION.has(name) && changes.some((setting) => setting === name);
  const other = rewritten.map(({ from, to }) => ({
    to,
    from: meant([from], before.escape),
    now: meant([to], before.escape),
  }));
  const reasons = unitsOf(before)
    .filter((unit) => !isKept(unit) && !mayChange(unit) && !means(gone, unit))
    .flatMap((unit) => {
      const said = other.find(({ from }) => means(from, unit));
      if (!said) return [`${nameOf(unit)} would be lost`];
      const isSaid = unitsOf(after).some((each) => means(said.now, each));
      return isSaid ? [] : [`${said.to}, which was to stand for ${unit.says}, would be missing`];
    });
  return [...new Set(reasons)];
};

/**
 * To be asked for each unit of the original, in order: what is said twice has to be there twice, and what the image needed has to be in
 * what it needs now. Packages and options are lists, which are merged.
 */
function keeper(before: Dockerfile, after: Dockerfile, options: ReadonlySet<string>): (unit: Unit) => boolean {
  const needed = neededStages(before);
  const neededNow = neededStages(after);
  const all = new Map<string, number>();
  const alive = new Map<string, number>();
  for (const unit of unitsOf(after)) {
    const { instruction } = unit;
    const key = keyWithout(unit, options);
    all.set(key, (all.get(key) ?? 0) + 1);
    if (instruction.stage === -1 || neededNow.has(instruction.stage)) alive.set(key, (alive.get(key) ?? 0) + 1);
  }
  const asked = new Map<string, number>();
  return (unit) => {
    const { kind, instruction } = unit;
    const key = keyWithout(unit, options);
    const wasNeeded = needed.has(instruction.stage);
    const counted = `${wasNeeded} ${key}`;
    const times = (asked.get(counted) ?? 0) + 1;
    asked.set(counted, times);
    return ((wasNeeded ? alive : all).get(key) ?? 0) >= (kind === "part" ? 1 : times);
  };
}

function nameOf(unit: Unit): string {
  const { kind, says } = unit;
  if (kind === "command") return `the command ${says}`;
  if (kind === "instruction") return says;
  if (isInstalled(unit)) return `the package ${says}`;
  return says;
}
