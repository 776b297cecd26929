/** Texts compose takes for a number or a truth value (compose-go's loader/interpolate.go), where a value is quoted or has a variable. */

const MAX_INT64 = 2 ** 63;

/** strconv.Atoi: a sign and decimal digits. */
export function parseInteger(text: string): number | undefined {
  if (!/^[-+]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) <= MAX_INT64 ? value + 0 : undefined;
}

const FLOAT = /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d[\d_]*)?$/;
const STRAY_UNDERSCORE = /(?:^|[^\d])_|_(?:[^\d]|$)/;

/** strconv.ParseFloat for what is finite and decimal: `0.5`, `.5`, `5.`, `1e3`, `1_000`. */
export function parseNumber(text: string): number | undefined {
  if (!FLOAT.test(text) || STRAY_UNDERSCORE.test(text)) return undefined;
  const value = Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? value + 0 : undefined;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["y", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["n", false],
  ["no", false],
  ["off", false],
]);

/** In any case of letters. Compose warns of all but true and false. */
export const parseBoolean = (text: string): boolean | undefined => BOOLEANS.get(text.toLowerCase());
