/** What package managers keep for the next time, and in which folder: by their defaults and the variables that move it. */
import { knownBase } from "./bases.ts";
import { lastBefore, settingBefore } from "./before.ts";
import { isRoot } from "./facts.ts";
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction, Stage } from "./model.ts";
import { expandIn } from "./scope.ts";
import type { ShellCommand } from "./shell.ts";
import { rootBase } from "./stages.ts";
import { unquote } from "./words.ts";

/** Who runs a RUN, as far as a mount has to know. */
export interface Builder {
  readonly root: boolean;
  readonly home: string;
  /** `,uid=1000,gid=1000` for everybody but root. */
  readonly owner: string;
  /** The base image's name people know: `golang`. */
  readonly image: string | undefined;
}

export interface Surroundings {
  readonly builder: Builder;
  /** A variable's value at the command; undefined when nothing sets it. */
  readonly get: (name: string) => string | undefined;
  readonly yarn: "first" | "later" | "either";
}

export interface CacheRow {
  /** For messages. */
  readonly tool: string;
  readonly programs: readonly string[];
  /** The words behind the program, options left out, that download. */
  readonly downloads: RegExp;
  /** Words that only use what was downloaded: they need the mount as well. */
  readonly uses?: RegExp;
  /** The folders; a text says why nobody can tell. */
  readonly targets: (around: Surroundings) => readonly string[] | string;
  /** Two builds must not write at the same time. */
  readonly locked?: boolean;
  /** Later commands read what is there, so that all RUNs of it have to have the mount, or none. */
  readonly shared?: boolean;
  /** Its files or indexes are those of one platform. */
  readonly byPlatform?: boolean;
  /** Targets of mounts by which somebody has seen to it already. */
  readonly like: RegExp;
  /** Options that switch the cache off, or lead it elsewhere. */
  readonly off?: ReadonlySet<string>;
  /** What has to stand in its place: without the index apk finds no package. */
  readonly offInstead?: string;
  readonly moved?: RegExp;
  /** Variable that switches it off. */
  readonly offVariable?: string;
  /** Words behind the program that empty it. */
  readonly cleans?: RegExp;
  /** In front of the program: without it there is nothing in the folder. */
  readonly assign?: (around: Surroundings) => string | undefined;
}

const cacheHome = ({ builder, get }: Surroundings): string => get("XDG_CACHE_HOME") ?? `${builder.home}/.cache`;

