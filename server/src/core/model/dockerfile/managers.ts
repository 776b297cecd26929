/** Package managers: what they are called, and which of their options take a value. */
import type { ShellCommand, ShellWord } from "./shell.ts";

export type Manager = SystemManager | LanguageManager;

/** Those of languages. */
export type LanguageManager = "pip" | "pipx" | "uv pip" | "uv tool" | "npm" | "yarn" | "pnpm" | "bun" | "gem";

/** Those of distributions: called by their own names, with the action as the first plain word. */
export type SystemManager =
  | "apt-get"
  | "apt"
  | "aptitude"
  | "apk"
  | "yum"
  | "dnf"
  | "dnf5"
  | "microdnf"
  | "tdnf"
  | "zypper";

/** Which options take a value. */
export interface Syntax {
  /** Short options with a value. */
  readonly short: string;
  /** Long options whose value may be the next word. */
  readonly long: ReadonlySet<string>;
}

const APT: Syntax = {
  short: "octaPS",
  long: new Set([
    "--option",
    "--config-file",
    "--target-release",
    "--default-release",
    "--host-architecture",
    "--build-profiles",
    "--with-source",
    "--snapshot",
    "--solver",
    "--planner",
  ]),
};
const DNF: Syntax = {
  short: "cdexR",
  long: new Set([
    "--config",
    "--debuglevel",
    "--errorlevel",
    "--rpmverbosity",
    "--installroot",
    "--releasever",
    "--enablerepo",
    "--enable-repo",
    "--disablerepo",
    "--disable-repo",
    "--repo",
    "--repoid",
    "--repofrompath",
    "--exclude",
    "--excludepkgs",
    "--disableexcludes",
    "--disableexcludepkgs",
    "--setopt",
    "--comment",
    "--downloaddir",
    "--destdir",
    "--forcearch",
    "--advisory",
    "--cve",
    "--bz",
    "--sec-severity",
    "--color",
    "--randomwait",
    "--enableplugin",
    "--disableplugin",
  ]),
};
const PIP: Syntax = {
  short: "rcetbCif",
  long: new Set([
    "--requirement",
    "--constraint",
    "--editable",
    "--target",
    "--platform",
    "--python-version",
    "--implementation",
    "--abi",
    "--root",
    "--prefix",
    "--src",
    "--build",
    "--upgrade-strategy",
    "--config-settings",
    "--global-option",
    "--install-option",
    "--no-binary",
    "--only-binary",
    "--progress-bar",
    "--root-user-action",
    "--report",
    "--group",
    "--index-url",
    "--extra-index-url",
    "--find-links",
    "--python",
    "--log",
    "--proxy",
    "--retries",
    "--timeout",
    "--exists-action",
    "--trusted-host",
    "--cert",
    "--client-cert",
    "--cache-dir",
    "--use-feature",
    "--use-deprecated",
    "--keyring-provider",
  ]),
};
const NODE = ["--registry", "--loglevel", "--reporter", "--cwd", "--dir", "--filter", "--prefix", "--otp"];
export const SYNTAX: Readonly<Record<Manager, Syntax>> = {
  npm: {
    short: "Cw",
    long: new Set([
      ...NODE,
      "--cache",
      "--tag",
      "--omit",
      "--include",
      "--only",
      "--also",
      "--workspace",
      "--userconfig",
      "--globalconfig",
      "--install-strategy",
      "--script-shell",
      "--fetch-retries",
      "--fetch-timeout",
      "--fetch-retry-mintimeout",
      "--fetch-retry-maxtimeout",
      "--maxsockets",
      "--cpu",
      "--os",
      "--libc",
      "--before",
      "--node-options",
      "--python",
      "--cafile",
      "--proxy",
      "--https-proxy",
      "--noproxy",
    ]),
  },
  yarn: {
    short: "",
    long: new Set([
      ...NODE,
      "--cache-folder",
      "--modules-folder",
      "--global-folder",
      "--link-folder",
      "--preferred-cache-folder",
      "--network-timeout",
      "--network-concurrency",
      "--mutex",
      "--use-yarnrc",
      "--proxy",
      "--https-proxy",
      "--mode",
    ]),
  },
  pnpm: {
    short: "CF",
    long: new Set([...NODE, "--store-dir", "--virtual-store-dir", "--global-dir", "--global-bin-dir", "--modules-dir"]),
  },
  bun: { short: "c", long: new Set([...NODE, "--config", "--cache-dir", "--backend", "--global-dir", "--cafile"]) },
  gem: {
    short: "vinPsBp",
    long: new Set([
      "--version",
      "--install-dir",
      "--bindir",
      "--build-root",
      "--platform",
      "--source",
      "--trust-policy",
      "--http-proxy",
      "--bulk-threshold",
      "--config-file",
    ]),
  },
  pipx: {
    short: "i",
    long: new Set(["--python", "--index-url", "--pip-args", "--suffix", "--preinstall", "--spec", "--backend"]),
  },
  "uv tool": {
    short: "cbpfi",
    long: new Set([
      "--python",
      "--with",
      "--with-requirements",
      "--with-editable",
      "--constraints",
      "--overrides",
      "--index",
      "--default-index",
      "--index-url",
      "--extra-index-url",
      "--find-links",
      "--cache-dir",
      "--from",
      "--prerelease",
      "--resolution",
      "--exclude-newer",
      "--python-platform",
      "--link-mode",
    ]),
  },
  yum: DNF,
  dnf: DNF,
  dnf5: DNF,
  microdnf: DNF,
  tdnf: DNF,
  zypper: {
    short: "rtcRp",
    long: new Set([
      "--repo",
      "--from",
      "--type",
      "--config",
      "--root",
      "--installroot",
      "--releasever",
      "--plus-repo",
      "--plus-content",
      "--reposd-dir",
      "--cache-dir",
      "--pkg-cache-dir",
      "--raw-cache-dir",
      "--solv-cache-dir",
      "--download",
      "--solver-focus",
    ]),
  },
  "apt-get": APT,
  apt: APT,
  aptitude: { short: "otwFO", long: new Set(["--target-release", "--width", "--display-format", "--sort"]) },
  apk: {
    short: "pXt",
    long: new Set([
      "--root",
      "--repository",
      "--virtual",
      "--keys-dir",
      "--repositories-file",
      "--wait",
      "--arch",
      "--cache-dir",
      "--cache-max-age",
      "--progress-fd",
      "--timeout",
    ]),
  },
  pip: PIP,
  "uv pip": PIP,
};

