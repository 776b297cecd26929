/** Whether a text can be read as what a place wants: durations, sizes, numbers. */
import { BYTE_SIZE_FORM, parseByteSize } from "./byte-size.ts";
import { DURATION_FORM, parseDuration } from "./duration.ts";
import { parseBoolean, parseInteger, parseNumber } from "./scalars.ts";
import type { Grammar } from "./schema-shapes.ts";
import { quoted } from "./schema-words.ts";

interface Reading {
  readonly fits: (text: string) => boolean;
  /** What it has to be, behind "has to be". */
  readonly form: string;
  /** What was probably meant. */
  readonly instead?: (text: string) => string | undefined;
}

const READINGS: Readonly<Record<Grammar, Reading>> = {
  duration: {
    fits: (text) => parseDuration(text) !== undefined,
    form: DURATION_FORM,
    instead: (text) => (/^\d+$/.test(text) ? `${text}s` : parsable(text.replaceAll(/\s/g, ""))),
  },
  bytes: { fits: (text) => parseByteSize(text) !== undefined, form: BYTE_SIZE_FORM },
  int: { fits: (text) => parseInteger(text) !== undefined, form: "a whole number" },
  float: { fits: (text) => parseNumber(text) !== undefined, form: "a number", instead: (text) => withPoint(text) },
  bool: { fits: (text) => parseBoolean(text) !== undefined, form: "true or false" },
  octal: { fits: (text) => /^[0-7]+$/.test(text), form: "a file mode in octal digits such as 0440" },
  count: { fits: (text) => text === "all" || parseInteger(text) !== undefined, form: "a whole number or all" },
};

const parsable = (text: string): string | undefined => (parseDuration(text) === undefined ? undefined : text);

const withPoint = (text: string): string | undefined => (/^\d+,\d+$/.test(text) ? text.replace(",", ".") : undefined);

export function grammarProblem(
  grammar: Grammar,
  name: string,
  text: string,
): { readonly message: string; readonly instead: string | undefined } | undefined {
  const { fits, form, instead } = READINGS[grammar];
  if (fits(text)) return undefined;
  return { message: `${name} cannot be ${quoted(text)}: it has to be ${form}`, instead: instead?.(text) };
}