export const CACHES: readonly CacheRow[] = [
  {
    tool: "apt",
    programs: ["apt-get", "apt", "aptitude"],
    downloads: /^(?:install|build-dep|upgrade|dist-upgrade|full-upgrade)\b/,
    uses: /^update\b/,
    targets: () => ["/var/cache/apt", "/var/lib/apt"],
    locked: true,
    shared: true,
    byPlatform: true,
    like: /apt/,
    cleans: /^(?:auto|dist|dist-)?clean\b/,
  },
  {
    tool: "apk",
    programs: ["apk"],
    downloads: /^(?:add|upgrade)\b/,
    // apk keeps packages only where this folder exists (apk-cache(5)); /var/cache/apk alone holds the index.
    targets: () => ["/etc/apk/cache"],
    locked: true,
    byPlatform: true,
    like: /apk/,
    off: new Set(["--no-cache"]),
    offInstead: "--update-cache",
    moved: /^--cache-dir/,
  },
  {
    tool: "npm",
    programs: ["npm"],
    downloads: /^(?:ci|clean-install|install|i|add|exec)\b/,
    targets: ({ builder, get }) => [get("npm_config_cache") ?? get("NPM_CONFIG_CACHE") ?? `${builder.home}/.npm`],
    like: /npm|\.cache$/,
    moved: /^--cache(?:$|=)/,
    cleans: /^cache (?:clean|rm|clear)\b/,
  },
  {
    tool: "yarn",
    programs: ["yarn", "yarnpkg"],
    downloads: /^(?:$|install\b|add\b|global add\b)/,
    targets: ({ builder, get, yarn }) => {
      const folder = get("YARN_CACHE_FOLDER");
      if (folder !== undefined) return [folder];
      if (yarn === "either") return "the folder depends on the Yarn that corepack brings";
      if (yarn === "later") return "a Plug'n'Play project reads Yarn's cache when it runs: look at nodeLinker first";
      return [builder.root ? "/usr/local/share/.cache/yarn" : `${builder.home}/.cache/yarn`];
    },
    locked: true,
    like: /yarn|\.cache$/,
    moved: /^--cache-folder/,
    cleans: /^cache clean\b/,
  },
  {
    tool: "pnpm",
    programs: ["pnpm"],
    downloads: /^(?:install|i|add|fetch)\b/,
    targets: ({ builder, get }) => {
      const data = get("XDG_DATA_HOME") ?? `${builder.home}/.local/share`;
      return [`${get("PNPM_HOME") ?? `${data}/pnpm`}/store`];
    },
    like: /pnpm/,
    moved: /^--store-dir/,
    cleans: /^store prune\b/,
  },
  {
    tool: "bun",
    programs: ["bun"],
    downloads: /^(?:install|i|add|ci)\b/,
    targets: ({ builder, get }) => [get("BUN_INSTALL_CACHE_DIR") ?? `${builder.home}/.bun/install/cache`],
    like: /bun/,
    off: new Set(["--no-cache"]),
    moved: /^--cache-dir/,
    cleans: /^pm cache rm\b/,
  },
  {
    tool: "pip",
    programs: ["pip"],
    downloads: /^(?:install|wheel|download)\b/,
    targets: (around) => [around.get("PIP_CACHE_DIR") ?? `${cacheHome(around)}/pip`],
    like: /pip|\.cache$/,
    off: new Set(["--no-cache", "--no-cache-dir"]),
    moved: /^--cache-dir/,
    offVariable: "PIP_NO_CACHE_DIR",
    cleans: /^cache purge\b/,
  },
  {
    tool: "uv",
    programs: ["uv"],
    downloads: /^(?:sync|add|pip install|pip sync|tool install)\b/,
    targets: (around) => [around.get("UV_CACHE_DIR") ?? `${cacheHome(around)}/uv`],
    like: /uv|\.cache$/,
    off: new Set(["--no-cache", "--no-cache-dir", "-n"]),
    moved: /^--cache-dir/,
    offVariable: "UV_NO_CACHE",
    cleans: /^cache (?:clean|prune)\b/,
  },
  {
    tool: "poetry",
    programs: ["poetry"],
    downloads: /^(?:install|sync|add|update)\b/,
    // The folder above holds the virtual environments too, which have to stay in the image.
    targets: (around) => {
      const folder = around.get("POETRY_CACHE_DIR") ?? `${cacheHome(around)}/pypoetry`;
      return [`${folder}/cache`, `${folder}/artifacts`];
    },
    like: /poetry|\.cache$/,
    off: new Set(["--no-cache"]),
    cleans: /^cache clear\b/,
  },
  {
    tool: "go",
    programs: ["go"],
    downloads: /^(?:mod download|build|install|get|test|run)\b/,
    uses: /^(?:vet|generate|list|mod (?:verify|tidy|vendor))\b/,
    targets: (around) => {
      const path = around.get("GOPATH") ?? (around.builder.image === "golang" ? "/go" : `${around.builder.home}/go`);
      return [around.get("GOMODCACHE") ?? `${path}/pkg/mod`, around.get("GOCACHE") ?? `${cacheHome(around)}/go-build`];
    },
    shared: true,
    like: /go|\.cache$/,
    cleans: /^clean\b/,
  },
  {
    tool: "cargo",
    programs: ["cargo"],
    downloads: /^(?:build|b|install|fetch|run|r|test|t|check|c|rustc|chef cook)\b/,
    targets: ({ builder, get }) => {
      const home = get("CARGO_HOME") ?? (builder.image === "rust" ? "/usr/local/cargo" : `${builder.home}/.cargo`);
      return [`${home}/registry`, `${home}/git/db`];
    },
    shared: true,
    like: /cargo|registry/,
  },
  {
    tool: "Maven",
    programs: ["mvn", "mvnw"],
    downloads: /^\w/,
    targets: ({ builder }) => [`${builder.home}/.m2/repository`],
    locked: true,
    shared: true,
    like: /m2|maven/,
    moved: /^-Dmaven\.repo\.local/,
  },
  {
    tool: "Gradle",
    programs: ["gradle", "gradlew"],
    downloads: /^\w/,
    targets: ({ builder, get }) => [
      get("GRADLE_USER_HOME") ?? (builder.image === "gradle" ? "/home/gradle/.gradle" : `${builder.home}/.gradle`),
    ],
    locked: true,
    shared: true,
    like: /gradle/,
    moved: /^(?:-g|--gradle-user-home)/,
  },
  {
    tool: "NuGet",
    programs: ["dotnet"],
    downloads: /^(?:restore|build|publish|test|pack|run)\b/,
    targets: ({ builder, get }) => [get("NUGET_PACKAGES") ?? `${builder.home}/.nuget/packages`],
    shared: true,
    like: /nuget/,
    moved: /^--packages/,
  },
  {
    tool: "Composer",
    programs: ["composer", "composer.phar"],
    downloads: /^(?:install|i|update|u|require|create-project)\b/,
    // Where the default is depends on folders of the image: a folder of our own is the same everywhere.
    targets: ({ builder, get }) => {
      const home = get("COMPOSER_HOME") ?? (builder.image === "composer" ? "/tmp" : undefined);
      return [get("COMPOSER_CACHE_DIR") ?? (home === undefined ? "/var/cache/composer" : `${home}/cache`)];
    },
    like: /composer|\/cache$/,
    off: new Set(["--no-cache"]),
    cleans: /^(?:clear-?cache|cc)\b/,
    assign: ({ builder, get }) =>
      builder.image === "composer" || get("COMPOSER_HOME") !== undefined || get("COMPOSER_CACHE_DIR") !== undefined
        ? undefined
        : "COMPOSER_CACHE_DIR=/var/cache/composer",
  },
  {
    tool: "Bundler",
    programs: ["bundle", "bundler"],
    downloads: /^(?:$|install\b|update\b)/,
    // Without the setting Bundler downloads into GEM_HOME, which a mount would take out of the image.
    targets: ({ builder, get }) => [
      get("BUNDLE_USER_CACHE") ?? `${get("BUNDLE_USER_HOME") ?? `${builder.home}/.bundle`}/cache`,
    ],
    like: /bundle|gem/,
    assign: ({ get }) => (get("BUNDLE_GLOBAL_GEM_CACHE") === undefined ? "BUNDLE_GLOBAL_GEM_CACHE=true" : undefined),
  },
];

