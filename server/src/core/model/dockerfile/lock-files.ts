/** Installs from a manifest, and the lock files that say which versions they take. */
import { originOf, folderOfCommand, type Origin } from "./context-files.ts";
import { installerOf } from "./dependencies.ts";
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { programsCalled } from "./programs.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";

export interface LockedInstall {
  /** For messages: `npm ci`. */
  readonly label: string;
  readonly program: string;
  /** The word that says what is done: `install`; undefined for `yarn` and `bundle` alone. */
  readonly action: ShellWord | undefined;
  /** It takes new versions whatever the lock file says: `composer update`. */
  readonly updates: boolean;
  readonly command: ShellCommand;
  readonly run: Instruction;
  /** Folder in the image. */
  readonly folder: string;
  readonly manifest: string;
  /** Names of its lock file, any of which will do. */
  readonly locks: readonly string[];
}

interface Row {
  readonly manifest: string;
  readonly locks: readonly string[];
  /** Actions that take new versions of everything. */
  readonly updates?: readonly string[];
  /** Actions beside those `installerOf` knows. */
  readonly more?: readonly string[];
}

const PACKAGE = "package.json";
const PYPROJECT = "pyproject.toml";

const ROWS: Readonly<Record<string, Row>> = {
  npm: {
    manifest: PACKAGE,
    locks: ["package-lock.json", "npm-shrinkwrap.json"],
    updates: ["update", "up", "upgrade"],
  },
  yarn: { manifest: PACKAGE, locks: ["yarn.lock"], updates: ["upgrade", "up"] },
  pnpm: { manifest: PACKAGE, locks: ["pnpm-lock.yaml"], updates: ["update", "up", "upgrade"] },
  bun: { manifest: PACKAGE, locks: ["bun.lock", "bun.lockb"], updates: ["update"], more: ["ci"] },
  poetry: { manifest: PYPROJECT, locks: ["poetry.lock"], updates: ["update"] },
  uv: { manifest: PYPROJECT, locks: ["uv.lock"] },
  pdm: { manifest: PYPROJECT, locks: ["pdm.lock"], updates: ["update"] },
  pipenv: { manifest: "Pipfile", locks: ["Pipfile.lock"], updates: ["update", "upgrade"] },
  go: { manifest: "go.mod", locks: ["go.sum"] },
  bundle: { manifest: "Gemfile", locks: ["Gemfile.lock"], updates: ["update"] },
  composer: { manifest: "composer.json", locks: ["composer.lock"], updates: ["update", "u", "upgrade"] },
  mix: { manifest: "mix.exs", locks: ["mix.lock"] },
  cargo: {
    manifest: "Cargo.toml",
    locks: ["Cargo.lock"],
    updates: ["update"],
    more: ["build", "b", "run", "r", "test", "t", "check", "c", "rustc", "fetch"],
  },
};

export const lockedInstalls = perDocument((dockerfile): readonly LockedInstall[] =>
  Object.keys(ROWS).flatMap((program) =>
    programsCalled(dockerfile, program).flatMap(
      ({ command, instruction }) => installOf(dockerfile, program, command, instruction) ?? [],
    ),
  ),
);

function installOf(
  dockerfile: Dockerfile,
  program: string,
  command: ShellCommand,
  run: Instruction,
): LockedInstall | undefined {
  const row = ROWS[program];
  const installer = installerOf(command);
  const words = command.args.filter(({ value }) => !/^[-+]/.test(value));
  const [action] = words;
  const alone = command.args.every((word) => word.literal) && words.length === 1 && !isGlobal(command);
  const updates = alone && (row?.updates?.includes(action?.value ?? "") ?? false);
  const more = !isElsewhere(program, command) && (row?.more?.includes(action?.value ?? "") ?? false);
  if (!row || (!installer && !updates && !more)) return undefined;
  const start = folderOfCommand(dockerfile, run, command);
  if (start === undefined) return undefined;
  const folder = installer?.folder === undefined ? start : resolved(start, installer.folder);
  if (folder === undefined) return undefined;
  return {
    label: installer?.label ?? `${program} ${action?.value ?? ""}`.trim(),
    program,
    action,
    updates,
    command,
    run,
    folder,
    manifest: row.manifest,
    locks: row.locks,
  };
}

const isGlobal = ({ args }: ShellCommand): boolean => args.some(({ value }) => value === "-g" || value === "--global");

/** Cargo's manifest and lock file stand where `--manifest-path` says. */
const isElsewhere = (program: string, { args }: ShellCommand): boolean =>
  program === "cargo" && args.some(({ value }) => value.startsWith("--manifest-path") || value === "-C");

function resolved(folder: string, path: string): string | undefined {
  if (/[$`]/.test(path)) return undefined;
  if (path.startsWith("/")) return path.replace(/\/+$/, "") || "/";
  const plain = path.replace(/^(?:\.\/)+/, "").replace(/^\.$/, "");
  return plain.startsWith("..") ? undefined : plain === "" ? folder : inFolder(folder, plain);
}

export const inFolder = (folder: string, name: string): string => (folder === "/" ? `/${name}` : `${folder}/${name}`);

/** Where a file beside the manifest comes from. */
export const originBeside = (
  dockerfile: Dockerfile,
  { run, folder }: LockedInstall,
  name: string,
): Origin | undefined => originOf(dockerfile, run, inFolder(folder, name));
