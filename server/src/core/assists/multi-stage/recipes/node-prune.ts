/** Development dependencies: whether they may leave, and the stage between that takes them away. */
import { mountsOf } from "../../../model/dockerfile/mounts.ts";
import { packageCalls } from "../../../model/dockerfile/packages.ts";
import { files, overlap } from "../../../model/dockerfile/flow/place.ts";
import { packageOf } from "../../../model/project/node-source.ts";
import { flowOf } from "../../../model/dockerfile/flow/walk.ts";
import { installHooks } from "../../../model/project/node-scripts.ts";
import { type PackageJson, readPackageJson } from "../../../model/project/package-json.ts";
import { readSvelteConfig } from "../../../model/project/svelte-config.ts";
import { contextPath, variable } from "../look.ts";
import { buildName } from "../plan.ts";
import type { Case, Decision } from "../recipe.ts";
import type { NodeFacts, NodeInstall } from "./node-facts.ts";
import { loadedForDevelopment, type SourceFile } from "./node-sources.ts";
import type { NodeStart } from "./node-start.ts";

export interface Pruning {
  /** The stage between; undefined: everything that was installed stays. */
  readonly between: readonly string[] | undefined;
  readonly decisions: readonly Decision[];
  /** Why they stay, where somebody could change that; a clause. */
  readonly kept: string | undefined;
}

export const PRUNED = "prod-deps";
const DEVELOPMENT = "dev-dependencies";
export const NOTHING_TO_PRUNE: Pruning = { between: undefined, decisions: [], kept: undefined };

export function pruning(
  it: Case,
  facts: NodeFacts,
  start: NodeStart,
  sources: readonly SourceFile[] | undefined,
): Pruning {
  const { choices, context } = it;
  const folders = foldersWithSome(it, facts);
  if (folders.length === 0 || prunesItself(facts, it)) return NOTHING_TO_PRUNE;
  const hidden = facts.project === undefined;
  const reason = whyKept(it, facts, start, sources);
  if (reason !== undefined) return { ...NOTHING_TO_PRUNE, kept: reason, decisions: [keptDecision(reason, [])] };
  // Without a package.json a build says that there are some, and nothing else does.
  const chosen = choices.get(DEVELOPMENT);
  const usual = hidden && (facts.builds.length === 0 || start.manager !== undefined) ? "keep" : "leave out";
  if ((chosen ?? usual) === "keep")
    return {
      ...NOTHING_TO_PRUNE,
      kept: "you chose so",
      decisions: [
        keptDecision(
          chosen === undefined
            ? "package.json could not be read: whether what starts needs one of them is not known"
            : "you chose so",
          start.unknown === undefined ? [{ id: "leave out", label: "leave them out" }] : [],
        ),
      ],
    };
  return {
    between: between(it, facts, folders),
    kept: undefined,
    decisions: [
      {
        id: DEVELOPMENT,
        what: "development dependencies are left out",
        why: hidden
          ? "a build needs them, and what it wrote should not; package.json could not be read"
          : sources === undefined || context.paths === undefined
            ? "nothing that starts is one of them"
            : "nothing that starts is one of them, and no source loads one",
        doubtful: hidden || sources === undefined,
        alternatives: [{ id: "keep", label: "keep them" }],
      },
    ],
  };
}

const keptDecision = (why: string, alternatives: Decision["alternatives"]): Decision => ({
  id: DEVELOPMENT,
  what: "everything that was installed stays, development dependencies too",
  why,
  doubtful: false,
  alternatives,
});

/** Folders whose package.json has development dependencies that get installed; those whose package.json is not known count. */
function foldersWithSome(it: Case, facts: NodeFacts): readonly NodeInstall[] {
  const last = new Map(facts.installs.map((install) => [install.folder, install]));
  return [...last.values()].filter((install) => {
    if (facts.installs.every((each) => each.folder !== install.folder || each.withoutDevelopment)) return false;
    const project = projectIn(it, install.folder);
    return project === undefined || project.devDependencies.size > 0 || project.workspaces.length > 0;
  });
}

function projectIn(it: Case, folder: string): PackageJson | undefined {
  const path = contextPath(it, `${folder}/package.json`);
  const text = path === undefined ? undefined : it.context.read(path);
  return text === undefined ? undefined : readPackageJson(text);
}