/** Users of official images that have a home folder under /home and the same number for user and group. */
const HOMES: ReadonlySet<string> = new Set(["node", "bun", "app", "gradle", "pwuser"]);

/** The USER in force at each instruction, by the instruction before it that may have changed it. */
const builders = perDocument(() => new Map<string, { readonly builder: Builder | undefined }>());

/** Who runs the instruction; undefined when a variable or an unknown account hides it. */
export function builderAt(dockerfile: Dockerfile, instruction: Instruction): Builder | undefined {
  const { stage, index } = instruction;
  const changes = changersOf(dockerfile).findLast((each) => each.stage === stage && each.index < index);
  const known = builders(dockerfile);
  const key = `${stage} ${changes?.index ?? ""}`;
  const found = known.get(key) ?? { builder: readBuilder(dockerfile, instruction) };
  known.set(key, found);
  return found.builder;
}

const changersOf = perDocument(({ instructions }) =>
  instructions.filter(
    ({ name, pairs }) =>
      name === "USER" || ((name === "ENV" || name === "ARG") && pairs.some(({ key }) => key.text.includes("HOME"))),
  ),
);

function readBuilder(dockerfile: Dockerfile, instruction: Instruction): Builder | undefined {
  const stage: Stage | undefined = dockerfile.stages[instruction.stage];
  const base = stage && rootBase(dockerfile, stage);
  const image = base?.kind === "image" ? knownBase(base.reference) : undefined;
  const set = lastBefore(dockerfile, instruction, ({ name, args }) => name === "USER" && args.text !== "");
  const written = set && expandIn(dockerfile, set, set.args.text);
  if (written && !written.known) return undefined;
  const user = written ? (unquote(written.text).split(":")[0] ?? "") : image?.user === "other" ? undefined : "root";
  if (user === undefined) return undefined;
  const home = settingBefore(dockerfile, instruction, "HOME")?.value;
  const name = image?.name;
  if (isRoot(user)) return { root: true, home: home ?? "/root", owner: "", image: name };
  const account = image?.account;
  if (!account || (account.name !== user && String(account.uid) !== user) || !HOMES.has(account.name)) return undefined;
  return {
    root: false,
    home: home ?? `/home/${account.name}`,
    owner: `,uid=${account.uid},gid=${account.uid}`,
    image: name,
  };
}

const SAYS_ITSELF = /^(?:--version|--help|-v|-V|-h)$/;

/** The words behind the program that are no options; `yarn --version` is not what `yarn` alone is. */
export function plainWords({ args }: ShellCommand): string {
  let words = "";
  for (const { value } of args)
    if (!value.startsWith("-") && !value.startsWith("+")) words += words === "" ? value : ` ${value}`;
  return words === "" && args.some(({ value }) => SAYS_ITSELF.test(value)) ? "--version" : words;
}
