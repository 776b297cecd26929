/** Makefile → its targets and what they are made from, as far as they are written literally. */

export interface MakeTarget {
  readonly name: string;
  readonly prerequisites: readonly string[];
  /** Declared `.PHONY`: no file of that name is made. */
  readonly phony: boolean;
  /** The commands, without the tab and the `@` or `-` in front. */
  readonly recipe: readonly string[];
}

export interface Makefile {
  readonly targets: readonly MakeTarget[];
  /** What `make` alone makes. */
  readonly first: string | undefined;
  /** Name → value as written; the first of each. */
  readonly variables: ReadonlyMap<string, string>;
  readonly includes: readonly string[];
}

export function readMakefile(text: string): Makefile {
  const rules: { names: readonly string[]; prerequisites: readonly string[]; recipe: string[] }[] = [];
  const variables = new Map<string, string>();
  const includes: string[] = [];
  let defines = false;
  let rule: (typeof rules)[number] | undefined;
  for (const line of joinedLines(text)) {
    if (/^\s*define\b/.test(line)) defines = true;
    if (defines) {
      if (/^\s*endef\b/.test(line)) defines = false;
      continue;
    }
    if (line.startsWith("\t")) {
      const command = line.trim().replace(/^[@+-]+\s*/, "");
      if (command !== "" && !command.startsWith("#")) rule?.recipe.push(command);
      continue;
    }
    const code = withoutComment(line).trim();
    if (code === "") continue;
    const [, name, value] = /^(?:export\s+|override\s+)?([\w.-]+)\s*(?::{1,3}|[?+!])?=(.*)$/.exec(code) ?? [];
    const [, included] = /^[-s]?include\s+(.*)$/.exec(code) ?? [];
    if (name !== undefined) {
      if (!variables.has(name)) variables.set(name, value?.trim() ?? "");
    } else if (included !== undefined) includes.push(...included.split(/\s+/));
    else {
      const colon = code.indexOf(":");
      if (colon <= 0 || /^(?:if|else|endif|ifn?eq|ifn?def|export|unexport|vpath)\b/.test(code)) continue;
      const [prerequisites, inline] = splitAt(code.slice(colon + 1).replace(/^:/, ""), ";");
      // `target: VARIABLE = value` makes nothing.
      if (/^\s*[\w.-]+\s*(?::|[?+])?=/.test(prerequisites)) continue;
      rule = {
        names: words(code.slice(0, colon)),
        prerequisites: words(prerequisites),
        recipe: inline === undefined ? [] : [inline.trim()],
      };
      rules.push(rule);
    }
  }
  const phony = new Set(rules.flatMap(({ names, prerequisites }) => (names.includes(".PHONY") ? prerequisites : [])));
  const targets = rules.flatMap(({ names, prerequisites, recipe }) =>
    names.filter(isPlain).map((name) => ({ name, prerequisites, phony: phony.has(name), recipe })),
  );
  return { targets, first: targets[0]?.name, variables, includes };
}

/** Neither a pattern, nor a variable, nor one of make's own. */
const isPlain = (name: string): boolean => !/[%$]/.test(name) && !/^\.[A-Z]/.test(name);

const words = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean);

function splitAt(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function withoutComment(line: string): string {
  for (let at = line.indexOf("#"); at !== -1; at = line.indexOf("#", at + 1))
    if (line[at - 1] !== "\\") return line.slice(0, at);
  return line;
}

/** A backslash at the end of a line goes on with the next. */
function joinedLines(text: string): readonly string[] {
  const lines: string[] = [];
  let parts: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const goesOn = line.endsWith("\\");
    const part = parts.length === 0 ? line : line.trimStart();
    parts.push(goesOn ? part.slice(0, -1) : part);
    if (goesOn) continue;
    lines.push(parts.join(" "));
    parts = [];
  }
  if (parts.length > 0) lines.push(parts.join(" "));
  return lines;
}
