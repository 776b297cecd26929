/** JSON that may be none: other programs' output, and what is wrapped in it. */

/** Undefined when the text is no JSON; a byte order mark before it is dropped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