/** The file takes them away itself: `npm prune --production`, a second install without them, `rm -rf node_modules`. */
function prunesItself({ installs }: NodeFacts, { needs }: Case): boolean {
  return (
    installs.at(-1)?.withoutDevelopment === true ||
    needs.answers.some(
      ({ effect: { command } }) =>
        (/^(?:npm|pnpm)$/.test(command?.name ?? "") && command?.args[0]?.value === "prune") ||
        (command?.name === "rm" && command.args.some(({ value }) => /(?:^|\/)node_modules\/?$/.test(value))),
    )
  );
}

function whyKept(
  it: Case,
  facts: NodeFacts,
  start: NodeStart,
  sources: readonly SourceFile[] | undefined,
): string | undefined {
  if (start.unknown !== undefined) return start.unknown;
  const { project, installs } = facts;
  const added = addedByName(it, installs);
  if (added !== undefined) return `${added} is installed by its name, and may not be in package.json`;
  const mounted = installs.find(({ folder }) => !copiesManifest(it, folder));
  if (mounted) return "package.json is only there while packages are installed";
  const managers = new Set(installs.map(({ manager }) => manager));
  const [manager = "npm"] = managers;
  if (managers.size > 1) return "two package managers install them";
  if (manager === "yarn berry" && !isFocusing(project))
    return "before its version 4 yarn needs a plugin to leave them out";
  if (
    manager !== "npm" &&
    installs.some(({ instruction }) => mountsOf(it.dockerfile, instruction).some(({ type }) => type === "secret"))
  )
    return `${manager} would need its secret once more`;
  if (project) {
    const only = (name: string | undefined): boolean =>
      name !== undefined && project.devDependencies.has(name) && !project.dependencies.has(name);
    const started = [...start.words].find((word) => only(word) || only(PACKAGE_OF[word]));
    if (started !== undefined) return `${started}, which is started, is one of them: move it to dependencies`;
    const before = preloaded(it, start).find((name) => only(name));
    if (before !== undefined) return `${before}, which node is told to load, is one of them: move it to dependencies`;
    const [loaded] = sources && !isBundled(it, facts, start) ? loadedForDevelopment(facts, sources) : [];
    if (loaded) return `${loaded.by} loads ${loaded.name}, which is one of them: move it to dependencies`;
    if (
      only("typescript") &&
      facts.folder !== undefined &&
      it.context.read(`${facts.folder}next.config.ts`) !== undefined
    )
      return "next start reads next.config.ts with TypeScript, which is one of them: move it to dependencies";
    if (project.workspaces.length > 0 && manager !== "npm") return "the packages of a workspace share them";
  }
  const changed = manager === "npm" ? undefined : changesModules(facts, it);
  return changed === undefined
    ? undefined
    : `${changed} has changed installed packages, which ${manager} would install anew`;
}

/** A package on the command line of an install, which pruning would take away where package.json does not name it. */
function addedByName({ dockerfile }: Case, installs: readonly NodeInstall[]): string | undefined {
  for (const { instruction, answer } of installs) {
    const call = packageCalls(dockerfile, instruction).find(({ command }) => command === answer.effect.command);
    const [named] = call?.operands ?? [];
    if (named) return named.value;
  }
  return undefined;
}

/** A COPY brings package.json before the last of what builds. */
function copiesManifest({ needs }: Case, folder: string): boolean {
  const manifest = files(`${folder}/package.json`);
  const last = needs.answers.findLast(({ effect }) => effect.does === "dependencies" || effect.does === "build")?.effect
    .instruction;
  return needs.answers.some(
    ({ effect: { does, instruction, writes } }) =>
      does === "copies context" &&
      instruction.index < (last?.index ?? 0) &&
      writes !== "anything" &&
      writes.some((place) => overlap(place, manifest)),
  );
}

/** Packages that `-r`, `--require` and `--import` name, on the command line and in NODE_OPTIONS. */
function preloaded(it: Case, { steps }: NodeStart): readonly string[] {
  const lines = [...steps.map(({ args }) => args.join(" ")), variable(it, "NODE_OPTIONS") ?? ""];
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader)[ =](\S+)/g)].flatMap(
      ([, module = ""]) => packageOf(module) ?? [],
    ),
  );
}

