/** Which ecosystems the paths of a build context hold, in which folders, and which files say so. Names only: nothing is read. */
export type Ecosystem =
  | "node"
  | "deno"
  | "python"
  | "go"
  | "rust"
  | "maven"
  | "gradle"
  | "dotnet"
  | "ruby"
  | "php"
  | "elixir"
  | "cmake"
  | "make"
  | "static site";

export interface Found {
  readonly ecosystem: Ecosystem;
  /** Relative to the context's root; empty for the root itself. */
  readonly folder: string;
  /** What it is recognised by. */
  readonly manifests: readonly string[];
  readonly locks: readonly string[];
  /** Files that say a version of the language, or configure its tools. */
  readonly settings: readonly string[];
  /** The project around it, where that is one of the same ecosystem: a package of a workspace, a module of a build. */
  readonly within: string | undefined;
}

interface Row {
  readonly ecosystem: Ecosystem;
  /** Names of a file that makes a folder one of these, with at most one `*`. */
  readonly manifests: readonly string[];
  readonly locks?: readonly string[];
  readonly settings?: readonly string[];
  /** Only where no other project is in that folder or around it: a page there belongs to that one, and so does a Makefile. */
  readonly alone?: boolean;
}

const ROWS: readonly Row[] = [
  {
    ecosystem: "node",
    manifests: ["package.json"],
    locks: ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
    settings: [
      ".nvmrc",
      ".node-version",
      ".npmrc",
      ".yarnrc.yml",
      ".yarnrc",
      "pnpm-workspace.yaml",
      "lerna.json",
      "nx.json",
      "turbo.json",
      "tsconfig.json",
      "next.config.*",
      "nuxt.config.*",
      "vite.config.*",
      "svelte.config.*",
      "astro.config.*",
      "vue.config.js",
      "nest-cli.json",
      "angular.json",
    ],
  },
  { ecosystem: "deno", manifests: ["deno.json", "deno.jsonc"], locks: ["deno.lock"] },
  {
    ecosystem: "python",
    manifests: ["pyproject.toml", "requirements*.txt", "requirements/*.txt", "Pipfile", "setup.py", "setup.cfg"],
    locks: ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"],
    settings: [".python-version", "runtime.txt", "uv.toml", "poetry.toml", "manage.py", "environment.yml"],
  },
  { ecosystem: "go", manifests: ["go.mod"], locks: ["go.sum"], settings: ["go.work", ".go-version"] },
  {
    ecosystem: "rust",
    manifests: ["Cargo.toml"],
    locks: ["Cargo.lock"],
    settings: ["rust-toolchain.toml", "rust-toolchain", "build.rs"],
  },
  { ecosystem: "maven", manifests: ["pom.xml"], settings: ["mvnw", ".java-version", ".sdkmanrc"] },
  {
    ecosystem: "gradle",
    manifests: ["build.gradle", "build.gradle.kts"],
    locks: ["gradle.lockfile"],
    settings: ["settings.gradle", "settings.gradle.kts", "gradlew", "gradle.properties", ".java-version"],
  },
  {
    ecosystem: "dotnet",
    manifests: ["*.csproj", "*.fsproj", "*.vbproj"],
    locks: ["packages.lock.json"],
    settings: [
      "*.sln",
      "*.slnx",
      "global.json",
      "Directory.Build.props",
      "Directory.Packages.props",
      "nuget.config",
      "NuGet.config",
    ],
  },
  {
    ecosystem: "ruby",
    manifests: ["Gemfile"],
    locks: ["Gemfile.lock"],
    settings: [".ruby-version", "config.ru", "Rakefile", ".tool-versions"],
  },
  { ecosystem: "php", manifests: ["composer.json"], locks: ["composer.lock"], settings: ["artisan", "symfony.lock"] },
  { ecosystem: "elixir", manifests: ["mix.exs"], locks: ["mix.lock"], settings: [".tool-versions"] },
  {
    ecosystem: "cmake",
    manifests: ["CMakeLists.txt"],
    settings: ["CMakePresets.json", "conanfile.txt", "conanfile.py", "vcpkg.json"],
  },
  { ecosystem: "make", manifests: ["Makefile", "makefile", "GNUmakefile"], alone: true },
  { ecosystem: "static site", manifests: ["index.html"], alone: true },
];

