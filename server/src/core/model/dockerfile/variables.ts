/** `$NAME`, `${NAME}` and its modifiers, as BuildKit's frontend/dockerfile/shell/lex.go reads them. */

export interface Reference {
  readonly name: string;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`; absent for a plain reference. */
  readonly modifier?: string;
  /** What stands behind the modifier, unexpanded. */
  readonly operand?: string;
  /** Offsets into the text given. */
  readonly start: number;
  readonly end: number;
}

/** What a name stands for: its value, or `hidden` when only the build knows. Undefined: it is not set. */
export type Value = string | { readonly hidden: true } | undefined;

export const hidden: Value = { hidden: true };

export interface Expansion {
  /** With everything known put in; what is hidden stays as written. */
  readonly text: string;
  /** False when a hidden value decides a part of it. */
  readonly known: boolean;
}

const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?\-$!])/;
const MODIFIER = /^(?::[-+?]|##?|%%?|\/\/?|[-+?])/;

/** True when a variable may change the text. A quick test before anything dearer. */
export const hasVariable = (text: string): boolean => text.includes("$");

/** The references outside single quotes, outermost first; an escaped `$` is none. */
export function referencesIn(text: string, escape = "\\"): Reference[] {
  const found: Reference[] = [];
  if (!hasVariable(text)) return found;
  let single = false;
  let double = false;
  SPECIAL.lastIndex = 0;
  while (SPECIAL.test(text)) {
    const at = SPECIAL.lastIndex - 1;
    const character = text.charAt(at);
    if (character === escape && !single) SPECIAL.lastIndex = at + 2;
    else if (character === "'" && !double) single = !single;
    else if (character === '"' && !single) double = !double;
    else if (character === "$" && !single) {
      const reference = referenceAt(text, at);
      if (!reference) continue;
      found.push(reference);
      SPECIAL.lastIndex = reference.end;
    }
  }
  return found;
}

/** What may be a quote, an escape character or a reference; all else is passed over. */
const SPECIAL = /["'$\\`]/g;

function referenceAt(text: string, start: number): Reference | undefined {
  if (text.charAt(start + 1) !== "{") {
    const name = NAME.exec(text.slice(start + 1, start + 257))?.[0];
    return name === undefined ? undefined : { name, start, end: start + 1 + name.length };
  }
  const end = closingBrace(text, start + 2);
  if (end === undefined) return undefined;
  const inside = text.slice(start + 2, end);
  const name = NAME.exec(inside)?.[0];
  if (name === undefined) return undefined;
  const rest = inside.slice(name.length);
  if (rest === "") return { name, start, end: end + 1 };
  const modifier = MODIFIER.exec(rest)?.[0] ?? rest.charAt(0);
  return { name, modifier, operand: rest.slice(modifier.length), start, end: end + 1 };
}

function closingBrace(text: string, start: number): number | undefined {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") at++;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at;
  }
  return undefined;
}

const MAX_DEPTH = 16;

/** Puts values in. Quotes are kept: what is returned is still a Dockerfile word. */
export function expand(text: string, lookup: (name: string) => Value, escape = "\\", depth = 0): Expansion {
  if (!hasVariable(text)) return { text, known: true };
  const references = referencesIn(text, escape);
  if (references.length === 0) return { text, known: true };
  if (depth > MAX_DEPTH) return { text, known: false };
  let out = "";
  let at = 0;
  let known = true;
  for (const reference of references) {
    out += text.slice(at, reference.start);
    const value = valueOf(reference, lookup, escape, depth);
    if (typeof value === "string") out += value;
    else {
      known = false;
      out += text.slice(reference.start, reference.end);
    }
    at = reference.end;
  }
  return { text: out + text.slice(at), known };
}

/** The value of one reference; undefined when it is hidden. */
function valueOf(
  { name, modifier, operand = "" }: Reference,
  lookup: (name: string) => Value,
  escape: string,
  depth: number,
): string | undefined {
  const value = lookup(name);
  if (typeof value === "object") return undefined;
  const inner = (): string | undefined => {
    const expanded = expand(operand, lookup, escape, depth + 1);
    return expanded.known ? expanded.text : undefined;
  };
  const present = modifier?.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
  switch (modifier) {
    case undefined:
      return value ?? "";
    case ":-":
    case "-":
      return present ? value : inner();
    case ":+":
    case "+":
      return present ? inner() : "";
    case ":?":
    case "?":
      return present ? value : undefined;
    case "#":
    case "##":
    case "%":
    case "%%":
      return strip(value ?? "", modifier, inner());
    case "/":
    case "//":
      return substitute(value ?? "", modifier, inner());
    default:
      return undefined;
  }
}

function strip(value: string, modifier: string, pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  const longest = modifier.length === 2;
  const matches = (part: string): boolean => globExpression(pattern).test(part);
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => (longest ? value.length - length : length));
  const fromStart = modifier.startsWith("#");
  for (const length of lengths) {
    if (fromStart && matches(value.slice(0, length))) return value.slice(length);
    if (!fromStart && matches(value.slice(value.length - length))) return value.slice(0, value.length - length);
  }
  return value;
}

function substitute(value: string, modifier: string, operand: string | undefined): string | undefined {
  if (operand === undefined) return undefined;
  const slash = operand.indexOf("/");
  const pattern = slash === -1 ? operand : operand.slice(0, slash);
  const replacement = slash === -1 ? "" : operand.slice(slash + 1);
  if (pattern === "") return value;
  const expression = new RegExp(globSource(pattern), modifier === "//" ? "gs" : "s");
  return value.replace(expression, () => replacement);
}

const globExpression = (pattern: string): RegExp => new RegExp(`^(?:${globSource(pattern)})$`, "s");

/** `*` and `?` of a shell pattern; everything else stands for itself. */
const globSource = (pattern: string): string =>
  pattern
    .replace(/\\(.)/g, "$1")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
