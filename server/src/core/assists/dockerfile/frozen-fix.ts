/** How installs are made to keep to their lock file: what install-ignores-lockfile reports, its fixes, and the refactoring. */
import { saidBefore, settingBefore } from "../../model/dockerfile/before.ts";
import { type LockedInstall, originBeside } from "../../model/dockerfile/lock-files.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { yarnOf } from "../../model/dockerfile/yarn.ts";
import { known, type Profile, type Remedy, unsafeFix } from "../../rule.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import type { Lookup } from "./assist.ts";

/** What makes one program keep to its lock file. */
export interface FrozenRow {
  /** Actions that may leave it. */
  readonly actions: RegExp;
  /** Options of which one is enough. */
  readonly held?: RegExp;
  /** Environment that does the same. */
  readonly variables?: readonly string[];
  /** Words in an earlier RUN, or a file written here, that do the same. */
  readonly said?: RegExp;
  /** An option to add, or what stands in the action's place. */
  readonly add?: string;
  readonly instead?: string;
  /** In front of the program. */
  readonly assign?: string;
  readonly profile: Profile;
}

const ROWS: Readonly<Record<string, FrozenRow>> = {
  npm: { actions: /^(?:install|i)$/, instead: "ci", profile: "recommended" },
  yarn: {
    actions: /^(?:install)?$/,
    held: /^--(?:frozen-lockfile|pure-lockfile|immutable)/,
    variables: ["YARN_ENABLE_IMMUTABLE_INSTALLS"],
    said: /enableImmutableInstalls|frozen-lockfile true/,
    add: "--frozen-lockfile",
    profile: "strict",
  },
  pnpm: {
    actions: /^(?:install|i)$/,
    held: /^--(?:no-)?frozen-lockfile/,
    variables: ["CI"],
    said: /frozen-lockfile/,
    add: "--frozen-lockfile",
    profile: "strict",
  },
  bun: { actions: /^(?:install|i)$/, held: /^--frozen-lockfile/, add: "--frozen-lockfile", profile: "strict" },
  uv: {
    actions: /^sync$/,
    held: /^--(?:locked|frozen|check)/,
    variables: ["UV_LOCKED", "UV_FROZEN"],
    add: "--locked",
    profile: "strict",
  },
  pipenv: { actions: /^install$/, held: /^--(?:deploy|ignore-pipfile)$/, add: "--deploy", profile: "strict" },
  bundle: {
    actions: /^(?:install)?$/,
    held: /^--(?:frozen|deployment)$/,
    variables: ["BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT"],
    said: /bundle config\b[^&;\n]*\b(?:frozen|deployment)\b|BUNDLE_(?:FROZEN|DEPLOYMENT)/,
    assign: "BUNDLE_FROZEN=true",
    profile: "strict",
  },
  cargo: {
    actions: /^(?:build|b|run|r|test|t|check|c|rustc|fetch)$/,
    held: /^--(?:locked|frozen)$/,
    add: "--locked",
    profile: "strict",
  },
};

/** What stands in the place of an update, by program. */
const INSTALLS: Readonly<Record<string, string>> = {
  npm: "ci",
  yarn: "install --frozen-lockfile",
  pnpm: "install --frozen-lockfile",
  bun: "install --frozen-lockfile",
  poetry: "install",
  pipenv: "sync",
  bundle: "install",
  composer: "install",
};

/** The row of an install that may leave its lock file; undefined for one that keeps to it, or runs only under a condition. */
export function looseInstall(dockerfile: Dockerfile, install: LockedInstall): FrozenRow | "updates" | undefined {
  const { program, command, action, updates } = install;
  const row = ROWS[program];
  if (command.conditional || command.joinedBy === "||") return undefined;
  if (updates) return "updates";
  return row?.actions.test(action?.value ?? "") && !isHeld(dockerfile, install, row) ? row : undefined;
}

