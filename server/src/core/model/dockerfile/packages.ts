/** Package manager calls of RUN: what is asked of which manager, with which options, about what. */
import { insert, type Edit } from "../../text/edit.ts";
import { tailOf } from "./logical.ts";
import { perInstruction } from "./memo.ts";
import type { Dockerfile, Instruction, Logical } from "./model.ts";
import { expandIn } from "./scope.ts";
import { isPosixShell, programsOf, type ShellCommand, type ShellWord } from "./shell.ts";

export interface PackageOption {
  /** One option: `-y`, `--yes`. Joined short options are split. */
  readonly name: string;
  readonly value: string | undefined;
  /** The word it stands in. */
  readonly word: ShellWord;
}

export interface PackageCall {
  readonly manager: Manager;
  /** `install`, `add`, `update`. */
  readonly action: ShellWord;
  readonly options: readonly PackageOption[];
  /** What the action is about: packages, files. */
  readonly operands: readonly ShellWord[];
  /** A variable probably holds options: what seems to be missing may be in it. */
  readonly hidden: boolean;
  readonly command: ShellCommand;
  /** Where it stands: the RUN, or what `innerScript` makes of a `sh -c "…"` in it. */
  readonly instruction: Instruction;
  /** Behind the action and the plain options that follow it. */
  readonly optionsEnd: number;
}

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

