/** JSON and JSON with comments → data; undefined where it cannot be read. */

/** As the tool reads it that allows neither comments nor trailing commas. A byte order mark is no fault. */
export const readJson = (text: string): unknown => parsed(text.startsWith("\uFEFF") ? text.slice(1) : text);

/** Comments and trailing commas are allowed: tsconfig.json, angular.json, bun.lock. */
export const readJsonc = (text: string): unknown => readJson(withoutComments(text));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A string as far as it goes, a comment, or the comma behind which only blanks and comments stand before the bracket. */
const PART = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|[,\]}]|[^"/,\]}]+|\//g;

function withoutComments(text: string): string {
  const parts: string[] = [];
  /** Where the last comma stands that nothing but blanks have followed. */
  let comma = -1;
  for (const [part] of text.matchAll(PART)) {
    if (part.startsWith("//") || part.startsWith("/*")) continue;
    if ((part === "]" || part === "}") && comma !== -1) parts[comma] = "";
    if (part === ",") comma = parts.length;
    else if (part.trim() !== "" && part !== "\uFEFF") comma = -1;
    parts.push(part);
  }
  return parts.join("");
}
