/** How long ago, in words. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From so much on, in units of so much, called so. */
const UNITS: readonly (readonly [from: number, unit: number, one: string, many: string])[] = [
  [730 * DAY, 365.25 * DAY, "a year", "years"],
  [60 * DAY, 30.44 * DAY, "a month", "months"],
  [48 * HOUR, DAY, "a day", "days"],
  [60 * MINUTE, HOUR, "an hour", "hours"],
  [0, MINUTE, "a minute", "minutes"],
];

/** `3 hours` for so many milliseconds; a minute at least. */
export function ageText(ms: number): string {
  const rounded = Math.round(ms / MINUTE) * MINUTE;
  const [, unit = MINUTE, one = "", many = ""] = UNITS.find(([from]) => rounded >= from) ?? UNITS.at(-1) ?? [];
  const count = Math.max(1, Math.round(rounded / unit));
  return count === 1 ? one : `${count} ${many}`;
}
