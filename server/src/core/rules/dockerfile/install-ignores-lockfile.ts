import { saidBefore, settingBefore } from "../../model/dockerfile/before.ts";
import { folderOfCommand, originOf } from "../../model/dockerfile/context-files.ts";
import { inFolder, type LockedInstall, lockedInstalls, originBeside } from "../../model/dockerfile/lock-files.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { type Context, defineRule, known, type Profile, type Report, unsafeFix } from "../../rule.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import { listed } from "../unpinned.ts";
import { yarnOf } from "../yarn.ts";

/** What makes one program keep to its lock file. */
interface Row {
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

const ROWS: Readonly<Record<string, Row>> = {
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

export default defineRule({
  id: "install-ignores-lockfile",
  summary: "dependencies installed without keeping to the lock file",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
The lock file is copied, but the install does not insist on it. \`npm install\` takes versions of its own as soon as the lock file and
package.json do not agree, and says nothing; \`npm ci\` stops. \`composer update\` and the like choose all versions anew whatever
the lock file says. The image then holds what nobody tested, and the mistake in the lock file stays hidden.

What the recommended profile shows is npm and the updates. In the strict one: Yarn, pnpm, bun, uv, pipenv, Bundler and Cargo without their
\`--frozen-lockfile\`, \`--immutable\`, \`--locked\`, \`--deploy\`, \`BUNDLE_FROZEN\` or what does the same in the environment, and
\`pip install -r\` of a file without hashes, when the file can be read. Poetry, Go and \`pnpm\` with \`CI\` set stop by
themselves and are not reported. Nothing is said where an install runs under a condition, after a failed one, or where the lock file may
not be in the build context.`,
  fixSafety: `
Unsafe: the build stops where it went on before, when the two files do not agree, and \`npm ci\` deletes a \`node_modules\` that
is there already.`,
  examples: [
    {
      bad: "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install --omit=dev\n",
      fixed: "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\n",
    },
    { good: "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\n" },
    { good: "FROM node:24\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n" },
  ],
  check(context) {
    for (const install of lockedInstalls(context.dockerfile)) checkInstall(context, install);
    for (const instruction of context.dockerfile.all)
      for (const call of packageCalls(context.dockerfile, instruction)) checkRequirements(context, call);
  },
});

function checkInstall(context: Context, install: LockedInstall): void {
  const { report } = context;
  const { program, command, action, updates, label } = install;
  const row = ROWS[program];
  if (command.conditional || command.joinedBy === "||") return;
  if (!updates && (!row?.actions.test(action?.value ?? "") || isHeld(context, install, row))) return;
  const lock = copiedLock(context, install);
  if (lock === undefined || isDeleted(context, install, lock)) return;
  const span = {
    start: command.nameWord?.span.start ?? command.span.start,
    end: action?.span.end ?? command.nameWord?.span.end ?? command.span.end,
  };
  if (updates)
    report(span, {
      message: `${label} chooses all versions anew, whatever ${lock} says`,
      severity: "warning",
      ...insteadOf(install, INSTALLS[program]),
    });
  else if (row)
    report(span, {
      message: `${label} goes on without a word when ${lock} and ${install.manifest} do not agree`,
      profile: row.profile,
      ...remedy(context, install, row),
    });
}

function isHeld(
  { dockerfile }: Context,
  { command, run }: LockedInstall,
  { held, variables = [], said }: Row,
): boolean {
  if (held && command.args.some(({ value }) => held.test(value))) return true;
  // `CI=1 pnpm install`, `env UV_LOCKED=1 …`, `export BUNDLE_FROZEN=true;`.
  const before = dockerfile.text.slice(run.span.start, command.nameWord?.span.start ?? command.span.start);
  if (variables.some((name) => before.includes(`${name}=`) || settingBefore(dockerfile, run, name) !== undefined))
    return true;
  return said !== undefined && (said.test(before) || saidBefore(dockerfile, run, said));
}

/** The lock file that is certainly there. */
function copiedLock({ dockerfile, lookup }: Context, install: LockedInstall): string | undefined {
  return install.locks.find((name) => {
    const origin = originBeside(dockerfile, install, name);
    if (!origin || origin.kind === "hidden") return false;
    return origin.kind === "named" || known(lookup({ ask: "exists", path: origin.path })) === "yes";
  });
}

/** `rm -f package-lock.json && npm install`: on purpose. */
const isDeleted = ({ dockerfile }: Context, { run }: LockedInstall, lock: string): boolean => {
  const removal = new RegExp(`\\brm\\b[^&;|\\n]*${lock.replace(/\./g, "\\.")}`);
  return removal.test(dockerfile.text.slice(run.span.start, run.span.end)) || saidBefore(dockerfile, run, removal);
};

const JSON_FORM = "the JSON form runs one program: write the RUN in shell form first";

function insteadOf({ action, run, command }: LockedInstall, instead: string | undefined): Partial<Report> {
  if (!action || instead === undefined)
    return { refusal: "take the update out, and run it where the lock file is kept" };
  if (run.json && instead.includes(" ")) return { refusal: JSON_FORM };
  if (command.args.length > 1 && instead !== "ci")
    return { refusal: `the options may be others for ${instead}: write it by hand` };
  return { fixes: [unsafeFix(`Write ${instead} instead`, replace(action.span, run.json ? `"${instead}"` : instead))] };
}

function remedy({ dockerfile }: Context, install: LockedInstall, row: Row): Partial<Report> {
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

/** A requirements file without hashes, and one that does not even say versions. */
function checkRequirements({ dockerfile, lookup, report }: Context, call: PackageCall): void {
  if ((call.manager !== "pip" && call.manager !== "uv pip") || call.action.value !== "install" || call.hidden) return;
  if (
    call.options.some(({ name }) => name === "--require-hashes" || name === "--no-deps" || /^-c|^--constr/.test(name))
  )
    return;
  for (const { name, value, word } of call.options) {
    if ((name !== "-r" && name !== "--requirement") || value === undefined || !word.literal || value.includes(":"))
      continue;
    const folder = folderOfCommand(dockerfile, call.instruction, call.command);
    const path = value.startsWith("/") ? value : folder && inFolder(folder, value.replace(/^\.\//, ""));
    const origin = path === undefined ? undefined : originOf(dockerfile, call.instruction, path);
    if (!origin || origin.kind === "hidden") continue;
    const text = known(lookup({ ask: "read", path: origin.path }));
    if (text === undefined || text.includes("--hash=")) continue;
    const loose = looseRequirements(text);
    const exact = /^[\w.[\], -]+===?\s*[\w.]/m.test(text);
    if (loose.length > 0)
      report(word.span, {
        message: `${origin.path} gives ${listed(loose)} no version: ${call.manager} takes the newest of the day`,
        profile: "strict",
      });
    else if (exact)
      report(word.span, {
        message: `${origin.path} has no hashes: ${call.manager} installs whatever the index serves under these versions`,
        severity: "hint",
        profile: "strict",
      });
  }
}

/** Names that stand alone on their line. */
const looseRequirements = (text: string): readonly string[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const [requirement = ""] = line.split(/\s+#|;/, 1);
    const name = /^\s*([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*$/.exec(requirement)?.[1];
    return name === undefined ? [] : [name];
  });