function isHeld(
  dockerfile: Dockerfile,
  { command, run }: LockedInstall,
  { held, variables = [], said }: FrozenRow,
): boolean {
  if (held && command.args.some(({ value }) => held.test(value))) return true;
  // `CI=1 pnpm install`, `env UV_LOCKED=1 …`, `export BUNDLE_FROZEN=true;`.
  const before = dockerfile.text.slice(run.span.start, command.nameWord?.span.start ?? command.span.start);
  if (variables.some((name) => before.includes(`${name}=`) || settingBefore(dockerfile, run, name) !== undefined))
    return true;
  return said !== undefined && (said.test(before) || saidBefore(dockerfile, run, said));
}

/** The lock file that is certainly there and stays. */
export function copiedLock(dockerfile: Dockerfile, install: LockedInstall, lookup: Lookup): string | undefined {
  const lock = install.locks.find((name) => {
    const origin = originBeside(dockerfile, install, name);
    if (!origin || origin.kind === "hidden") return false;
    return origin.kind === "named" || known(lookup({ ask: "exists", path: origin.path })) === "yes";
  });
  return lock === undefined || isDeleted(dockerfile, install, lock) ? undefined : lock;
}

/** `rm -f package-lock.json && npm install`: on purpose. */
export const isDeleted = (dockerfile: Dockerfile, { run }: LockedInstall, lock: string): boolean => {
  const removal = new RegExp(`\\brm\\b[^&;|\\n]*${lock.replace(/\./g, "\\.")}`);
  return removal.test(dockerfile.text.slice(run.span.start, run.span.end)) || saidBefore(dockerfile, run, removal);
};

/** How the install is made to keep to its lock file, or why that is left to a person. */
export const frozenFix = (dockerfile: Dockerfile, install: LockedInstall, loose: FrozenRow | "updates"): Remedy =>
  loose === "updates" ? insteadOf(install, INSTALLS[install.program]) : remedy(dockerfile, install, loose);

const JSON_FORM = "the JSON form runs one program: write the RUN in shell form first";

function insteadOf({ action, run, command }: LockedInstall, instead: string | undefined): Remedy {
  if (!action || instead === undefined)
    return { refusal: "take the update out, and run it where the lock file is kept" };
  if (run.json && instead.includes(" ")) return { refusal: JSON_FORM };
  if (command.args.length > 1 && instead !== "ci")
    return { refusal: `the options may be others for ${instead}: write it by hand` };
  return { fixes: [unsafeFix(`Write ${instead} instead`, replace(action.span, run.json ? `"${instead}"` : instead))] };
}

function remedy(dockerfile: Dockerfile, install: LockedInstall, row: FrozenRow): Remedy {
  const { action, command, run, program } = install;
  if (row.instead !== undefined) {
    if (command.args.some(({ value }) => /^--(?:no-)?package-lock\b/.test(value)))
      return { refusal: "an option switches the lock file off: take it out first" };
    return insteadOf({ ...install, command: { ...command, args: [] } }, row.instead);
  }
  if (row.assign !== undefined) {
    if (run.json || command.wrappers.length > 0 || !command.nameWord) return { refusal: `set ${row.assign} with ENV` };
    return { fixes: [unsafeFix(`Set ${row.assign} for it`, insert(command.nameWord.span.start, `${row.assign} `))] };
  }
  const yarn =
    program === "yarn"
      ? yarnOf(
          dockerfile,
          run,
          command.args.map(({ value }) => value),
        )
      : undefined;
  if (yarn === "either")
    return {
      refusal: "the option depends on the Yarn that corepack brings: --frozen-lockfile for Yarn 1, else --immutable",
    };
  const option = yarn === "later" ? "--immutable" : row.add;
  const after = action ?? command.nameWord;
  if (option === undefined || !after) return {};
  const edit: Edit = insert(after.span.end, run.json ? `, "${option}"` : ` ${option}`);
  return { fixes: [unsafeFix(`Add ${option}`, edit)] };
}