const SYSTEM_MANAGERS: ReadonlySet<string> = new Set<SystemManager>([
  "apt-get",
  "apt",
  "aptitude",
  "apk",
  "yum",
  "dnf",
  "dnf5",
  "microdnf",
  "tdnf",
  "zypper",
]);

/** Language managers that are called by their own names. */
const OWN_NAMES: ReadonlySet<string> = new Set<LanguageManager>(["pipx", "npm", "yarn", "pnpm", "bun", "gem"]);

const isOwnName = (name: string): name is LanguageManager => OWN_NAMES.has(name);

export const isSystemManager = (name: string): name is SystemManager => SYSTEM_MANAGERS.has(name);

/** Which one a command calls, and the words behind its name: those behind `-m pip` for Python. */
export function managerOf({ name, args }: ShellCommand): { manager: Manager; args: readonly ShellWord[] } | undefined {
  if (name === undefined) return undefined;
  if (isSystemManager(name)) return { manager: name, args };
  if (/^pip[\d.]*$/.test(name)) return { manager: "pip", args };
  if (isOwnName(name)) return { manager: name, args };
  if (name === "uv" && args[0]?.value === "pip") return { manager: "uv pip", args: args.slice(1) };
  if (name === "uv" && args[0]?.value === "tool") return { manager: "uv tool", args: args.slice(1) };
  if (!/^(?:python|pypy)[\d.]*$/.test(name)) return undefined;
  const at = args.findIndex(({ value }) => !value.startsWith("-") || value === "-m" || value === "-mpip");
  if (args[at]?.value === "-mpip") return { manager: "pip", args: args.slice(at + 1) };
  if (args[at]?.value === "-m" && args[at + 1]?.value === "pip") return { manager: "pip", args: args.slice(at + 2) };
  return undefined;
}
