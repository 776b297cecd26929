/** Reads other programs' JSON: what is missing or of another type is absent, and nothing throws. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Objects of a list. */
export const objectsOf = (value: unknown): readonly Fields[] => listOf(value).map(fieldsOf);

/** A text that says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

export const textsOf = (value: unknown): readonly string[] => listOf(value).flatMap((item) => textOf(item) ?? []);

export const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/**
 * The object in a program's output, with or without lines of progress around it; undefined when there is none. The report is the last
 * thing printed, and it begins at the start of a line.
 */
export function objectIn(output: string): Fields | undefined {
  const text = output.replace(/^\uFEFF/, "");
  const whole = parsed(text);
  if (whole) return whole;
  const end = text.lastIndexOf("}") + 1;
  for (const { index } of text.matchAll(/^\{/gm)) {
    const found = parsed(text.slice(index, end));
    if (found) return found;
    if (index > MAX_PROGRESS) break;
  }
  return undefined;
}

/** Nobody prints more progress than this. */
const MAX_PROGRESS = 1024 * 1024;

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** One line of text that other people wrote, for labels: no control and direction characters, not too long. */
export function oneLine(text: string, max = 300): string {
  const clean = text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return clean.length <= max ? clean : `${clean.slice(0, max - 1)}…`;
}

/** An address a click may open. */
export const linkOf = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text !== undefined && URL.canParse(text) && new URL(text).protocol === "https:" ? text : undefined;
};

/** Paths of images are absolute with one scanner and relative with the other. */
export const pathOf = (value: unknown): string | undefined => textOf(value)?.replace(/^\/+/, "");

/** The type in a package URL: `deb` of `pkg:deb/debian/zlib@1`. */
export const purlType = (purl: unknown): string => /^pkg:([a-z0-9.+-]+)\//i.exec(textOf(purl) ?? "")?.[1] ?? "";
