import type { Origin } from "../../model/dockerfile/context-files.ts";
import { insertBelow } from "../../model/dockerfile/layout.ts";
import { type LockedInstall, lockedInstalls, originBeside } from "../../model/dockerfile/lock-files.ts";
import type { Dockerfile, Instruction, Word } from "../../model/dockerfile/model.ts";
import { type Context, defineRule, known, type Report, unsafeFix } from "../../rule.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";

export default defineRule({
  id: "lockfile-not-copied",
  summary: "dependencies installed without the lock file there is",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
The manifest says which versions would do, the lock file which ones were tested. Copied alone, the manifest lets the package manager
choose anew with each build, so the image holds other versions than everybody's machine; \`npm ci\`, \`uv sync --locked\` and
\`pnpm install --frozen-lockfile\` refuse to run at all. A typical cause is \`COPY package*.json\` in a project that has a
yarn.lock.

It is reported when the build context has the lock file beside the manifest and nothing before the install brings it: no COPY, no
ADD, no bind mount. Files from another stage or by a variable are not judged.`,
  fixSafety: `
Unsafe: the install then takes the versions of the lock file instead of the newest ones, which is what it is about, but it changes the image, and an
install that insists on a lock file fails when the two files do not agree.`,
  examples: [
    {
      bad: "FROM node:24\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\n",
      fixed: "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install\nCOPY . .\n",
      answers: { "exists:package-lock.json": "yes", "exists:npm-shrinkwrap.json": "no" },
    },
    {
      good: "FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n",
      answers: { "exists:package.json": "yes", "exists:package-lock.json": "yes" },
    },
    {
      good: "FROM node:24\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\n",
      answers: { "exists:package-lock.json": "no", "exists:npm-shrinkwrap.json": "no" },
    },
  ],
  check(context) {
    const seen = new Set<string>();
    for (const install of lockedInstalls(context.dockerfile)) {
      const { command, run } = install;
      // What takes new versions anyway may be there to write the lock file.
      if (install.updates || command.conditional || command.joinedBy === "||") continue;
      const manifest = originBeside(context.dockerfile, install, install.manifest);
      const lock = manifest && missingLock(context, install, manifest);
      if (!manifest || lock === undefined) continue;
      const key = `${manifest.copy.span.start} ${lock}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const word = sourceWord(manifest);
      const failing = fails(install);
      context.report(word?.span ?? command.nameWord?.span ?? command.span, {
        message: failing
          ? `${install.label} fails: it needs ${lock}, which is in the build context and is not copied before it`
          : `${install.label} chooses versions anew: ${lock} is in the build context and is not copied before it`,
        ...(failing && { severity: "error" as const }),
        related: [{ span: { start: command.span.start, end: command.span.end }, message: "installed here" }],
        ...remedy(context.dockerfile, manifest, run, lock),
      });
    }
  },
});

/** Path in the build context of a lock file that is there and that nothing copies. */
function missingLock({ dockerfile, lookup }: Context, install: LockedInstall, manifest: Origin): string | undefined {
  if (manifest.kind === "hidden") return undefined;
  if (upwards(install).some((each) => each.locks.some((name) => originBeside(dockerfile, each, name))))
    return undefined;
  const folder = manifest.path.slice(0, manifest.path.lastIndexOf("/") + 1);
  if (manifest.path.slice(folder.length) !== install.manifest) return undefined;
  if (manifest.kind === "folder" && known(lookup({ ask: "exists", path: manifest.path })) !== "yes") return undefined;
  return install.locks.map((name) => folder + name).find((path) => known(lookup({ ask: "exists", path })) === "yes");
}

/** The install as it is, and in each folder above: a workspace has its lock file at its root. */
function upwards(install: LockedInstall): readonly LockedInstall[] {
  const parent = install.folder.slice(0, install.folder.lastIndexOf("/"));
  return parent === "" ? [install] : [install, ...upwards({ ...install, folder: parent })];
}

/** Options and actions that do not run without a lock file. */
const INSISTS: Readonly<Record<string, RegExp>> = {
  npm: /^(?:ci|clean-install)$/,
  pnpm: /^--frozen-lockfile$/,
  uv: /^--(?:locked|frozen)$/,
  cargo: /^--(?:locked|frozen)$/,
};

const fails = ({ program, command }: LockedInstall): boolean =>
  command.args.some(({ value }) => INSISTS[program]?.test(value) ?? false);

/** The word of the COPY that brings the manifest. */
function sourceWord({ copy, path, kind }: Origin): Word | undefined {
  if (copy.name === "RUN") return undefined;
  const sources = copy.words.slice(0, -1);
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    sources.find(({ text }) => text.endsWith(name)) ??
    (kind === "folder" ? sources.find(({ text }) => /[*?]/.test(text)) : undefined)
  );
}

function remedy(dockerfile: Dockerfile, manifest: Origin, run: Instruction, lock: string): Partial<Report> {
  const { copy } = manifest;
  const word = sourceWord(manifest);
  if (copy === run || !word)
    return { refusal: "the manifest is not copied by name: bring the lock file in the same way" };
  if (copy.triggered || /\s/.test(lock)) return { refusal: `add ${lock} to the ONBUILD by hand` };
  return { fixes: [unsafeFix(`Copy ${lock} too`, ...copyToo(dockerfile, copy, word, lock))] };
}

/** One more source where the target is a folder; otherwise a COPY of its own below. */
function copyToo(dockerfile: Dockerfile, copy: Instruction, word: Word, lock: string): readonly Edit[] {
  const target = copy.words.at(-1);
  const text = target?.text ?? "";
  const prefix = word.text.startsWith("./") ? "./" : word.text.startsWith("/") ? "/" : "";
  if (/\/$|^\.{1,2}$/.test(text)) {
    const more = insert(word.span.end, copy.json ? `, "${prefix}${lock}"` : ` ${prefix}${lock}`);
    if (!target || text.endsWith("/")) return [more];
    return [more, replace(target.span, copy.json ? `"${text}/"` : `${text}/`)];
  }
  const flags = copy.flags.map(({ span }) => `${dockerfile.text.slice(span.start, span.end)} `).join("");
  const name = lock.slice(lock.lastIndexOf("/") + 1);
  const isFile = text.slice(text.lastIndexOf("/") + 1) === word.text.slice(word.text.lastIndexOf("/") + 1);
  const place = isFile ? text.slice(0, text.lastIndexOf("/") + 1) + name : `${text}/${name}`;
  return [insertBelow(dockerfile, copy, [`${copy.keyword.text} ${flags}${prefix}${lock} ${place}`])];
}
