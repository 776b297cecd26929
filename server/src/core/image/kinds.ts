/** What is known to lie in images without being needed there: where it lies, and what keeps it out. */

export interface Kind {
  /** `apt-lists` */
  readonly kind: string;
  /** `apt package lists` */
  readonly title: string;
  /** Ids of our rules that report it: first those whose fix removes it. */
  readonly rules: readonly string[];
  /** What to do, in a sentence. */
  readonly advice: string;
  /** It lies about in many folders, which are told of together. */
  readonly scattered?: boolean;
}

export interface FolderKind extends Kind {
  /** A folder, all below which it is: from the root, or its last parts wherever they stand. */
  readonly folders?: readonly string[];
  readonly anywhere?: readonly string[];
}

const CLEAN_IN_RUN = "Delete it in the RUN that fills it, or mount a cache there: a later RUN makes no layer smaller";
const CACHE_MOUNT = "Mount a cache there while installing: RUN --mount=type=cache,target=…";
const COPY_RESULT = "Build in a stage of its own and copy the result: nothing reads this when the image runs";
const NO_DOCS =
  "Nobody reads it in a container: exclude it when installing (dpkg's path-exclude, dnf's tsflags=nodocs), or choose a slim base";

export const FOLDER_KINDS: readonly FolderKind[] = [
  {
    kind: "apt-lists",
    title: "apt package lists",
    folders: ["var/lib/apt/lists"],
    rules: ["apt-lists-left", "cache-mount-missing"],
    advice:
      "Add && rm -rf /var/lib/apt/lists/* to the RUN that updates them: only apt reads them, and they are soon out of date",
  },
  {
    kind: "apt-archives",
    title: "packages apt downloaded",
    folders: ["var/cache/apt"],
    rules: ["cache-mount-missing", "apt-lists-left"],
    advice: "Add && apt-get clean to the RUN that installs, or mount a cache on /var/cache/apt",
  },
  {
    kind: "apk-cache",
    title: "apk cache",
    folders: ["var/cache/apk", "etc/apk/cache"],
    rules: ["apk-no-cache", "cache-mount-missing"],
    advice: "Install with apk add --no-cache",
  },
  {
    kind: "dnf-cache",
    title: "dnf cache",
    folders: ["var/cache/dnf", "var/cache/libdnf5"],
    rules: ["dnf-clean", "tdnf-clean"],
    advice: "Add && dnf clean all to the RUN that installs",
  },
  {
    kind: "yum-cache",
    title: "yum cache",
    folders: ["var/cache/yum"],
    rules: ["yum-clean", "dnf-clean"],
    advice: "Add && yum clean all to the RUN that installs",
  },
  {
    kind: "tdnf-cache",
    title: "tdnf cache",
    folders: ["var/cache/tdnf"],
    rules: ["tdnf-clean"],
    advice: "Add && tdnf clean all to the RUN that installs",
  },
  {
    kind: "zypper-cache",
    title: "zypper cache",
    folders: ["var/cache/zypp"],
    rules: ["zypper-clean"],
    advice: "Add && zypper clean --all to the RUN that installs",
  },
  {
    kind: "pip-cache",
    title: "pip cache",
    anywhere: [".cache/pip"],
    rules: ["pip-cache", "cache-mount-missing"],
    advice: "Install with pip install --no-cache-dir",
  },
  {
    kind: "python-tool-cache",
    title: "uv, Poetry or pipenv cache",
    anywhere: [".cache/uv", ".cache/pypoetry", ".cache/pipenv"],
    rules: ["cache-mount-missing"],
    advice: CACHE_MOUNT,
  },
  {
    kind: "npm-cache",
    title: "npm cache",
    anywhere: [".npm/_cacache", ".npm/_logs"],
    rules: ["cache-mount-missing"],
    advice: `${CACHE_MOUNT}; or add && npm cache clean --force to the RUN that installs`,
  },
  {
    kind: "yarn-cache",
    title: "Yarn cache",
    folders: ["usr/local/share/.cache/yarn"],
    anywhere: [".cache/yarn"],
    rules: ["yarn-cache", "cache-mount-missing"],
    advice: "Add && yarn cache clean to the RUN that installs",
  },
  {
    kind: "pnpm-cache",
    title: "pnpm store",
    anywhere: [".local/share/pnpm/store", ".pnpm-store", ".cache/pnpm"],
    rules: ["cache-mount-missing"],
    advice: CACHE_MOUNT,
  },
  {
    kind: "bun-cache",
    title: "Bun cache",
    anywhere: [".bun/install/cache"],
    rules: ["cache-mount-missing"],
    advice: CACHE_MOUNT,
  },
  {
    kind: "git",
    title: "git history",
    anywhere: [".git"],
    rules: ["dockerignore-missing"],
    advice: "List .git in .dockerignore; after a git clone, delete it in the same RUN, or clone in a stage of its own",
  },
  {
    kind: "go-cache",
    title: "Go caches",
    folders: ["go/pkg/mod"],
    anywhere: ["go/pkg/mod", ".cache/go-build"],
    rules: ["cache-mount-missing", "build-tools-in-final-stage"],
    advice: COPY_RESULT,
  },
  {
    kind: "cargo-cache",
    title: "Cargo caches",
    anywhere: ["cargo/registry", "cargo/git", ".cargo/registry", ".cargo/git"],
    rules: ["cache-mount-missing", "build-tools-in-final-stage"],
    advice: COPY_RESULT,
  },
  {
    kind: "maven-cache",
    title: "Maven repository",
    anywhere: [".m2/repository"],
    rules: ["cache-mount-missing", "build-tools-in-final-stage"],
    advice: COPY_RESULT,
  },
  {
    kind: "gradle-cache",
    title: "Gradle caches",
    anywhere: [".gradle/caches", ".gradle/wrapper/dists"],
    rules: ["cache-mount-missing", "build-tools-in-final-stage"],
    advice: COPY_RESULT,
  },
  {
    kind: "nuget-cache",
    title: "NuGet packages",
    anywhere: [".nuget/packages", ".local/share/NuGet"],
    rules: ["cache-mount-missing", "build-tools-in-final-stage"],
    advice: COPY_RESULT,
  },
  {
    kind: "composer-cache",
    title: "Composer cache",
    anywhere: [".composer/cache", ".cache/composer"],
    rules: ["cache-mount-missing"],
    advice: CACHE_MOUNT,
  },
  {
    kind: "docs",
    title: "documentation",
    folders: ["usr/share/doc", "usr/share/info", "usr/share/gtk-doc", "usr/local/share/doc"],
    rules: [],
    advice: NO_DOCS,
    scattered: true,
  },
  {
    kind: "man",
    title: "manual pages",
    folders: ["usr/share/man", "usr/local/share/man", "usr/local/man"],
    rules: [],
    advice: NO_DOCS,
    scattered: true,
  },
  {
    kind: "locale",
    title: "translations",
    folders: ["usr/share/locale", "usr/share/i18n"],
    rules: [],
    advice:
      "Messages in other languages: exclude what nobody needs when installing (dpkg's path-exclude, rpm's %_install_langs)",
    scattered: true,
  },
  {
    kind: "pycache",
    title: "Python bytecode",
    anywhere: ["__pycache__"],
    rules: [],
    advice:
      "Set PYTHONDONTWRITEBYTECODE=1 before installing: Python compiles again when it has to, which makes starts a little slower",
    scattered: true,
  },
  {
    kind: "tmp",
    title: "temporary files",
    folders: ["tmp", "var/tmp"],
    rules: ["run-consecutive"],
    advice: CLEAN_IN_RUN,
    scattered: true,
  },
];

export const BUILD_PACKAGES: Kind = {
  kind: "build-packages",
  title: "compilers and headers",
  rules: ["build-tools-in-final-stage"],
  advice: "Build in a stage of its own and copy the result, or remove the packages in the RUN that installed them",
  scattered: true,
};

export const DEVELOPMENT_DEPENDENCIES: Kind = {
  kind: "node-modules-dev",
  title: "npm packages for development",
  rules: ["build-tools-in-final-stage"],
  advice:
    "Install with npm ci --omit=dev in the stage that ships, or run npm prune --omit=dev in the RUN that installed",
};
