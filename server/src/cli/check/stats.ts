/** `--stats`: what was done, where the time went, what was found. */
import type { Option } from "../args.ts";
import { plural } from "../plural.ts";
import type { CheckedFile } from "./check-file.ts";
import { addTimes } from "./times.ts";

export const STATS: Option = { name: "stats", help: "print on standard error where the time went and what was found" };

const SHOWN_RULES = 20;

/** `phases` are of the whole run; those of files are summed over all threads. */
export function renderStats(files: readonly CheckedFile[], phases: Readonly<Record<string, number>>): string {
  const { phases: inFiles, rules } = addTimes(files.flatMap(({ times }) => times ?? []));
  const counts = new Map<string, number>();
  for (const { findings } of files) for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const bytes = files.reduce((sum, { text }) => sum + text.length, 0);
  const all = Object.values(rules).reduce((sum, ms) => sum + ms, 0);
  const byTime = Object.entries(rules).toSorted(([, a], [, b]) => b - a);
  const byCount = [...counts].toSorted(([, a], [, b]) => b - a);
  return [
    `${plural(files.length, "file")}, ${bytes} characters`,
    "",
    ...table("phase", Object.entries(phases).map(inMs)),
    "",
    ...table("in files, all threads together", Object.entries(inFiles).map(inMs)),
    "",
    ...table(
      `rule (the slowest ${Math.min(SHOWN_RULES, byTime.length)} of ${byTime.length})`,
      byTime.slice(0, SHOWN_RULES).map(([id, ms]) => [id, `${ms.toFixed(1)} ms ${share(ms, all)}`]),
    ),
    "",
    ...table(
      "findings",
      byCount.map(([id, count]) => [id, String(count)]),
    ),
    "",
  ].join("\n");
}

const inMs = ([name, ms]: readonly [string, number]): readonly [string, string] => [name, `${ms.toFixed(1)} ms`];

const share = (part: number, all: number): string =>
  `${((100 * part) / Math.max(all, 0.001)).toFixed(1).padStart(5)} %`;

function table(title: string, rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const right = Math.max(0, ...rows.map(([, value]) => value.length));
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value.padStart(right)}`)];
}
