/**
 * A tolerant reader of the XML that project files are written in: elements, attributes and texts, without namespaces, entities of
 * its own or validation. What is never closed ends with what is around it. Linear in time, bounded in depth and number.
 */

export interface XmlElement {
  /** Without its namespace's prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text without that of its children, blanks around it removed. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly texts: string[];
}

const MAX_DEPTH = 200;
const MAX_ELEMENTS = 100_000;

/** The outermost element; undefined where there is none. */
export function readXml(text: string): XmlElement | undefined {
  const root: Open = { name: "", attributes: new Map(), children: [], texts: [] };
  const open: Open[] = [root];
  let elements = 0;
  let at = 0;
  const close = (): void => {
    const done = open.length > 1 ? open.pop() : undefined;
    if (done) open.at(-1)?.children.push({ ...done, text: done.texts.join("").trim() });
  };
  while (at < text.length) {
    const start = text.indexOf("<", at);
    const textEnd = start === -1 ? text.length : start;
    if (textEnd > at) open.at(-1)?.texts.push(withoutEntities(text.slice(at, textEnd)));
    if (start === -1) break;
    const aside = ASIDES.find(([opening]) => text.startsWith(opening, start));
    if (aside) {
      const [opening, closing, isText] = aside;
      const end = text.indexOf(closing, start + opening.length);
      if (isText) open.at(-1)?.texts.push(text.slice(start + opening.length, end === -1 ? text.length : end));
      at = end === -1 ? text.length : end + closing.length;
      continue;
    }
    if (text.startsWith("<!", start)) {
      at = behindDeclaration(text, start);
      continue;
    }
    const tag = readTag(text, start);
    at = tag.end;
    if (tag.name === "") continue;
    if (tag.closes) {
      const opened = open.findLastIndex(({ name }, index) => index > 0 && name === tag.name);
      if (opened > 0) while (open.length > opened) close();
      continue;
    }
    elements++;
    if (elements > MAX_ELEMENTS) break;
    const element: Open = { name: tag.name, attributes: tag.attributes, children: [], texts: [] };
    if (open.length <= MAX_DEPTH) {
      open.push(element);
      if (tag.isEmpty) close();
    }
  }
  while (open.length > 1) close();
  return root.children[0];
}

/** What is no element: where it begins, where it ends, whether it is text. */
const ASIDES: readonly (readonly [string, string, boolean])[] = [
  ["<!--", "-->", false],
  ["<![CDATA[", "]]>", true],
  ["<?", "?>", false],
];

/** `<!DOCTYPE …>` with its own declarations in square brackets. */
function behindDeclaration(text: string, start: number): number {
  let depth = 0;
  for (let at = start + 2; at < text.length; at++) {
    const char = text[at];
    if (char === "[") depth++;
    else if (char === "]") depth--;
    else if (char === ">" && depth <= 0) return at + 1;
  }
  return text.length;
}

interface Tag {
  /** Empty where this is no tag. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly closes: boolean;
  readonly isEmpty: boolean;
  readonly end: number;
}

const NAME = /[^\s<>/="']+/y;
const BLANK = /\s*/y;

function readTag(text: string, start: number): Tag {
  const attributes = new Map<string, string>();
  const closes = text[start + 1] === "/";
  let at = start + (closes ? 2 : 1);
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  };
  const name = localName(take(NAME));
  const tag = (end: number, isEmpty = false): Tag => ({ name, attributes, closes, isEmpty, end });
  while (at < text.length) {
    take(BLANK);
    const char = text[at];
    if (char === ">") return tag(at + 1);
    // Another tag begins before this one has ended.
    if (char === "<") return tag(at);
    if (char === "/" && text[at + 1] === ">") return tag(at + 2, true);
    const attribute = take(NAME);
    if (attribute === "") {
      at++;
      continue;
    }
    take(BLANK);
    if (text[at] !== "=") continue;
    at++;
    take(BLANK);
    const quote = text[at];
    if (quote !== '"' && quote !== "'") continue;
    const end = text.indexOf(quote, at + 1);
    attributes.set(localName(attribute), withoutEntities(text.slice(at + 1, end === -1 ? text.length : end)));
    at = end === -1 ? text.length : end + 1;
  }
  return tag(text.length);
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const withoutEntities = (text: string): string =>
  text.includes("&")
    ? text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{1,8}));/gi, (written, decimal, hex, name: string) => {
        const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
        if (code !== undefined) return code <= 0x10_ff_ff ? String.fromCodePoint(code) : written;
        return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? written) : written;
      })
    : text;

export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The first at the end of the path. */
export function childAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

/** The text at the end of the path; undefined where nothing is written. */
export const xmlTextAt = (element: XmlElement | undefined, ...path: readonly string[]): string | undefined =>
  childAt(element, ...path)?.text || undefined;
