/** What belongs in a .dockerignore, by what a project is made with. Data; what a build needs of it is found out in write.ts. */

export interface IgnoreGroup {
  /** A path of the build context that says the project is made with it; absent: every project. */
  readonly manifest?: RegExp;
  /** Nobody's source, whatever the build does. */
  readonly always: readonly string[];
  /** What these calls make anew in the image; left out where a Dockerfile that copies a folder makes no such call. */
  readonly made?: readonly { readonly by: RegExp; readonly patterns: readonly string[] }[];
}

const ANY_INSTALL_OF_NODE = /^(?:npm|yarn|pnpm|bun|corepack)\b/;
const BUILD_OF_NODE =
  /^(?:npm|npx|yarn|pnpm|bun|bunx|turbo|nx|node|tsc|vite|next|nuxt|nest|ng|webpack|gulp)\b.*(?:build|compile|bundle|generate|export|tsc|vite|webpack)|^(?:tsc|webpack)\b/;

export const GROUPS: readonly IgnoreGroup[] = [
  {
    always: [
      ".git",
      ".github",
      ".gitlab-ci.yml",
      ".vscode",
      ".idea",
      "**/.DS_Store",
      "**/*.log",
      ".env",
      ".env.*",
      "!.env.example",
      "*.pem",
      "*.key",
      "Dockerfile*",
      "compose*.y*ml",
      "docker-compose*.y*ml",
      ".dockerignore",
      "coverage",
    ],
  },
  {
    manifest: /(?:^|\/)package\.json$/,
    always: ["**/.turbo"],
    made: [
      { by: ANY_INSTALL_OF_NODE, patterns: ["**/node_modules"] },
      { by: BUILD_OF_NODE, patterns: ["**/.next", "**/.nuxt", "**/.output", "**/.svelte-kit", "dist", "build"] },
    ],
  },
  {
    manifest: /(?:^|\/)(?:pyproject\.toml|setup\.py|requirements[^/]*\.txt|Pipfile)$/,
    always: [
      "**/__pycache__",
      "**/*.py[cod]",
      "**/.pytest_cache",
      "**/.mypy_cache",
      "**/.ruff_cache",
      "**/.tox",
      "htmlcov",
    ],
    made: [
      {
        by: /^(?:pip[\d.]*|uv|poetry|pipenv|pdm|conda|mamba)\b|^python[\d.]* -m (?:pip|uv|venv)\b/,
        patterns: ["**/.venv", "venv", "**/*.egg-info"],
      },
    ],
  },
  {
    manifest: /(?:^|\/)go\.mod$/,
    always: ["*.test", "*.out"],
    made: [{ by: /^go (?:build|install)\b/, patterns: ["bin"] }],
  },
  { manifest: /(?:^|\/)Cargo\.toml$/, always: [], made: [{ by: /^cargo\b/, patterns: ["**/target"] }] },
  {
    manifest: /(?:^|\/)pom\.xml$/,
    always: [],
    made: [{ by: /^mvnw?\b/, patterns: ["**/target"] }],
  },
  {
    manifest: /(?:^|\/)build\.gradle(?:\.kts)?$/,
    always: [],
    made: [{ by: /^gradlew?\b/, patterns: ["**/build", "**/.gradle"] }],
  },
  {
    manifest: /\.(?:cs|fs|vb)proj$/,
    always: ["**/.vs", "**/*.user", "TestResults"],
    made: [{ by: /^dotnet (?:build|publish|restore)\b/, patterns: ["**/bin", "**/obj"] }],
  },
  {
    manifest: /(?:^|\/)Gemfile$/,
    always: ["log/*", "tmp/*", "storage/*", "config/master.key", "config/credentials/*.key"],
    made: [{ by: /^bundle\b/, patterns: ["vendor/bundle", ".bundle"] }],
  },
  {
    manifest: /(?:^|\/)composer\.json$/,
    always: ["storage/logs/*", "bootstrap/cache/*.php"],
    made: [{ by: /^composer(?:\.phar)?\b/, patterns: ["vendor"] }],
  },
  {
    manifest: /(?:^|\/)mix\.exs$/,
    always: ["erl_crash.dump"],
    made: [{ by: /^mix\b/, patterns: ["_build", "deps"] }],
  },
  {
    manifest: /(?:^|\/)(?:CMakeLists\.txt|Makefile)$/,
    always: ["CMakeCache.txt"],
    made: [{ by: /^(?:cmake|make|ninja|meson)\b/, patterns: ["cmake-build-*", "*.o"] }],
  },
];

/** Manifests of projects that work out their version from git, and so need `.git` in the build. */
export const READS_GIT =
  /setuptools[-_]scm|hatch-vcs|versioningit|dynamic-versioning|versioneer|git-commit-id|gitversion|nerdbank|\bvergen\b|\bgit2\b|git (?:describe|rev-parse|log)\b|buildvcs=true|sentry-cli|jgitver|palantir\.git-version|semantic-release/i;
/** Where that is said. */
export const TELLS_OF_GIT: ReadonlySet<string> = new Set([
  "pyproject.toml",
  "setup.py",
  "setup.cfg",
  "package.json",
  "pom.xml",
  "build.gradle",
  "build.gradle.kts",
  "Cargo.toml",
  "build.rs",
  "Makefile",
  "Directory.Build.props",
  "version.json",
]);
/** Frameworks that read `.env.production` and its like while they build. */
export const READS_ENV_IN_BUILD =
  /"(?:vite|next|nuxt|react-scripts|astro|@sveltejs\/kit|gatsby|@vue\/cli-service)"\s*:/;
