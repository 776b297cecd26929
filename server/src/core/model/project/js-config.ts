/**
 * The configuration a JavaScript or TypeScript module exports, as far as it is written down literally. Nothing is run: what is
 * computed, comes from elsewhere or depends on anything is unknown.
 */
import { type JsToken, type JsTokens, jsTokens } from "./js-tokens.ts";

/** Undefined is what nobody can know without running it. */
export type JsValue = string | number | boolean | null | undefined | readonly JsValue[] | JsObject | JsCall;

export interface JsObject {
  readonly kind: "object";
  readonly members: ReadonlyMap<string, JsValue>;
  /** False: something may be in it that is not among the members: `...defaults`, a function that adds to it. */
  readonly complete: boolean;
}

/** `adapter({ out: "build" })`: what is called, and with what. */
export interface JsCall {
  readonly kind: "call";
  readonly callee: string;
  readonly args: readonly JsValue[];
}

export interface JsConfig {
  /** The exported object; undefined where none can be found. */
  readonly config: JsObject | undefined;
  /** Local name → module it is imported or required from. */
  readonly imports: ReadonlyMap<string, string>;
}

/** Functions that give back what they are given: helpers for editors. */
const SAME: ReadonlySet<string> = new Set([
  "defineConfig",
  "defineNuxtConfig",
  "defineNitroConfig",
  "definePreset",
  "defineAppConfig",
  "Object.freeze",
]);

const MAX_DEPTH = 60;

export function readJsConfig(text: string): JsConfig {
  const source = jsTokens(text);
  const reader = createReader(source);
  const start = exportStart(source.tokens);
  return { config: start === undefined ? undefined : reader.objectAt(start, 0), imports: importsOf(source.tokens) };
}

/** Where the exported expression begins. */
function exportStart(tokens: readonly JsToken[]): number | undefined {
  const is = (at: number, ...words: readonly string[]): boolean =>
    words.every((word, index) => tokens[at + index]?.text === word && tokens[at + index]?.kind !== "string");
  for (let at = 0; at < tokens.length; at++) {
    if (is(at, "export", "default")) return at + 2;
    if (is(at, "module", ".", "exports", "=")) return at + 4;
    if (is(at, "exports", ".", "default", "=")) return at + 4;
    if (is(at, "export", "=")) return at + 2;
  }
  return undefined;
}

function importsOf(tokens: readonly JsToken[]): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  for (let at = 0; at < tokens.length; at++) {
    const text = tokens[at]?.text;
    const local = tokens[at + 1];
    if (text === "import" && local?.kind === "name" && tokens[at + 2]?.text === "from") {
      const module = tokens[at + 3];
      if (module?.kind === "string") imports.set(local.text, module.text);
    }
    if (text === "=" && local?.text === "require" && tokens[at + 2]?.text === "(") {
      const module = tokens[at + 3];
      const name = tokens[at - 1];
      if (module?.kind === "string" && name?.kind === "name") imports.set(name.text, module.text);
    }
  }
  return imports;
}

interface Reader {
  objectAt(start: number, depth: number): JsObject | undefined;
}

