import { appendCommand } from "../../model/dockerfile/append-command.ts";
import { leavesTraces, settingBefore } from "../../model/dockerfile/before.ts";
import { clearsFolder } from "../../model/dockerfile/cleanup.ts";
import { folderOfCommand, originOf } from "../../model/dockerfile/context-files.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isCached, mountsOf } from "../../model/dockerfile/mounts.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { programsOf, scriptsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { type Context, defineRule, known, type Report, safeFix, unsafeFix } from "../../rule.ts";
import { yarnOf } from "../../model/dockerfile/yarn.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

/** Where Yarn 1 keeps it: for root (`user-home-dir.js` and `user-dirs.js` of Yarn 1), and for everybody else. */
const FOLDERS = ["/usr/local/share/.cache/yarn", "/root/.cache/yarn"];

export default defineRule({
  id: "yarn-cache",
  summary: "yarn install leaves its cache in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3060"],
  why: `
Yarn 1 keeps every package it downloads a second time in its cache folder, \`/usr/local/share/.cache/yarn\` for root. In a layer
nobody uses it again, and it is often as large as \`node_modules\`. \`yarn cache clean\` in the same \`RUN\`, deleting the folder there,
or a cache mount on it keep it out. Stages that nothing ships are let off.

Later versions of Yarn keep there what a Plug'n'Play project reads when it runs: where the file shows such a version
(\`.yarnrc.yml\`, \`--immutable\`, \`yarn set version\`, corepack) nothing is reported, though hadolint reports it. hadolint also asks
for nothing more than a \`yarn cache clean\` somewhere behind the first install of the \`RUN\`; here each install is looked at.`,
  fixSafety: `
Safe where the files copied before it show Yarn 1: what is installed stays as it is, only the stored downloads go. Unsafe while it
is not known whether there is a \`.yarnrc.yml\`, because a later Yarn may need its cache at run time.`,
  examples: [
    {
      bad: "FROM node:24\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile\n",
      fixed:
        "FROM node:24\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile && yarn cache clean\n",
    },
    { good: "FROM node:24\nRUN yarn install --frozen-lockfile && yarn cache clean\n" },
    {
      good: "FROM node:24\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --frozen-lockfile\n",
    },
  ],
  check(context) {
    const { dockerfile, report } = context;
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const calls = packageCalls(dockerfile, instruction).filter(({ manager }) => manager === "yarn");
      const left = calls.findLast((call) => call.action.value === "install" && !call.hidden);
      if (!left || !leavesTraces(dockerfile, instruction)) continue;
      const options = left.options.map(({ name }) => name);
      if (yarnOf(dockerfile, instruction, options) !== "first" || isKeptOut(dockerfile, instruction, left, calls))
        continue;
      const answer = hasLaterConfig(context, left);
      if (answer === "yes") continue;
      const { command, action } = left;
      report(
        { start: command.nameWord?.span.start ?? command.span.start, end: action.span.end },
        {
          message: "yarn install leaves a second copy of every package in its cache",
          ...remedy(context, left, answer === "no"),
        },
      );
    }
  },
});

/** Whether the folder has the configuration file of Yarn 2 and later; undefined while nobody knows. */
function hasLaterConfig({ dockerfile, lookup }: Context, { instruction, command }: PackageCall): string | undefined {
  const folder = folderOfCommand(dockerfile, instruction, command);
  if (folder === undefined) return undefined;
  const config = originOf(dockerfile, instruction, `${folder}/.yarnrc.yml`.replace(/^\/\//, "/"));
  if (!config) return "no";
  if (config.kind !== "folder") return config.kind === "named" ? "yes" : undefined;
  return known(lookup({ ask: "exists", path: config.path }));
}

function isKeptOut(
  dockerfile: Dockerfile,
  instruction: Instruction,
  install: PackageCall,
  calls: readonly PackageCall[],
): boolean {
  const { end } = install.command.span;
  if (calls.some((call) => isCacheClean(call) && call.command.span.start >= end)) return true;
  const folder =
    install.options.findLast(({ name }) => name === "--cache-folder")?.value ??
    install.command.assignments.find(({ name }) => name === "YARN_CACHE_FOLDER")?.value ??
    settingBefore(dockerfile, instruction, "YARN_CACHE_FOLDER")?.value;
  const mounts = mountsOf(dockerfile, instruction);
  const folders = folder === undefined ? FOLDERS : [folder];
  return (
    folders.some((each) => isCached(mounts, each) || clearsFolder(dockerfile, instruction, each, end)) ||
    mounts.some(({ type, target }) => type !== "bind" && /\/(?:\.cache|yarn|\.yarn-cache)$/.test(target ?? "")) ||
    programsOf(dockerfile, instruction).some((command) => command.span.start >= end && isRemoval(command))
  );
}

const isCacheClean = ({ action, operands }: PackageCall): boolean =>
  action.value === "cache" && operands[0]?.value === "clean";

/** `rm -rf "$(yarn cache dir)"`, and a folder that says by its name whose cache it is. */
const isRemoval = ({ name, args }: ShellCommand): boolean =>
  name === "rm" && args.some(({ text }) => /yarn cache dir|\/\.cache(?:\/yarn)?(?:\/[*\w]*)?["']?$/.test(text));

function remedy({ dockerfile }: Context, install: PackageCall, sure: boolean): Partial<Report> {
  const { command, instruction } = install;
  if (instruction.json) return { refusal: "the JSON form runs one program: write the RUN in shell form first" };
  if (command.conditional) return { refusal: "the install runs under a condition: clean the cache there" };
  const script = scriptsOf(dockerfile, instruction).find(({ commands }) => commands.includes(command));
  const edit = script && appendCommand(dockerfile, script, `${userOf(command)}yarn cache clean`);
  if (!edit)
    return { refusal: "the script's end is no place for one more command: add yarn cache clean where it fits" };
  return { fixes: [(sure ? safeFix : unsafeFix)("Clean yarn's cache in the same RUN", edit)] };
}

const userOf = ({ wrappers }: ShellCommand): string => (wrappers.includes("sudo") ? "sudo " : "");
