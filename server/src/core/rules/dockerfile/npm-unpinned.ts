import type { LanguageManager } from "../../model/dockerfile/managers.ts";
import { type PackageCall, allPackageCalls } from "../../model/dockerfile/packages.ts";
import { defineRule } from "../../rule.ts";
import { packagesOf, reportUnpinned } from "../language-packages.ts";

/** Per manager, the words that install the packages behind them: npm's aliases are those of `npm help install`. */
const ACTIONS: ReadonlyMap<string, RegExp> = new Map<LanguageManager, RegExp>([
  ["npm", /^(?:install|i|in|ins|inst|insta|instal|isnt|isnta|isntal|isntall|add)$/],
  ["yarn", /^add$/],
  ["pnpm", /^(?:add|install|i)$/],
  ["bun", /^(?:add|a|install|i)$/],
]);

export default defineRule({
  id: "npm-unpinned",
  summary: "npm installs a package without a version",
  severity: "warning",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3016", "kics:NPM Install Command Without Pinned Version"],
  why: `
Without a version npm takes the one tagged \`latest\` on the day of the build. The same Dockerfile then gives another image tomorrow,
and a major release upstream breaks a build in which nothing changed. Write \`npm install -g pnpm@10.19.0\`, or put the package
into package.json and install from the lock file.

A tag somebody chose, as \`@latest\` or \`@10\`, is let off, as hadolint and KICS do: it moves too, but on purpose. A Git
repository without \`#revision\` follows its default branch and is reported, as hadolint does and KICS does not. Folders, archives and
packages a variable hides are not judged. hadolint reads \`npm install\` alone; \`npm i\`, \`npm add\`, \`yarn add\`, \`yarn global
add\`, \`pnpm add\` and \`bun add\` do the same and are reported as well. Which version is right only the registry and a test know:
there is no fix, but \`dockwright refactor pin-packages\` asks the registry and writes the version of today down.`,
  examples: [
    { bad: "FROM node:24\nRUN npm install -g pnpm\n" },
    { good: "FROM node:24\nRUN npm install -g pnpm@10.19.0\n" },
    { good: "FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm ci\n" },
  ],
  check({ dockerfile, report }) {
    for (const call of allPackageCalls(dockerfile)) {
      const packages = call.hidden ? undefined : wantedBy(call);
      if (!packages) continue;
      const unpinned = packagesOf(dockerfile, packages).filter(({ text }) => isUnpinned(text));
      reportUnpinned({ report }, unpinned, (names) => `${call.manager} installs the newest ${names} of the day`);
    }
  },
});

/** The call with nothing but packages as operands; undefined when it installs none by name. */
function wantedBy(call: PackageCall): PackageCall | undefined {
  const global = call.manager === "yarn" && call.action.value === "global";
  const action = global ? call.operands[0] : call.action;
  if (!ACTIONS.get(call.manager)?.test(action?.value ?? "")) return undefined;
  return global ? { ...call, operands: call.operands.slice(1) } : call;
}

const GIT =
  /^(?:git[+:]|git@|ssh:|github:|gitlab:|bitbucket:|gist:|https?:\/\/(?:[^/@]+@)?(?:github|gitlab|bitbucket)\.\w+\/[^/]+\/[^/]+$)/;

/** As npm-package-arg reads it: a Git address, a file, or a name with a version behind its `@`. */
function isUnpinned(text: string): boolean {
  // The value of a switch such as `--unsafe-perm true`.
  if (text === "true" || text === "false") return false;
  if (/\.(?:tgz|tar|tar\.gz)$/.test(text)) return false;
  if (GIT.test(text)) return !text.includes("#");
  if (/^(?:[./~]|file:|link:|portal:|workspace:|https?:)/.test(text)) return false;
  if (/^[\w.-]+\/[\w.-]+$/.test(text)) return true;
  return /^@?[A-Za-z0-9]/.test(text) && !/[$`*]/.test(text) && !text.includes("@", 1) && !text.includes("#");
}