function createReader({ tokens, partners }: JsTokens): Reader {
  const declared = declarations(tokens);
  const resolved = new Map<string, JsValue>();
  const objects = new Map<number, JsObject | undefined>();
  const textAt = (at: number): string => (tokens[at]?.kind === "string" ? "" : (tokens[at]?.text ?? ""));

  /** Of the expression at `start`: the comma, bracket or semicolon behind it. */
  function endOf(start: number): number {
    let at = start;
    for (; at < tokens.length; at++) {
      if (/^[,;)\]}]$/.test(textAt(at))) return at;
      if (OPENS.has(textAt(at))) at = partners[at] ?? tokens.length;
    }
    return at;
  }

  /** The value is over at `at`: nothing behind it computes with it. */
  const isOver = (at: number): boolean => {
    const token = tokens[at];
    if (!token || (token.kind === "punctuation" && /^[,;)\]}]$/.test(token.text))) return true;
    if (token.kind === "name") return token.first || token.text === "as" || token.text === "satisfies";
    return token.first && token.kind === "punctuation" && /^[@#]/.test(token.text);
  };

  function valueAt(start: number, depth: number): JsValue {
    const token = tokens[start];
    if (!token || depth > MAX_DEPTH) return undefined;
    if (token.kind === "string") return isOver(start + 1) ? token.text : undefined;
    if (token.kind === "number") return isOver(start + 1) ? numberOf(token.text) : undefined;
    if (token.kind === "regular expression") return undefined;
    if (token.text === "-" && tokens[start + 1]?.kind === "number" && isOver(start + 2))
      return -(numberOf(tokens[start + 1]?.text ?? "") ?? Number.NaN);
    if (token.text === "!" && /^[01]$/.test(textAt(start + 1)) && isOver(start + 2)) return textAt(start + 1) === "0";
    const partner = partners[start];
    if (token.text === "{")
      return partner !== undefined && isOver(partner + 1) ? membersAt(start, depth + 1) : undefined;
    if (token.text === "[") return partner !== undefined && isOver(partner + 1) ? itemsAt(start, depth + 1) : undefined;
    if (token.text === "(" && partner !== undefined && isOver(partner + 1)) return valueAt(start + 1, depth + 1);
    if (token.kind !== "name") return undefined;
    if (Object.hasOwn(CONSTANTS, token.text) && isOver(start + 1)) return CONSTANTS[token.text];
    if (isOver(start + 1)) return resolve(token.text, depth + 1);
    const call = textAt(start + 1) === "(" ? partners[start + 1] : undefined;
    if (call === undefined || !isOver(call + 1)) return undefined;
    const args = itemsAt(start + 1, depth + 1);
    return SAME.has(token.text) ? args[0] : { kind: "call", callee: token.text, args };
  }

  function itemsAt(start: number, depth: number): readonly JsValue[] {
    const items: JsValue[] = [];
    const end = partners[start] ?? start;
    for (let at = start + 1; at < end; ) {
      items.push(textAt(at) === "..." ? undefined : valueAt(at, depth));
      at = Math.max(endOf(at), at) + 1;
    }
    return items;
  }

  function membersAt(start: number, depth: number): JsObject {
    const members = new Map<string, JsValue>();
    const end = partners[start] ?? start;
    let complete = true;
    for (let at = start + 1; at < end; ) {
      const [key, colon] = keyAt(at);
      if (key === undefined) {
        // `...base` and `[name]: value` may replace what stands before them.
        if (textAt(at) !== ",") {
          complete = false;
          members.clear();
        }
      } else if (textAt(colon) === ":") members.set(key, valueAt(colon + 1, depth));
      else members.set(key, textAt(colon) === "(" ? undefined : resolve(key, depth));
      at = Math.max(endOf(at), at) + 1;
    }
    return { kind: "object", members, complete };
  }

  /** The key at `at`, and where its colon, bracket or comma is expected. */
  function keyAt(at: number): readonly [string | undefined, number] {
    const token = tokens[at];
    if (token?.kind === "string" || token?.kind === "number") return [token.text, at + 1];
    if (token?.kind !== "name") return [undefined, at];
    const isPrefix = /^(?:async|get|set)$/.test(token.text) && /^(?:name|string)$/.test(tokens[at + 1]?.kind ?? "");
    return isPrefix ? [tokens[at + 1]?.text, at + 2] : [token.text, at + 1];
  }

  /** What a name stands for that is declared once and never assigned to. */
  function resolve(name: string, depth: number): JsValue {
    if (resolved.has(name)) return resolved.get(name);
    resolved.set(name, undefined);
    const declaration = declared.get(name);
    if (!declaration || declaration.start === undefined) return undefined;
    const value = valueAt(declaration.start, depth);
    const found = isObject(value) ? withoutAssigned(value, declaration) : value;
    resolved.set(name, found);
    return found;
  }

  /** The object an expression comes to: through helpers, functions that return one, and wrappers that may add to it. */
  function objectAt(start: number, depth: number): JsObject | undefined {
    if (objects.has(start)) return objects.get(start);
    // While it is being looked for it leads nowhere: a name may stand for itself.
    objects.set(start, undefined);
    const found = findObject(start, depth);
    objects.set(start, found);
    return found;
  }

  function findObject(start: number, depth: number): JsObject | undefined {
    const token = tokens[start];
    if (!token || depth > MAX_DEPTH) return undefined;
    const partner = partners[start];
    if (token.text === "{") return partner === undefined ? undefined : membersAt(start, depth + 1);
    if (token.text === "(" && partner !== undefined) {
      const arrow = textAt(partner + 1) === "=>" || (textAt(partner + 1) === ":" && arrowBehind(partner + 1));
      if (!arrow) return objectAt(start + 1, depth + 1);
      return bodyAt(arrow === true ? partner + 2 : arrow + 1, depth + 1);
    }
    if (token.kind !== "name") return undefined;
    if (token.text === "async") return objectAt(start + 1, depth + 1);
    if (textAt(start + 1) === "=>") return bodyAt(start + 2, depth + 1);
    if (token.text === "function") {
      // `function name(` or `function(`
      const closing = partners[textAt(start + 1) === "(" ? start + 1 : start + 2];
      return closing === undefined ? undefined : bodyAt(closing + 1, depth + 1);
    }
    return callAt(start, depth) ?? namedAt(token.text, start, depth);
  }

  function namedAt(name: string, start: number, depth: number): JsObject | undefined {
    if (!isOver(start + 1)) return undefined;
    const declaration = declared.get(name);
    if (!declaration || declaration.start === undefined || depth > MAX_DEPTH) return undefined;
    const object = objectAt(declaration.start, depth + 10);
    return object && withoutAssigned(object, declaration);
  }

  /** Within the next few tokens: a function's return type is short. */
  function arrowBehind(colon: number): number | false {
    for (let at = colon; at < Math.min(colon + 12, tokens.length); at++) if (textAt(at) === "=>") return at;
    return false;
  }

  /** `a.b(x)(y)`: what the last brackets hold. */
  function callAt(start: number, depth: number): JsObject | undefined {
    let at = start + 1;
    while (textAt(at) === "." && tokens[at + 1]?.kind === "name") at += 2;
    const callee = tokens
      .slice(start, at)
      .map(({ text }) => text)
      .join("");
    let brackets: number | undefined;
    while (textAt(at) === "(" && partners[at] !== undefined) {
      brackets = at;
      at = (partners[at] ?? at) + 1;
    }
    if (brackets === undefined) return undefined;
    const end = partners[brackets] ?? brackets;
    for (let arg = brackets + 1; arg < end; arg = endOf(arg) + 1) {
      const object = objectAt(arg, depth + 10);
      if (object) return SAME.has(callee) ? object : { ...object, complete: false };
    }
    return undefined;
  }

  /** Of an arrow function or a function: the object itself, or what its only `return` gives. */
  function bodyAt(start: number, depth: number): JsObject | undefined {
    if (textAt(start) !== "{") return objectAt(start, depth);
    const end = partners[start] ?? start;
    let found: number | undefined;
    for (let at = start + 1; at < end; at++) {
      // Functions inside have a `return` of their own.
      if (OPENS.has(textAt(at)) && !isBlock(at)) at = partners[at] ?? end;
      if (textAt(at) !== "return") continue;
      if (found !== undefined) return undefined;
      found = at;
    }
    return found === undefined ? undefined : objectAt(found + 1, depth);
  }

  /** What a brace opens is run where it stands: `if (…) {`, `else {`, and no object and no function. */
  function isBlock(at: number): boolean {
    const before = textAt(at - 1);
    if (textAt(at) !== "{") return false;
    if (/^(?:else|try|finally|do|;|\{|\})$/.test(before)) return true;
    const opening = before === ")" ? partners[at - 1] : undefined;
    return opening !== undefined && /^(?:if|for|while|switch|catch|with)$/.test(textAt(opening - 1));
  }

  return { objectAt };
}

