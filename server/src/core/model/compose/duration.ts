/** Durations such as `1m30s`, as compose reads them (compose-go's types/duration.go with xhit/go-str2duration): Go's, with days and weeks. */

export const DURATION_FORM =
  "a number with a unit ns, us, ms, s, m, h, d or w, or several of them, such as 30s or 1m30s";

/** In nanoseconds. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 6e10],
  ["h", 36e11],
  ["d", 864e11],
  ["w", 6048e11],
]);

const PART = /(\d+(?:\.\d*)?|\.\d+)([^\d.]+)/y;

/** What an int64 of nanoseconds holds. */
const MAX = 2 ** 63;

/** In nanoseconds. A number needs a unit, except for a single 0. */
export function parseDuration(text: string): number | undefined {
  const signed = /^[-+]/.test(text);
  const digits = signed ? text.slice(1) : text;
  if (digits === "0") return 0;
  if (digits === "") return undefined;
  let sum = 0;
  for (PART.lastIndex = 0; PART.lastIndex < digits.length; ) {
    const [, number, unit = ""] = PART.exec(digits) ?? [];
    const factor = UNITS.get(unit);
    if (factor === undefined) return undefined;
    sum += Math.trunc(Number(number) * factor);
    if (sum >= MAX) return undefined;
  }
  return text.startsWith("-") ? 0 - sum : sum;
}
