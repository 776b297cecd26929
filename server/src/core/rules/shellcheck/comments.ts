/** ShellCheck's answer → ranges of the script it is about. */

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface ScriptComment {
  readonly start: number;
  readonly end: number;
  readonly level: string;
  readonly code: number;
  readonly message: string;
  /** All of them together are the fix; empty when there is none. */
  readonly replacements: readonly Replacement[];
}

/** The comments of a json1 text, with offsets into the script. None when it is no such text. */
export function commentsIn(script: string, json: string): readonly ScriptComment[] {
  const offset = offsets(script);
  return arrayIn(parsed(json), "comments").flatMap((comment) => {
    const code = field(comment, "code");
    const message = field(comment, "message");
    const level = field(comment, "level");
    if (typeof code !== "number" || typeof message !== "string" || typeof level !== "string") return [];
    const place = placeOf(comment, offset);
    const replacements = arrayIn(field(comment, "fix"), "replacements").flatMap((each) => {
      const text = field(each, "replacement");
      return typeof text === "string" ? [{ ...placeOf(each, offset), text }] : [];
    });
    return [{ ...place, code, message, level, replacements }];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;

const arrayIn = (value: unknown, name: string): readonly unknown[] => {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
};

type Offsets = (line: unknown, column: unknown) => number;

function placeOf(value: unknown, offset: Offsets): { readonly start: number; readonly end: number } {
  const start = offset(field(value, "line"), field(value, "column"));
  return { start, end: Math.max(start, offset(field(value, "endLine"), field(value, "endColumn"))) };
}

/** Lines and columns from 1; a column is a character, also where UTF-16 needs two units for it. */
function offsets(script: string): Offsets {
  const starts = [0];
  for (let at = script.indexOf("\n"); at !== -1; at = script.indexOf("\n", at + 1)) starts.push(at + 1);
  return (line, column) => {
    if (typeof line !== "number" || typeof column !== "number") return 0;
    const start = starts[line - 1] ?? script.length;
    const end = (starts[line] ?? script.length + 1) - 1;
    let at = start;
    for (let seen = 1; seen < column && at < end; seen++) at += (script.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    return at;
  };
}