/** SvelteKit's server for Node has all development dependencies that it loads in its own files. */
function isBundled({ context }: Case, { folder = "", project }: NodeFacts, { main }: NodeStart): boolean {
  if (!project?.devDependencies.has("@sveltejs/kit") || main?.does !== "runs a file") return false;
  const text = context.read(`${folder}svelte.config.js`);
  const config = text === undefined ? undefined : readSvelteConfig(text);
  const output = config?.output === null ? "build" : config?.output;
  const path = main.path?.replace(/^\.\//, "");
  return (
    config?.adapter === "@sveltejs/adapter-node" &&
    output !== undefined &&
    (path === output || path === `${output}/index.js`)
  );
}

/** Programs of packages with another name. */
export const PACKAGE_OF: Readonly<Record<string, string>> = {
  "remix-serve": "@remix-run/serve",
  "react-router-serve": "@react-router/serve",
  nuxi: "nuxt",
  strapi: "@strapi/strapi",
  nest: "@nestjs/cli",
  "cross-env-shell": "cross-env",
  "run-s": "npm-run-all",
  "sequelize-cli": "sequelize-cli",
  sequelize: "sequelize-cli",
  dotenv: "dotenv-cli",
  directus: "directus",
  medusa: "@medusajs/medusa",
};

const isFocusing = (project: PackageJson | undefined): boolean =>
  project?.packageManager?.name === "yarn" && Number.parseInt(project.packageManager.version ?? "0", 10) >= 4;

/** What writes into node_modules after an install: code generation, patches. */
function changesModules({ project }: NodeFacts, { needs }: Case): string | undefined {
  const command = needs.answers.find(({ effect }) =>
    /^(?:prisma|patch-package|ngcc)$/.test(effect.command?.name ?? ""),
  );
  if (command) return command.effect.command?.name;
  if (!project) return undefined;
  if (project.dependencies.has("@prisma/client") || project.devDependencies.has("prisma")) return "prisma";
  const hook = installHooks(project).find(
    ({ steps }) => !steps || steps.some(({ does }) => does === "patches" || does === "generates"),
  );
  return hook ? `the script ${hook.script}` : undefined;
}

function between(it: Case, facts: NodeFacts, folders: readonly NodeInstall[]): readonly string[] {
  const { dockerfile, stage } = it;
  const last = facts.builds.at(-1)?.effect.instruction ?? facts.installs.at(-1)?.instruction;
  let folder = last && flowOf(dockerfile)[stage.index]?.inForce.get(last)?.folder;
  const lines = [`FROM ${buildName(stage)} AS ${PRUNED}`];
  for (const install of folders) {
    if (folder !== install.folder) lines.push(`WORKDIR ${install.folder}`);
    ({ folder } = install);
    lines.push(`RUN ${pruneCommand(it, install)}`);
  }
  return lines;
}

function pruneCommand(it: Case, { manager, answer }: NodeInstall): string {
  const args = answer.effect.command?.args.map(({ value }) => value) ?? [];
  const kept = (...names: readonly string[]): string =>
    args
      .filter((arg) => names.includes(arg))
      .map((arg) => ` ${arg}`)
      .join("");
  switch (manager) {
    case "npm":
      return `npm prune ${isOldNpm(it) ? "--production" : "--omit=dev"}${kept("--legacy-peer-deps", "--force", "-f")}`;
    case "yarn":
      return `yarn install --production --ignore-scripts --prefer-offline${kept("--frozen-lockfile", "--pure-lockfile", "--no-lockfile", "--ignore-engines")}`;
    case "yarn berry":
      return "yarn workspaces focus --production";
    case "pnpm":
      // It asks before it takes packages away, unless it is told that nobody is there; and it would run the project's own scripts.
      return "CI=true pnpm prune --prod --ignore-scripts";
    case "bun":
      return "rm -rf node_modules && bun install --production";
  }
}

/** npm knows --omit since its version 8, which came with Node 16. */
function isOldNpm({ stage: { base } }: Case): boolean {
  const tag = base.kind === "image" ? /:(\d+)/.exec(base.reference)?.[1] : undefined;
  return tag !== undefined && Number(tag) < 16;
}