const OPENS: ReadonlySet<string> = new Set(["(", "[", "{", "`("]);
const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function numberOf(written: string): number | undefined {
  const value = Number(written.replaceAll("_", ""));
  return Number.isNaN(value) ? undefined : value;
}

export const isObject = (value: JsValue): value is JsObject =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "object";

export const isCall = (value: JsValue): value is JsCall =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "call";

interface Declaration {
  /** Of its value; undefined where it is declared or assigned more than once. */
  readonly start: number | undefined;
  /** Members that are assigned to later. */
  readonly assigned: ReadonlySet<string>;
}

function declarations(tokens: readonly JsToken[]): ReadonlyMap<string, Declaration> {
  const found = new Map<string, { start: number | undefined; assigned: Set<string> }>();
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== "name") continue;
    const name = tokens[at + 1];
    if (/^(?:const|let|var)$/.test(text) && name?.kind === "name") {
      const start = valueStart(tokens, at + 2);
      found.set(name.text, { start: found.has(name.text) ? undefined : start, assigned: new Set() });
    }
    const known = found.get(text);
    if (!known || /^(?:const|let|var)$/.test(tokens[at - 1]?.text ?? "")) continue;
    if (tokens[at + 1]?.text === "." && tokens[at + 3]?.text === "=") known.assigned.add(tokens[at + 2]?.text ?? "");
    if (tokens[at + 1]?.text === "=" && tokens[at - 1]?.text !== ".") known.start = undefined;
  }
  return found;
}

/** Behind the `=`, a type annotation skipped; a type is short. */
function valueStart(tokens: readonly JsToken[], start: number): number | undefined {
  if (tokens[start]?.text === "=") return start + 1;
  if (tokens[start]?.text !== ":") return undefined;
  for (let at = start; at < Math.min(start + 24, tokens.length); at++) {
    if (tokens[at]?.text === "=" && tokens[at]?.kind === "punctuation") return at + 1;
    if (tokens[at]?.text === ";") return undefined;
  }
  return undefined;
}

const withoutAssigned = (object: JsObject, { assigned }: Declaration): JsObject =>
  assigned.size === 0
    ? object
    : {
        ...object,
        members: new Map([...object.members, ...[...assigned].map((name): [string, JsValue] => [name, undefined])]),
      };

/** A member at the end of the path: its value, `null` where it is certainly not set, undefined where nobody knows. */
export function memberAt(object: JsObject | undefined, ...path: readonly string[]): JsValue {
  let found: JsValue = object;
  for (const key of path) {
    if (found === null) return null;
    if (!isObject(found)) return undefined;
    if (!found.members.has(key)) return found.complete ? null : undefined;
    found = found.members.get(key);
  }
  return found;
}

/** What is said for a setting: its text, `null` where it is certainly not set, undefined where nobody knows. */
export type Setting = string | null | undefined;

export function textSetting(object: JsObject | undefined, ...path: readonly string[]): Setting {
  const value = memberAt(object, ...path);
  return typeof value === "string" || value === null ? value : undefined;
}

export function flagSetting(object: JsObject | undefined, ...path: readonly string[]): boolean | null | undefined {
  const value = memberAt(object, ...path);
  return typeof value === "boolean" || value === null ? value : undefined;
}
