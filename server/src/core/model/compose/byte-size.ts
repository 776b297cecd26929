/**
 * Sizes such as `512m`, as RAMInBytes of docker/go-units reads them: every unit is binary, kb as well as kib.
 * This is for texts. Whole numbers written without quotes are bytes as they stand, -1 among them; compose drops a fraction
 * written without quotes and sets no limit (compose-go's types/bytes.go).
 */
import { parseNumber } from "./scalars.ts";

export const BYTE_SIZE_FORM = "a number with an optional unit b, k, m, g, t or p such as 512m or 2gb";

const POWERS = "kmgtp";
const UNIT = /^(?:b|([kmgtp])(?:i?b)?)?$/i;
const MAX_INT64 = 2 ** 63;

/** In bytes; undefined for what compose refuses, and for more than an int64 holds. */
export function parseByteSize(text: string): number | undefined {
  // Everything up to the last digit, dot or blank is the number; the blank itself is left out.
  const number = /^[^]*[\d. ]/.exec(text)?.[0] ?? "";
  const unit = UNIT.exec(text.slice(number.length));
  const value = parseNumber(number.endsWith(" ") ? number.slice(0, -1) : number);
  if (!unit || value === undefined || value < 0) return undefined;
  const bytes = Math.trunc(value * 1024 ** (unit[1] ? POWERS.indexOf(unit[1].toLowerCase()) + 1 : 0));
  return bytes < MAX_INT64 ? bytes : undefined;
}
