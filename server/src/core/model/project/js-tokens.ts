/** JavaScript and TypeScript as tokens, enough to find literals: comments dropped, strings read, brackets paired. Linear in time. */

export interface JsToken {
  /** A template with something inserted is two brackets, "`(" and "`)", around what is inserted. */
  readonly kind: "name" | "string" | "number" | "punctuation" | "regular expression";
  /** Of a string: what it says. */
  readonly text: string;
  /** It is the first on its line. */
  readonly first: boolean;
}

export interface JsTokens {
  readonly tokens: readonly JsToken[];
  /** For each opening bracket the index of the one that closes it, and the other way round; undefined where there is none. */
  readonly partners: readonly (number | undefined)[];
}

const NAME = /[\p{ID_Start}$_#@][\p{ID_Continue}$]*/uy;
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*)n?/y;
const BLANK = /[^\S\n]+/y;
const PUNCTUATION = /\.\.\.|=>|===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.|[^\s]/uy;
/** Before these a slash divides. */
const ENDS_VALUE = /^[)\]}]$/;
/** Behind these a slash begins a regular expression, although they look like values. */
const WORD_BEFORE_VALUE: ReadonlySet<string> = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "default",
  "else",
  "do",
  "void",
]);

/** Strings longer than this are no facts. */
const MAX_STRING = 10_000;

export function jsTokens(text: string): JsTokens {
  const tokens: JsToken[] = [];
  const partners: (number | undefined)[] = [];
  const open: number[] = [];
  /** For each template that is open, how many braces are open inside its insertion. */
  const templates: number[] = [];
  let first = true;
  let at = 0;
  /** Up to here no regular expression has ended on the line. */
  let noRegexUntil = -1;

  const push = (kind: JsToken["kind"], written: string): void => {
    const index = tokens.length;
    tokens.push({ kind, text: written, first });
    partners.push(undefined);
    first = false;
    if (kind !== "punctuation") return;
    if (OPENING.has(written)) open.push(index);
    const opening = CLOSING[written];
    if (opening === undefined) return;
    const last = open.at(-1);
    if (last === undefined || tokens[last]?.text !== opening) return;
    open.pop();
    partners[last] = index;
    partners[index] = last;
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  /** From behind the backtick or the brace that ends an insertion, to the end of the template or its next insertion. */
  const template = (isStart: boolean): void => {
    const start = at;
    for (; at < text.length; at++) {
      if (text[at] === "\\") at++;
      else if (text[at] === "`" || text.startsWith("${", at)) break;
    }
    const inserts = text.startsWith("${", at);
    const said = text.slice(start, at);
    at += inserts ? 2 : 1;
    if (isStart && !inserts) return push("string", said.length > MAX_STRING ? "" : unescaped(said));
    if (isStart) push("punctuation", "`(");
    if (inserts) templates.push(0);
    else push("punctuation", "`)");
  };

  while (at < text.length) {
    const char = text[at] ?? "";
    if (char === "\n") {
      first = true;
      at++;
    } else if (take(BLANK) !== undefined) continue;
    else if (text.startsWith("//", at)) at = endOr(text.indexOf("\n", at), text);
    else if (text.startsWith("/*", at)) {
      const end = text.indexOf("*/", at + 2);
      at = end === -1 ? text.length : end + 2;
    } else if (char === '"' || char === "'") {
      const end = stringEnd(text, at);
      const said = text.slice(at + 1, end);
      at = end + 1;
      push("string", said.length > MAX_STRING ? "" : unescaped(said));
    } else if (char === "`") {
      at++;
      template(true);
    } else if (char === "}" && templates.at(-1) === 0) {
      templates.pop();
      at++;
      template(false);
    } else if (char === "/" && at > noRegexUntil && mayBeRegex(tokens.at(-1))) {
      const end = regexEnd(text, at);
      if (end === undefined) {
        noRegexUntil = endOr(text.indexOf("\n", at), text);
        at++;
        push("punctuation", "/");
      } else {
        at = end;
        push("regular expression", "");
      }
    } else {
      const name = take(NAME);
      const number = name === undefined ? take(NUMBER) : undefined;
      if (name !== undefined) push("name", name);
      else if (number !== undefined) push("number", number);
      else {
        const mark = take(PUNCTUATION) ?? text[at++] ?? "";
        const inside = templates.length - 1;
        if (inside >= 0 && mark === "{") templates[inside] = (templates[inside] ?? 0) + 1;
        if (inside >= 0 && mark === "}") templates[inside] = (templates[inside] ?? 0) - 1;
        push("punctuation", mark);
      }
    }
  }
  return { tokens, partners };
}

const OPENING: ReadonlySet<string> = new Set(["(", "[", "{", "`("]);
const CLOSING: Readonly<Record<string, string | undefined>> = { ")": "(", "]": "[", "}": "{", "`)": "`(" };

const endOr = (found: number, text: string): number => (found === -1 ? text.length : found);

/** Of its closing quote, or of the line where there is none. */
function stringEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === quote || char === "\n") return at;
  }
  return text.length;
}

function mayBeRegex(before: JsToken | undefined): boolean {
  if (!before) return true;
  if (before.kind === "name") return WORD_BEFORE_VALUE.has(before.text);
  return before.kind === "punctuation" && !ENDS_VALUE.test(before.text);
}

/** Behind its flags; undefined where the line ends before it. */
function regexEnd(text: string, start: number): number | undefined {
  let inClass = false;
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === "\n") return undefined;
    if (char === "\\") at++;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) {
      let end = at + 1;
      while (/[a-z]/.test(text[end] ?? "")) end++;
      return end;
    }
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  0: "\0",
  "\n": "",
};

const unescaped = (said: string): string =>
  said.includes("\\")
    ? said.replace(
        /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|u\{([\da-fA-F]{1,6})\}|([^]))/g,
        (_, four, two, more, one: string) => {
          const code = Number.parseInt(String(four ?? two ?? more ?? ""), 16);
          if (!Number.isNaN(code)) return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
          return ESCAPES[one] ?? one;
        },
      )
    : said;
