/** One sentence on a build that went well. */
import { type BuildReport, isBuildStep } from "./events.ts";

interface Built {
  readonly name: string;
  readonly report: BuildReport;
  readonly ms: number;
  readonly bytes?: number | undefined;
}

/** `shop:main: 12.3 MB in 4.2 s, 3 of 7 steps from the cache` */
export function summaryOf({ name, report, ms, bytes }: Built): string {
  const steps = report.steps.filter((step) => isBuildStep(step) && step.state !== "waiting");
  const cached = steps.filter(({ state }) => state === "cached").length;
  const size = bytes === undefined ? "built" : sizeOf(bytes);
  const cache =
    steps.length === 0 ? "" : `, ${cached} of ${steps.length} ${steps.length === 1 ? "step" : "steps"} from the cache`;
  return `${name}: ${size} in ${timeOf(ms)}${cache}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** As docker writes sizes: in powers of a thousand. */
export function sizeOf(bytes: number): string {
  let power = 0;
  // What would be rounded up to 1000 is 1.0 of the next.
  while (power < UNITS.length - 1 && Math.round(bytes / 1000 ** power) >= 1000) power++;
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 99.95 ? 1 : 0)} ${UNITS[power]}`;
}

export function timeOf(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