interface Syntax {
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
const SYNTAX: Readonly<Record<Manager, Syntax>> = {
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

/** The calls of a RUN, in order, in shell form, heredocs and JSON form. */
export const packageCalls = (dockerfile: Dockerfile, instruction: Instruction): readonly PackageCall[] =>
  instruction.name === "RUN" ? callsOnce(dockerfile, instruction) : [];

const callsOnce = perInstruction((dockerfile, instruction): readonly PackageCall[] =>
  programsWithin(dockerfile, instruction).flatMap((each) => callOf(dockerfile, each.instruction, each.command) ?? []),
);

export interface Program {
  readonly command: ShellCommand;
  readonly instruction: Instruction;
}

/** What a RUN runs, the scripts of `sh -c "…"` and what `xargs` starts included. */
export const programsWithin = perInstruction((dockerfile, instruction): readonly Program[] =>
  programsOf(dockerfile, instruction).flatMap((command): readonly Program[] => {
    const script = innerScript(instruction, command);
    const inner = script ? programsWithin(dockerfile, script) : [];
    const started = startedByXargs(command);
    return [{ command, instruction }, ...inner, ...(started ? [{ command: started, instruction }] : [])];
  }),
);

/** The script of `sh -c "…"` as a RUN of its own in the same place; undefined where escapes keep its offsets from being ours. */
function innerScript(instruction: Instruction, { name, args }: ShellCommand): Instruction | undefined {
  if (name === undefined || !isPosixShell(name)) return undefined;
  const option = args.findIndex(({ value }) => /^-[A-Za-z]*c[A-Za-z]*$/.test(value));
  const script = option === -1 ? undefined : args[option + 1];
  const body = script && logicalOf(instruction.body, script);
  if (!body) return undefined;
  const { json: _, ...shellForm } = instruction;
  return {
    ...shellForm,
    name: "RUN",
    body,
    args: { text: body.text, span: body.span(0, body.text.length) },
    heredocs: [],
  };
}

/** The word without its quotes. */
function logicalOf(body: Logical, { value, span }: ShellWord): Logical | undefined {
  if (value === "") return undefined;
  for (let at = body.text.indexOf(value); at !== -1; at = body.text.indexOf(value, at + 1)) {
    const start = body.sourceAt(at);
    if (start >= span.end) return undefined;
    if (start >= span.start) return tailOf(body, at, at + value.length);
  }
  return undefined;
}

/** `xargs apt-get install`: the packages come from elsewhere, the options stand here. */
function startedByXargs(command: ShellCommand): ShellCommand | undefined {
  if (command.name !== "xargs") return undefined;
  const at = command.args.findIndex(({ value }) => isSystemManager(value) || /^pip[\d.]*$/.test(value));
  const nameWord = command.args[at];
  return (
    nameWord && {
      ...command,
      nameWord,
      name: nameWord.value,
      args: command.args.slice(at + 1),
      span: { start: nameWord.span.start, end: command.span.end },
      wrappers: [...command.wrappers, "xargs"],
    }
  );
}

function callOf(dockerfile: Dockerfile, instruction: Instruction, command: ShellCommand): PackageCall | undefined {
  const start = managerOf(command);
  if (!start) return undefined;
  const { manager, args } = start;
  const read = readArguments(dockerfile, instruction, args, SYNTAX[manager]);
  // `apt-get $options install`: what comes before a plain word is no action.
  const at = read.operands.findIndex(({ literal }) => literal);
  const action = read.operands[at];
  if (!action) return undefined;
  const hidden = read.hidden || read.operands.slice(0, at).some(({ literal }) => !literal);
  return {
    manager,
    action,
    options: read.options,
    operands: read.operands.slice(at + 1),
    hidden,
    command,
    instruction,
    optionsEnd: optionsEnd(action, args, read.options),
  };
}

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

function managerOf({ name, args }: ShellCommand): { manager: Manager; args: readonly ShellWord[] } | undefined {
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

interface Arguments {
  readonly options: readonly PackageOption[];
  readonly operands: readonly ShellWord[];
  readonly hidden: boolean;
}

/** Names of variables that hold options rather than packages. */
const OPTION_VARIABLE = /opt|flag|arg|param/i;

function readArguments(
  dockerfile: Dockerfile,
  instruction: Instruction,
  args: readonly ShellWord[],
  syntax: Syntax,
): Arguments {
  const options: PackageOption[] = [];
  const operands: ShellWord[] = [];
  let hidden = false;
  let waiting: string | undefined;
  let only = false;
  const take = (value: string, word: ShellWord): void => {
    if (waiting !== undefined) {
      options.push({ name: waiting, value, word });
      waiting = undefined;
    } else if (only || !value.startsWith("-") || value === "-") operands.push(word);
    else if (value === "--") only = true;
    else if (value.startsWith("--")) {
      const equals = value.indexOf("=");
      const name = equals === -1 ? value : value.slice(0, equals);
      if (equals !== -1) options.push({ name, value: value.slice(equals + 1), word });
      else if (syntax.long.has(name)) waiting = name;
      else options.push({ name, value: undefined, word });
    } else waiting = shortOptions(value, word, syntax, options);
  };
  for (const word of args) {
    if (word.literal || waiting !== undefined) {
      take(word.value, word);
      continue;
    }
    const { text, known } = expandIn(dockerfile, instruction, word.value);
    if (known && text.trimStart().startsWith("-")) for (const part of text.trim().split(/\s+/)) take(part, word);
    else {
      if (!known && OPTION_VARIABLE.test(word.value) && !word.value.includes("=")) hidden = true;
      operands.push(word);
    }
  }
  return { options, operands, hidden };
}

/** `-yqq` is three options; `-oX`, `-o X` and apt's `-q=2` have a value. Returns the option that waits for one. */
function shortOptions(value: string, word: ShellWord, syntax: Syntax, options: PackageOption[]): string | undefined {
  for (let at = 1; at < value.length; at++) {
    const letter = value.charAt(at);
    const rest = value.slice(at + 1);
    if (syntax.short.includes(letter)) {
      if (rest === "") return `-${letter}`;
      options.push({ name: `-${letter}`, value: rest.replace(/^=/, ""), word });
      return undefined;
    }
    if (rest.startsWith("=")) {
      options.push({ name: `-${letter}`, value: rest.slice(1), word });
      return undefined;
    }
    options.push({ name: `-${letter}`, value: undefined, word });
  }
  return undefined;
}

function optionsEnd(action: ShellWord, args: readonly ShellWord[], options: readonly PackageOption[]): number {
  let end = action.span.end;
  const plain = new Set(
    options.filter(({ word, value }) => value === undefined && word.literal).map(({ word }) => word),
  );
  for (const word of args.slice(args.indexOf(action) + 1)) {
    if (!plain.has(word)) break;
    end = word.span.end;
  }
  return end;
}

/** True when one of the names is among the options. */
export const hasOption = ({ options }: PackageCall, ...names: readonly string[]): boolean =>
  options.some(({ name }) => names.includes(name));

/** One more option for the action. */
export const addOption = ({ optionsEnd, instruction }: PackageCall, option: string): Edit =>
  insert(optionsEnd, instruction.json ? `, "${option}"` : ` ${option}`);

/** Values of apt's `-o Name=value`, by name without case. */
export const aptSetting = ({ options }: PackageCall, setting: string): string | undefined =>
  options
    .filter(({ name }) => name === "-o" || name === "--option")
    .map(({ value = "" }) => value.split("="))
    .findLast(([name]) => name?.toLowerCase() === setting.toLowerCase())?.[1];

/** apt reads 0, no, false, without, off and disable as false (StringToBool of apt-pkg). */
export const isAptFalse = (value: string | undefined): boolean =>
  value !== undefined && /^(?:0|no|false|without|off|disable)$/i.test(value);
export const isAptTrue = (value: string | undefined): boolean =>
  value !== undefined && /^(?:1|yes|true|with|on|enable)$/i.test(value);
