/** A JavaScript or TypeScript source → the modules it loads, the texts in it, the programs it starts, whether it writes files. */
import { type JsToken, jsTokens } from "./js-tokens.ts";

export interface NodeSource {
  /** As written: `express`, `./routes`, `node:fs`. What TypeScript imports as types alone is left out. */
  readonly modules: readonly string[];
  /** It loads something whose name is worked out while it runs. */
  readonly loadsDynamically: boolean;
  readonly literals: readonly string[];
  /** Names of programs it starts, as far as they are written there. */
  readonly starts: readonly string[];
  /** It starts a program whose name is not written there. */
  readonly startsUnknown: boolean;
  readonly writesFiles: boolean;
  /** It ends when it is asked to: the first process of a container does not do so by itself. */
  readonly handlesTermination: boolean;
  /** It reads what npm says of the package and the script that runs. */
  readonly readsNpmVariables: boolean;
}

const MAX_LITERAL = 300;

/** Functions of node:fs that make or change files. */
const WRITERS =
  /^(?:(?:write|append|copy)File|mkdir|mkdtemp|rename|cp|rm|rmdir|unlink|symlink|truncate)(?:Sync)?$|^createWriteStream$/;
/** Packages that keep files of their own where the application is. */
const STORES: ReadonlySet<string> = new Set(
  "multer sqlite3 better-sqlite3 lowdb nedb @seald-io/nedb node-persist winston-daily-rotate-file formidable express-fileupload level leveldb".split(
    " ",
  ),
);
/** Packages that listen for SIGTERM when they are asked to. */
const TERMINATORS: ReadonlySet<string> = new Set(
  "close-with-grace @godaddy/terminus http-terminator lightship http-graceful-shutdown fastify-graceful-shutdown node-graceful-shutdown exit-hook async-exit-hook death".split(
    " ",
  ),
);
const STARTERS: ReadonlySet<string> = new Set([
  "exec",
  "execSync",
  "execFile",
  "execFileSync",
  "spawn",
  "spawnSync",
  "execa",
  "execaSync",
  "execaCommand",
]);
/** What those functions come from. */
const STARTING = /^(?:node:)?child_process$|^(?:execa|cross-spawn|shelljs)$/;

/** A project's sources are asked for whenever somebody asks about its Dockerfile. */
const kept = new Map<string, NodeSource>();
const MAX_KEPT = 500;

export function readNodeSource(text: string): NodeSource {
  const before = kept.get(text);
  if (before) return before;
  if (kept.size >= MAX_KEPT) kept.clear();
  const source = read(text);
  kept.set(text, source);
  return source;
}

function read(text: string): NodeSource {
  const { tokens } = jsTokens(text);
  const modules = new Set<string>();
  const literals = new Set<string>();
  const starts = new Set<string>();
  let loadsDynamically = false;
  let startsUnknown = false;
  let writesFiles = false;
  const calls: (JsToken | undefined)[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) break;
    const next = tokens[at + 1];
    const behind = tokens[at + 2];
    if (token.kind === "string") {
      if (token.text !== "" && token.text.length <= MAX_LITERAL) literals.add(token.text);
      continue;
    }
    if (token.kind !== "name") continue;
    const isMember = tokens[at - 1]?.text === "." || tokens[at - 1]?.text === "?.";
    if (token.text === "from" && next?.kind === "string" && !isTypeOnly(tokens, at)) modules.add(next.text);
    else if (token.text === "import" && next?.kind === "string") modules.add(next.text);
    else if ((token.text === "require" || token.text === "import") && next?.text === "(" && !isMember) {
      if (behind?.kind === "string") modules.add(behind.text);
      else loadsDynamically = true;
    } else if (next?.text === "(") {
      if (WRITERS.test(token.text)) writesFiles = true;
      const holder = isMember ? (tokens[at - 2]?.text ?? "") : "";
      if (STARTERS.has(token.text) && (!isMember || /^(?:cp|child_?process|shell|sh)$/i.test(holder)))
        calls.push(behind);
    }
  }
  if ([...modules].some((name) => STARTING.test(name)))
    for (const word of calls) {
      const program = word?.kind === "string" ? /^[\w./@-]+/.exec(word.text.trim())?.[0] : undefined;
      if (program === undefined) startsUnknown = true;
      else starts.add(program);
    }
  return {
    modules: [...modules],
    loadsDynamically,
    literals: [...literals],
    starts: [...starts],
    startsUnknown,
    writesFiles: writesFiles || [...modules].some((name) => STORES.has(packageOf(name) ?? "")),
    handlesTermination:
      literals.has("SIGTERM") ||
      tokens.some(({ kind, text: name }) => kind === "name" && name === "enableShutdownHooks") ||
      [...modules].some((name) => TERMINATORS.has(packageOf(name) ?? "")),
    readsNpmVariables: /\bnpm_(?:package|config|lifecycle)_/.test(text),
  };
}

/** `import type { A } from "a"` and `export type …` leave nothing behind. */
function isTypeOnly(tokens: readonly JsToken[], from: number): boolean {
  for (let at = from - 1; at >= 0 && at > from - 400; at--) {
    const text = tokens[at]?.text;
    if (tokens[at]?.kind === "string" || text === ";") return false;
    if ((text === "import" || text === "export") && tokens[at]?.kind === "name")
      return tokens[at + 1]?.text === "type" && tokens[at + 2]?.text !== "from";
  }
  return false;
}

/** The package a module belongs to: `@nestjs/core` of `@nestjs/core/router`. Undefined for files and for what Node has itself. */
export function packageOf(module: string): string | undefined {
  if (/^[./#~]|^node:|^[a-z]+:|^@\//.test(module)) return undefined;
  const [first = "", second] = module.split("/");
  return first.startsWith("@") ? (second === undefined ? undefined : `${first}/${second}`) : first;
}
