/** Gemfile → the gems it asks for and Ruby's version: literals only. By lines, as people write it. */

export interface GemfileGem {
  readonly name: string;
  /** `~> 7.1`; empty where any does. */
  readonly requirement: string;
  readonly groups: readonly string[];
  /** A folder of the build context. */
  readonly path: string | undefined;
  /** Fetched with git, which the image needs for it. */
  readonly git: boolean;
}

export interface Gemfile {
  /** `3.4.1`, `~> 3.3`; undefined where not said, or another file says it. */
  readonly ruby: string | undefined;
  /** The file that says Ruby's version: `.ruby-version`. */
  readonly rubyFile: string | undefined;
  readonly gems: readonly GemfileGem[];
  /** It takes the gems of a gemspec too, which is in the build context then. */
  readonly gemspec: boolean;
  /** Other Gemfiles it reads. */
  readonly includes: readonly string[];
}

export function readGemfile(text: string): Gemfile {
  const gems: GemfileGem[] = [];
  const includes: string[] = [];
  let ruby: string | undefined;
  let rubyFile: string | undefined;
  let gemspec = false;
  /** What `do … end` around a line says; other blocks say nothing. */
  const blocks: Block[] = [];
  for (const line of joinedLines(text)) {
    const [, word = "", rest = ""] = /^(\w+)\b[ (]*(.*)$/.exec(line) ?? [];
    const opens = /\bdo\s*(?:\|[^|]*\|)?$/.test(line);
    if (word === "gem") {
      const gem = gemOf(rest, blocks);
      if (gem) gems.push(gem);
    } else if (word === "ruby") {
      rubyFile ??= /\bfile:\s*["']([^"']+)["']/.exec(rest)?.[1];
      if (rubyFile === undefined) ruby ??= /^["']([^"'#{]+)["']/.exec(rest)?.[1];
    } else if (word === "gemspec") gemspec = true;
    else if (word === "eval_gemfile") includes.push(...stringsOf(rest).slice(0, 1));
    if (opens) blocks.push(blockOf(word, rest));
    else if (/^(?:if|unless|case|begin|def|while)\b/.test(line)) blocks.push({});
    else if (/^end\b/.test(line)) blocks.pop();
  }
  return { ruby, rubyFile, gems, gemspec, includes };
}

interface Block {
  readonly groups?: readonly string[];
  readonly path?: string;
  readonly git?: boolean;
}

function blockOf(word: string, rest: string): Block {
  const [first] = stringsOf(rest);
  if (word === "group") return { groups: symbolsOf(rest) };
  if (word === "path" && first !== undefined) return { path: first };
  return word === "git" || word === "github" ? { git: true } : {};
}

function gemOf(rest: string, blocks: readonly Block[]): GemfileGem | undefined {
  const [, name] = /^["']([\w.-]+)["']/.exec(rest) ?? [];
  if (name === undefined) return undefined;
  const positional = rest.slice(0, /,\s*(?:\w+:\s|:\w+\s*=>)/.exec(rest)?.index ?? rest.length);
  const option = (key: string): string | undefined => {
    const at = new RegExp(`(?:\\b${key}:\\s*|:${key}\\s*=>\\s*)`).exec(rest);
    return at ? rest.slice(at.index + at[0].length) : undefined;
  };
  const groups = option("groups?");
  const path = option("path");
  return {
    name,
    requirement: stringsOf(positional).slice(1).join(", "),
    groups: [
      ...blocks.flatMap(({ groups: around }) => around ?? []),
      ...(groups === undefined
        ? []
        : symbolsOf(groups.startsWith("[") ? (groups.split("]")[0] ?? "") : (groups.split(",")[0] ?? ""))),
    ],
    path:
      (path === undefined ? undefined : stringsOf(path)[0]) ??
      blocks.findLast((block) => block.path !== undefined)?.path,
    git: option("git") !== undefined || option("github") !== undefined || blocks.some(({ git }) => git === true),
  };
}

const stringsOf = (text: string): readonly string[] =>
  [...text.matchAll(/["']([^"']*)["']/g)].map(([, said]) => said ?? "");
const symbolsOf = (text: string): readonly string[] =>
  [...text.matchAll(/:(\w+)|["'](\w+)["']/g)].map(([, symbol, said]) => symbol ?? said ?? "");

/** Without comments; a line that ends in a comma goes on. */
function joinedLines(text: string): readonly string[] {
  const lines: string[] = [];
  let parts: string[] = [];
  for (const each of text.split("\n")) {
    const line = withoutRubyComment(each).trim();
    if (line === "") continue;
    parts.push(line);
    if (line.endsWith(",")) continue;
    lines.push(parts.join(" "));
    parts = [];
  }
  if (parts.length > 0) lines.push(parts.join(" "));
  return lines;
}

/** A `#` in quotes is none, and neither is `#{`. */
export function withoutRubyComment(line: string): string {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (char === "\\") at++;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === "#") return line.slice(0, at);
  }
  return line;
}
