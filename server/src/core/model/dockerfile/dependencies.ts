/** Commands that install what a manifest lists, and the files each of them reads. */
import type { ShellCommand } from "./shell.ts";

export interface Installer {
  /** For messages: `npm ci`. */
  readonly label: string;
  /** The file without which it cannot run; the path is relative to the folder the command runs in. */
  readonly manifest: string;
  /** Files it reads as well where they exist. */
  readonly companions: readonly string[];
  /** Files and folders whose presence says that it reads more than these files: workspaces, patches, generators. */
  readonly readsMore: readonly string[];
  /** Why it cannot run from these files alone, where that is known. */
  readonly needsMore?: string;
  /** Folder given by an option, relative to the working folder. */
  readonly folder?: string;
}

interface Row {
  readonly manifest: string;
  readonly companions: readonly string[];
  readonly readsMore?: readonly string[];
  /** The words behind the program name that make it an install. */
  readonly actions: readonly string[];
  /** A package named on the command line makes it another thing. */
  readonly bare?: boolean;
  readonly folderOptions?: readonly string[];
  readonly needsMore?: (args: readonly string[]) => string | undefined;
}

const NODE_CONFIG = [".npmrc"];
const NODE_MORE = ["pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json", "patches", "prisma"];

const ROWS: Readonly<Record<string, Row>> = {
  npm: {
    manifest: "package.json",
    companions: ["package-lock.json", "npm-shrinkwrap.json", ...NODE_CONFIG],
    actions: ["ci", "install", "i", "clean-install"],
    bare: true,
    readsMore: NODE_MORE,
    folderOptions: ["--prefix", "-C"],
  },
  yarn: {
    manifest: "package.json",
    companions: ["yarn.lock", ".yarnrc", ".yarnrc.yml", ...NODE_CONFIG],
    actions: ["", "install"],
    bare: true,
    readsMore: [...NODE_MORE, ".yarn"],
    folderOptions: ["--cwd"],
  },
  pnpm: {
    manifest: "package.json",
    companions: ["pnpm-lock.yaml", ...NODE_CONFIG],
    actions: ["install", "i", "fetch"],
    bare: true,
    readsMore: [...NODE_MORE, ".pnpmfile.cjs"],
    folderOptions: ["--dir", "-C"],
  },
  bun: {
    manifest: "package.json",
    companions: ["bun.lock", "bun.lockb", "bunfig.toml", ...NODE_CONFIG],
    actions: ["install", "i"],
    bare: true,
    readsMore: NODE_MORE,
  },
  poetry: {
    manifest: "pyproject.toml",
    companions: ["poetry.lock", "poetry.toml"],
    actions: ["install", "sync"],
    folderOptions: ["-C", "--directory", "-P", "--project"],
    needsMore: (args) =>
      args.includes("--no-root")
        ? undefined
        : "poetry installs the project itself too, which needs its source: add --no-root first",
  },
  uv: {
    manifest: "pyproject.toml",
    companions: ["uv.lock", ".python-version", "uv.toml"],
    actions: ["sync"],
    folderOptions: ["--directory", "--project"],
    needsMore: (args) =>
      args.includes("--no-install-project") || args.includes("--no-install-workspace")
        ? undefined
        : "uv sync installs the project itself too, which needs its source: add --no-install-project first",
  },
  pdm: {
    manifest: "pyproject.toml",
    companions: ["pdm.lock"],
    actions: ["install", "sync"],
    needsMore: (args) =>
      args.includes("--no-self")
        ? undefined
        : "pdm installs the project itself too, which needs its source: add --no-self first",
  },
  pipenv: { manifest: "Pipfile", companions: ["Pipfile.lock"], actions: ["install", "sync"], bare: true },
  go: { manifest: "go.mod", companions: ["go.sum"], actions: ["mod download"], bare: true, readsMore: ["go.work"] },
  bundle: {
    manifest: "Gemfile",
    companions: ["Gemfile.lock", ".ruby-version"],
    actions: ["install", ""],
  },
  composer: {
    manifest: "composer.json",
    companions: ["composer.lock", "symfony.lock", "auth.json"],
    actions: ["install", "i"],
    folderOptions: ["-d", "--working-dir"],
    needsMore: (args) =>
      args.includes("--no-autoloader") && args.includes("--no-scripts")
        ? undefined
        : "composer install also writes the autoloader and runs scripts, which need the source: add --no-scripts --no-autoloader first and dump the autoloader after the COPY",
  },
  mvn: {
    manifest: "pom.xml",
    companions: [],
    actions: ["dependency:go-offline", "dependency:resolve", "dependency:resolve-plugins"],
  },
  mix: {
    manifest: "mix.exs",
    companions: ["mix.lock"],
    actions: ["deps.get"],
    readsMore: ["apps", "config"],
  },
  dart: { manifest: "pubspec.yaml", companions: ["pubspec.lock"], actions: ["pub get"] },
  flutter: { manifest: "pubspec.yaml", companions: ["pubspec.lock"], actions: ["pub get"] },
};

/** Options of package managers that take the next word as their value. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  "--registry",
  "--network-timeout",
  "--cache",
  "--cache-folder",
  "--loglevel",
  "--jobs",
  "-j",
  "--retry",
  "--without",
  "--with",
  "--only",
  "--omit",
  "--group",
  "--extra",
  "--python",
  "-f",
  "--file",
  "-s",
  "--filter",
  "--store-dir",
]);

/** The installer a command is; undefined for everything else, such as `npm install left-pad`. */
export function installerOf(command: ShellCommand): Installer | undefined {
  const { name, args } = command;
  if (name === undefined || !Object.hasOwn(ROWS, name)) return undefined;
  const row = ROWS[name];
  if (!row || args.some(({ literal }) => !literal)) return undefined;
  const values = args.map(({ value }) => value);
  if (values.includes("-g") || values.includes("--global")) return undefined;
  const folder = optionValue(values, row.folderOptions ?? []);
  const words = plainWordsOf(values, row.folderOptions ?? []);
  // `yarn --version` is not what `yarn` alone is.
  if (words.length === 0 && values.some((value) => /^(?:--version|--help|-v|-h)$/.test(value))) return undefined;
  const action = row.actions.find((each) => isAction(name, each, words));
  if (action === undefined) return undefined;
  if (row.bare && words.length > countWords(action)) return undefined;
  const more = row.needsMore?.(values);
  return {
    label: `${name} ${action}`.trim(),
    manifest: row.manifest,
    companions: row.companions,
    readsMore: row.readsMore ?? [],
    ...(folder !== undefined && { folder }),
    ...(more !== undefined && { needsMore: more }),
  };
}

const countWords = (action: string): number => (action === "" ? 0 : action.split(" ").length);

/** Maven's goals may stand behind others. */
const isAction = (program: string, action: string, words: readonly string[]): boolean =>
  program === "mvn"
    ? words.includes(action)
    : words.slice(0, action === "" ? 1 : countWords(action)).join(" ") === action;

function optionValue(values: readonly string[], names: readonly string[]): string | undefined {
  for (const [at, value] of values.entries()) {
    if (names.includes(value)) return values[at + 1];
    const equals = value.indexOf("=");
    if (equals !== -1 && names.includes(value.slice(0, equals))) return value.slice(equals + 1);
  }
  return undefined;
}

function plainWordsOf(values: readonly string[], folderOptions: readonly string[]): readonly string[] {
  return values.filter((value, at) => {
    const before = values[at - 1] ?? "";
    return !value.startsWith("-") && !WITH_VALUE.has(before) && !folderOptions.includes(before);
  });
}
