/** Text in XML 1.0: escaped, and without the characters XML cannot hold at all. */

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** Anything but what the production Char allows; a surrogate that stands alone is none either. */
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escapeXml = (text: string): string =>
  text.replace(NO_CHARACTER, "\ufffd").replace(/[&<>"'\n\r\t]/g, (character) => ESCAPES[character] ?? character);

/** ` name="value"` for each. */
const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");

/** An element with children on lines of their own, indented; a text is kept as it is. */
export function element(
  name: string,
  values: Readonly<Record<string, string | number>>,
  content: readonly string[] | string = [],
): string {
  const open = `<${name}${attributes(values)}`;
  if (content.length === 0) return `${open}/>`;
  if (typeof content === "string") return `${open}>${escapeXml(content)}</${name}>`;
  const inside = content.flatMap((child) => child.split("\n").map((line) => `  ${line}`)).join("\n");
  return `${open}>\n${inside}\n</${name}>`;
}

export const xmlFile = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
