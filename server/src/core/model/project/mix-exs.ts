/** mix.exs → the application, its releases and dependencies, read without running it: literals only. mix.lock → versions. */

export interface MixDependency {
  readonly name: string;
  /** `~> 1.7`; undefined where none is written. */
  readonly requirement: string | undefined;
  /** A folder of the build context. */
  readonly path: string | undefined;
  readonly git: boolean;
  /** Environments it is for, where it says so; undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Part of the running application. */
  readonly runtime: boolean;
}

export interface MixProject {
  /** What `_build/prod/rel/<app>` is called unless releases are declared. */
  readonly app: string | undefined;
  readonly version: string | undefined;
  readonly elixir: string | undefined;
  /** Names of the releases declared. Undefined where they are declared in a way that only running it tells. */
  readonly releases: readonly string[] | undefined;
  readonly dependencies: readonly MixDependency[];
  /** Folder of the applications of an umbrella project. */
  readonly appsPath: string | undefined;
  /** Names of `aliases`: `assets.deploy`. */
  readonly aliases: readonly string[];
}

/** Undefined where it declares no project. */
export function readMixExs(text: string): MixProject | undefined {
  const code = withoutComments(text);
  const app = /\bapp:\s*:(\w+)/.exec(code)?.[1];
  const appsPath = /\bapps_path:\s*"([^"#]*)"/.exec(code)?.[1];
  if (app === undefined && appsPath === undefined) return undefined;
  const attribute = (name: string): string | undefined => new RegExp(`@${name}\\s+"([^"#]*)"`).exec(code)?.[1];
  return {
    app,
    version:
      /\bversion:\s*"([^"#]*)"/.exec(code)?.[1] ??
      (/\bversion:\s*@version\b/.test(code) ? attribute("version") : undefined),
    elixir: /\belixir:\s*"([^"#]*)"/.exec(code)?.[1],
    releases: keysSaid(code, "releases"),
    dependencies: dependenciesOf(code),
    appsPath,
    aliases: keysSaid(code, "aliases") ?? [],
  };
}

/** The keys of `releases: [name: [...]]`, or of the list that a function gives which is called there. */
function keysSaid(code: string, name: string): readonly string[] | undefined {
  const found = new RegExp(`\\b${name}:\\s*(\\[|\\w+|@)`).exec(code);
  if (!found) return [];
  if (found[1] === "[") return keysOf(code, found.index + found[0].length);
  const body = bodyOf(code, found[1] ?? "");
  return body === undefined ? undefined : keysOf(code, body);
}

/** Where the list begins that is all a function gives: `defp releases do [ …`, `defp releases, do: [ …`. */
function bodyOf(code: string, name: string): number | undefined {
  if (!/^[a-z_]\w*$/.test(name)) return undefined;
  const found = new RegExp(`\\bdefp?\\s+${name}(?:\\(\\))?\\s*(?:,\\s*)?do:?\\s*\\[`).exec(code);
  return found ? found.index + found[0].length : undefined;
}

/** A string, a bracket, a key, a comma: enough to know which keys are the list's own. */
const PART = /"(?:[^"\\]|\\[^])*(?:"(:?)|$)|[[({]|[\])}]|(?<!\w)([a-z_]\w*[?!]?):(?=\s)|%\{/g;

/** The keys of the list whose bracket stands before `start`. */
function keysOf(code: string, start: number): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  PART.lastIndex = 0;
  for (const found of code.slice(start).matchAll(PART)) {
    const [part, colon, key] = found;
    if (part.startsWith('"')) {
      if (depth === 0 && colon === ":") keys.push(part.slice(1, -2));
    } else if (key !== undefined) {
      if (depth === 0) keys.push(key);
    } else if (/^(?:[[({]|%\{)$/.test(part)) depth++;
    else if (--depth < 0) break;
  }
  return keys;
}

/** `{:phoenix, "~> 1.7"}`, `{:lib, path: "../lib"}`; tuples of other things are no dependencies. */
function dependenciesOf(code: string): readonly MixDependency[] {
  const start = bodyOf(code, "deps");
  if (start === undefined) return [];
  const end = listEnd(code, start);
  return [...code.slice(start, end).matchAll(/\{\s*:(\w+)\s*,([^{}]*)/g)].map(([, name = "", rest = ""]) => {
    const only = /\bonly:\s*(\[[^\]]*\]|:\w+)/.exec(rest)?.[1];
    return {
      name,
      requirement: /^\s*"([^"#]*)"/.exec(rest)?.[1],
      path: /\bpath:\s*"([^"#]*)"/.exec(rest)?.[1],
      git: /\b(?:git|github):/.test(rest),
      only: only === undefined ? undefined : [...only.matchAll(/:(\w+)/g)].map(([, each]) => each ?? ""),
      runtime: !/\bruntime:\s*false/.test(rest),
    };
  });
}

function listEnd(code: string, start: number): number {
  let depth = 0;
  for (const found of code.slice(start).matchAll(PART)) {
    const [part] = found;
    if (/^(?:[[({]|%\{)$/.test(part)) depth++;
    else if (/^[\])}]$/.test(part) && --depth < 0) return start + found.index;
  }
  return code.length;
}

const COMMENT = /"(?:[^"\\]|\\[^])*(?:"|$)|#[^\n]*/g;

const withoutComments = (text: string): string => text.replace(COMMENT, (part) => (part.startsWith("#") ? "" : part));

/** Name → version, of those that come from hex. */
export const readMixLock = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^ {2}"([\w-]+)": \{:hex, :\w+, "([^"]*)"/gm)].map(([, name = "", version = ""]) => [
      name,
      version,
    ]),
  );