/** Folders of what others wrote, what a build made, or what only tests read. */
const NOT_OURS: ReadonlySet<string> = new Set([
  "node_modules",
  "bower_components",
  "vendor",
  ".git",
  ".venv",
  "venv",
  "site-packages",
  "__pycache__",
  "target",
  "dist",
  "build",
  "out",
  ".next",
  ".nuxt",
  ".output",
  "bin",
  "obj",
  "deps",
  "_build",
  "coverage",
  "testdata",
  "fixtures",
  "__fixtures__",
]);

const MAX_DEPTH = 6;

/** `paths` as the build context lists them: relative, with forward slashes, folders with one behind. */
export function ecosystemsIn(paths: Iterable<string>): readonly Found[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    if (path.endsWith("/")) continue;
    const plain = path.replace(/^\.\//, "");
    // `requirements/base.txt` belongs to the folder around it.
    const own = /(?:^|\/)requirements\/[^/]+\.txt$/.test(plain) ? plain.lastIndexOf("requirements/") : plain.length;
    const at = plain.lastIndexOf("/", own - 1);
    const folder = at === -1 ? "" : plain.slice(0, at);
    const names = folders.get(folder);
    if (names) names.push(plain.slice(at + 1));
    else if (isOurs(folder)) folders.set(folder, [plain.slice(at + 1)]);
  }
  const found: Found[] = [];
  // Outer folders first, so that what is around a folder is known.
  const inOrder = [...folders].toSorted(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const around = new Map<Ecosystem, Set<string>>();
  const anyProject = new Set<string>();
  for (const [folder, names] of inOrder) {
    const all = new Set(names);
    const here = ROWS.filter(({ manifests }) => manifests.some((pattern) => namesLike(pattern, all).length > 0));
    for (const row of here) {
      if (row.alone && here.length > 1) continue;
      const taken = around.get(row.ecosystem) ?? new Set<string>();
      const within = outer(folder, taken);
      // The parts of a C project are told by their root.
      if (within !== undefined && row.ecosystem === "cmake") continue;
      if (row.alone && outer(folder, anyProject) !== undefined) continue;
      around.set(row.ecosystem, taken.add(folder));
      anyProject.add(folder);
      const those = (patterns: readonly string[] | undefined): readonly string[] =>
        [...new Set(patterns?.flatMap((pattern) => namesLike(pattern, all)))]
          .map((name) => (folder === "" ? name : `${folder}/${name}`))
          .toSorted();
      found.push({
        ecosystem: row.ecosystem,
        folder,
        manifests: those(row.manifests),
        locks: those(row.locks),
        settings: those(row.settings),
        within,
      });
    }
  }
  // A Makefile above other projects only starts what is theirs.
  return found.filter(
    ({ ecosystem, folder }) =>
      ecosystem !== "make" || !found.some((other) => other.ecosystem !== "make" && isBelow(other.folder, folder)),
  );
}

const isBelow = (folder: string, above: string): boolean => above === "" || folder.startsWith(`${above}/`);

const depth = (folder: string): number => (folder === "" ? 0 : folder.split("/").length);

const isOurs = (folder: string): boolean =>
  folder === "" || (depth(folder) <= MAX_DEPTH && !folder.split("/").some((part) => NOT_OURS.has(part)));

function namesLike(pattern: string, names: ReadonlySet<string>): readonly string[] {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return names.has(pattern) ? [pattern] : [];
  return [...names].filter(
    (name) =>
      name.length >= pattern.length - 1 &&
      name.startsWith(start) &&
      name.endsWith(end) &&
      !name.slice(start.length).includes("/"),
  );
}

/** The nearest of the folders that is around this one. */
function outer(folder: string, folders: ReadonlySet<string>): string | undefined {
  let at = folder;
  while (at !== "") {
    const slash = at.lastIndexOf("/");
    at = slash === -1 ? "" : at.slice(0, slash);
    if (folders.has(at)) return at;
  }
  return undefined;
}
