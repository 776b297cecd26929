/**
 * Durations as Go's time.ParseDuration reads them: `1m30s`, `1.5h`, `-2ms`, and `0` without a unit. It knows µs as well; BuildKit
 * reads flags byte by byte, and what arrives there is no µ any more.
 */

/** In nanoseconds. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 6e10],
  ["h", 36e11],
]);

/** What an int64 of nanoseconds holds: 2,562,047 hours. */
const MOST = 2 ** 63;

export const MILLISECOND = 1e6;

/** In nanoseconds; otherwise what is wrong with it, to be put behind the text. */
export function parseDuration(text: string): number | string {
  const [, sign, digits = ""] = /^([-+]?)([\s\S]*)$/.exec(text) ?? [];
  if (digits === "0") return 0;
  let sum = 0;
  for (let rest = digits; rest !== "" || digits === ""; ) {
    const [whole, number = "", unit = ""] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (whole === undefined) return "is no duration such as 30s or 1m30s";
    if (unit === "") return "has a number without a unit: write 30s or 1m30s";
    const factor = UNITS.get(unit);
    if (factor === undefined) return `has the unknown unit ${unit}: write ns, us, ms, s, m or h`;
    sum += Math.trunc(Number(number) * factor);
    rest = rest.slice(whole.length);
  }
  if (sum >= MOST) return "is longer than a duration can be";
  return sign === "-" ? -sum : sum;
}
