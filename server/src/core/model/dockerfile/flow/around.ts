/** What is in force where a command runs, and its words with everything known put in. */
import type { ShellCommand, ShellWord } from "../shell.ts";
import { expand, referencesIn, type Value } from "../variables.ts";
import { pathFrom } from "./place.ts";

export interface Around {
  /** The working folder: a pattern, `/**` where nobody knows it. */
  readonly folder: string;
  /** Of the user; a pattern. */
  readonly home: string;
  /** The base image's name as bases.ts has it. */
  readonly image: string | undefined;
  /** Of variables of the shell, the file and known base images. */
  readonly get: (name: string) => Value;
  /** The file or the script sets it, whatever to. */
  readonly sets: (name: string) => boolean;
  /** The virtual environment Python's tools work in, where there is one. */
  readonly venv: string | undefined;
  /** Folders of PATH, first first; patterns. */
  readonly path: readonly string[];
}

/** Where tools put things when nothing says otherwise: `~` is the home folder, `$NAME` another of these. */
const LOCATIONS: Readonly<Record<string, string>> = {
  XDG_DATA_HOME: "~/.local/share",
  XDG_CACHE_HOME: "~/.cache",
  XDG_CONFIG_HOME: "~/.config",
  GOPATH: "~/go",
  GOBIN: "$GOPATH/bin",
  GOMODCACHE: "$GOPATH/pkg/mod",
  GOCACHE: "$XDG_CACHE_HOME/go-build",
  CARGO_HOME: "~/.cargo",
  RUSTUP_HOME: "~/.rustup",
  PNPM_HOME: "$XDG_DATA_HOME/pnpm",
  BUN_INSTALL: "~/.bun",
  DENO_DIR: "$XDG_CACHE_HOME/deno",
  NPM_CONFIG_PREFIX: "/usr/local",
  COREPACK_HOME: "$XDG_CACHE_HOME/node/corepack",
  GEM_HOME: "/var/lib/gems",
  BUNDLE_PATH: "$GEM_HOME",
  GRADLE_USER_HOME: "~/.gradle",
  NUGET_PACKAGES: "~/.nuget/packages",
  COMPOSER_HOME: "$XDG_CONFIG_HOME/composer",
  MIX_HOME: "~/.mix",
  HEX_HOME: "~/.hex",
  PIPX_HOME: "$XDG_DATA_HOME/pipx",
  PIPX_BIN_DIR: "~/.local/bin",
  UV_TOOL_DIR: "$XDG_DATA_HOME/uv/tools",
  UV_TOOL_BIN_DIR: "~/.local/bin",
  WORKON_HOME: "$XDG_DATA_HOME/virtualenvs",
  NVM_DIR: "~/.nvm",
  PYENV_ROOT: "~/.pyenv",
  POETRY_HOME: "$XDG_DATA_HOME/pypoetry",
};

/** What images with these tools in them set: of an image nobody knows the tools' own defaults say nothing. */
const MOVED_BY_BASES: ReadonlySet<string> = new Set(
  "GOPATH CARGO_HOME RUSTUP_HOME PNPM_HOME BUN_INSTALL NPM_CONFIG_PREFIX GEM_HOME GRADLE_USER_HOME COMPOSER_HOME".split(
    " ",
  ),
);

/** A file of a tool: `$GOPATH/bin`, `~/.npm`, `/abs`, `below/the/folder`; a pattern. */
export function toolPath(around: Around, template: string): string {
  if (template === "~" || template.startsWith("~/")) return pathFrom(around.home, `.${template.slice(1)}`);
  const named = /^\$(\w+)(.*)$/s.exec(template);
  if (!named) return pathFrom(around.folder, template);
  const [, name = "", rest = ""] = named;
  const value = around.get(name);
  const folder =
    typeof value === "string" && value !== ""
      ? pathFrom(around.folder, value)
      : around.sets(name) || (around.image === undefined && MOVED_BY_BASES.has(name))
        ? "/**"
        : toolPath(around, LOCATIONS[name] ?? "/**");
  return pathFrom(folder, `.${rest}`);
}

/** Any text that nobody knows before the build. */
const ANY = "**";

interface Text {
  /** With everything known put in, `**` for what is not. */
  readonly text: string;
  readonly known: boolean;
}

/** A word of a shell, its quotes removed, as a pattern. */
export function patternOf(value: string, get: (name: string) => Value): Text {
  if (!/[$`]/.test(value)) return { text: value, known: true };
  const { text: without, found } = withoutSubstitutions(value);
  const { text, known } = expand(without, get);
  if (known) return { text, known: !found };
  let out = "";
  let at = 0;
  for (const { start, end } of referencesIn(text)) {
    out += text.slice(at, start) + ANY;
    at = end;
  }
  return { text: out + text.slice(at), known: false };
}

/** `$( … )`, `$(( … ))` and backticks become what nobody knows. */
function withoutSubstitutions(value: string): { readonly text: string; readonly found: boolean } {
  if (!value.includes("$(") && !value.includes("`")) return { text: value, found: false };
  let text = "";
  for (let at = 0; at < value.length; ) {
    if (value.startsWith("$(", at)) {
      let depth = 0;
      let end = at + 1;
      for (; end < value.length; end++) {
        if (value.charAt(end) === "(") depth++;
        else if (value.charAt(end) === ")" && --depth === 0) break;
      }
      text += ANY;
      at = end + 1;
    } else if (value.charAt(at) === "`") {
      const end = value.indexOf("`", at + 1);
      text += ANY;
      at = end === -1 ? value.length : end + 1;
    } else text += value.charAt(at++);
  }
  return { text, found: true };
}

/** What a shell makes of `?`, `[…]` and `{a,b}`: some text. */
export const shellGlob = (text: string): string =>
  /[?[{]/.test(text)
    ? text
        .replace(/\[[^\]/]+\]/g, "*")
        .replace(/\{[^{}]*[,.][^{}]*\}/g, ANY)
        .replaceAll("?", "*")
    : text;

/** The words of a command with what is known put in: a variable outside quotes may be several. */
export function expandedArgs(command: ShellCommand, get: (name: string) => Value): readonly ShellWord[] {
  if (command.args.every(({ literal }) => literal)) return command.args;
  return command.args.flatMap((word): readonly ShellWord[] => {
    if (word.literal) return [word];
    const { text, known } = patternOf(word.value, get);
    if (!known || word.text.startsWith('"')) return [{ ...word, value: text, literal: known }];
    const parts = text.split(/\s+/).filter((part) => part !== "");
    return parts.map((value) => ({ ...word, value, literal: true }));
  });
}
