/** A Go source file → what it takes from C, what it embeds, which texts it holds, what it starts. Linear in time. */

export interface GoSource {
  readonly package: string | undefined;
  readonly hasMain: boolean;
  /** `import "C"`. */
  readonly usesCgo: boolean;
  /** Patterns of `//go:embed`: those files are in the program already. */
  readonly embeds: readonly string[];
  readonly imports: readonly string[];
  /** String literals other than imports and very long ones, each once. */
  readonly literals: readonly string[];
  /** Programs it starts by a literal name: `exec.Command("git", …)`. */
  readonly starts: readonly string[];
  /** It loads code at run time: `plugin.Open`. */
  readonly loadsPlugins: boolean;
  /** `//go:build` constraints. */
  readonly constraints: readonly string[];
}

/** A comment, a string of either kind, a rune, a word, a mark. */
const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|`[^`]*(?:`|$)|'(?:[^'\\\n]|\\.)*'?|[\p{L}_][\p{L}\d_]*|[^\s]/gu;
const MAX_LITERAL = 500;

export function readGoSource(text: string): GoSource {
  const imports: string[] = [];
  const literals = new Set<string>();
  const embeds: string[] = [];
  const starts = new Set<string>();
  const constraints: string[] = [];
  let packageName: string | undefined;
  let hasMain = false;
  let loadsPlugins = false;
  /** In `import x "y"`, or in its brackets. */
  let importing: "no" | "one" | "block" = "no";
  /** The last tokens, newest last: enough for `exec.Command(`, `exec.CommandContext(ctx,` */
  const before: string[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.startsWith("/*")) {
      const [, embedded] = /^\/\/go:embed[ \t]+(.*)$/.exec(token) ?? [];
      if (embedded !== undefined) embeds.push(...patternsOf(embedded));
      const [, constraint] = /^\/\/go:build[ \t]+(.*)$/.exec(token) ?? [];
      if (constraint !== undefined) constraints.push(constraint.trim());
      continue;
    }
    const last = before.at(-1) ?? "";
    if (last === "package" && packageName === undefined && /^[\p{L}_]/u.test(token)) packageName = token;
    if (last === "func" && token === "main") hasMain = true;
    if (token === "import") importing = "one";
    else if (token === "(" && last === "import") importing = "block";
    else if (token === ")") importing = "no";
    const literal = literalOf(token);
    if (literal !== undefined) {
      if (importing !== "no") imports.push(literal);
      else if (literal !== "" && literal.length <= MAX_LITERAL) literals.add(literal);
      if (isStarted(before)) starts.add(literal);
      if (importing === "one") importing = "no";
    }
    if (last === "." && token === "Open" && before.at(-2) === "plugin") loadsPlugins = true;
    before.push(token.slice(0, 40));
    if (before.length > 6) before.shift();
  }
  return {
    package: packageName,
    hasMain: hasMain && packageName === "main",
    usesCgo: imports.includes("C"),
    embeds,
    imports,
    literals: [...literals],
    starts: [...starts],
    loadsPlugins,
    constraints,
  };
}

/** Behind `exec.Command(` and `exec.CommandContext(ctx,` stands a program's name. */
function isStarted(before: readonly string[]): boolean {
  const [call, name] = before.at(-1) === "," ? [before.slice(0, -2), "CommandContext"] : [before, "Command"];
  return ["exec", ".", name, "("].every((word, at) => call.at(at - 4) === word);
}

function literalOf(token: string): string | undefined {
  if (token.startsWith("`")) return token.replaceAll("`", "");
  return /^".*"$/.test(token) ? token.slice(1, -1).replace(/\\(["\\/])/g, "$1") : undefined;
}

/** Blanks between them; quotes around one with blanks in it; `all:` with hidden files too. */
const patternsOf = (written: string): readonly string[] =>
  [...written.matchAll(/"([^"]*)"|`([^`]*)`|(\S+)/g)].map(([, double, back, plain]) =>
    (double ?? back ?? plain ?? "").replace(/^all:/, ""),
  );

/**
 * Those of the literals that name a file or folder of the build context, as paths of it. A program is started in the folder its
 * sources are in, or in that of its module: a path relative to either counts.
 */
export function pathsNamed(literals: readonly string[], paths: Iterable<string>, folder = ""): readonly string[] {
  const known = new Set([...paths].map((path) => path.replace(/\/$/, "")));
  const found = new Set<string>();
  for (const literal of literals) {
    if (/[\s%{}*?]|^\/|^[a-z]+:/.test(literal) && !literal.includes("*")) continue;
    // `templates/*.html` names the folder.
    const plain = literal
      .replace(/^(?:\.\/)+/, "")
      .replace(/\/?[^/*]*\*.*$/, "")
      .replace(/\/+$/, "");
    if (plain === "" || plain === "." || plain.startsWith("..")) continue;
    for (const path of [plain, folder === "" ? plain : `${folder}/${plain}`]) if (known.has(path)) found.add(path);
  }
  return [...found];
}
