import { copiedLock, frozenFix, looseInstall } from "../../assists/dockerfile/frozen-fix.ts";
import { folderOfCommand, originOf } from "../../model/dockerfile/context-files.ts";
import { inFolder, type LockedInstall, lockedInstalls } from "../../model/dockerfile/lock-files.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { type Context, defineRule, known } from "../../rule.ts";
import { listed } from "../unpinned.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

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
    for (const instruction of allNamed(context.dockerfile, "RUN"))
      for (const call of packageCalls(context.dockerfile, instruction)) checkRequirements(context, call);
  },
});

function checkInstall({ dockerfile, lookup, report }: Context, install: LockedInstall): void {
  const { command, action, label } = install;
  const loose = looseInstall(dockerfile, install);
  const lock = loose && copiedLock(dockerfile, install, lookup);
  if (loose === undefined || lock === undefined) return;
  const span = {
    start: command.nameWord?.span.start ?? command.span.start,
    end: action?.span.end ?? command.nameWord?.span.end ?? command.span.end,
  };
  const fix = frozenFix(dockerfile, install, loose);
  if (loose === "updates")
    report(span, {
      message: `${label} chooses all versions anew, whatever ${lock} says`,
      severity: "warning",
      ...fix,
    });
  else
    report(span, {
      message: `${label} goes on without a word when ${lock} and ${install.manifest} do not agree`,
      profile: loose.profile,
      ...fix,
    });
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
