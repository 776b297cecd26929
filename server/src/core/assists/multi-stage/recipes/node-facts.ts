/** What a Dockerfile and its build context say of a Node project: where it lies, what installs and builds it, what its package.json names. */
import { environmentAt } from "../../../model/dockerfile/environment.ts";
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import { scopeAt } from "../../../model/dockerfile/scope.ts";
import { readBunLock } from "../../../model/project/bun-lock.ts";
import type { NodeLock } from "../../../model/project/node-lock.ts";
import { nodeNatives } from "../../../model/project/node-native.ts";
import { readNpmLock } from "../../../model/project/npm-lock.ts";
import {
  allDependencies,
  type PackageJson,
  productionDependencies,
  readPackageJson,
} from "../../../model/project/package-json.ts";
import { readPnpmLock } from "../../../model/project/pnpm-lock.ts";
import { readYarnLock } from "../../../model/project/yarn-lock.ts";
import { contextPath, workdir } from "../look.ts";
import type { Case } from "../recipe.ts";

export type NodeManager = "npm" | "yarn" | "yarn berry" | "pnpm" | "bun";

/** An install of what a manifest names. */
export interface NodeInstall {
  readonly answer: Answer;
  readonly instruction: Instruction;
  readonly manager: NodeManager;
  /** Of the image. */
  readonly folder: string;
  /** It leaves the development dependencies out already. */
  readonly withoutDevelopment: boolean;
}

export interface NodeFacts {
  readonly installs: readonly NodeInstall[];
  /** `npm install -g …`, `corepack enable`: for everybody. */
  readonly globals: readonly Answer[];
  readonly builds: readonly Answer[];
  /** The folder all of it lies in. */
  readonly root: string;
  /** The folder of the project that starts, where there are several. */
  readonly home: string;
  /** What that folder is called in the build context, with a slash behind; undefined where it is not known. */
  readonly folder: string | undefined;
  readonly project: PackageJson | undefined;
  readonly lock: NodeLock | undefined;
}

/** Programs that only Node's tools are. */
const NODE_TOOLS =
  /^(?:npm|npx|yarn|yarnpkg|pnpm|pnpx|bun|bunx|corepack|node|nodejs|tsc|tsup|nest|next|nuxt|nuxi|vite|ng|webpack|webpack-cli|rollup|esbuild|parcel|react-scripts|vue-cli-service|astro|gatsby|remix|svelte-kit|turbo|nx|lerna|gulp|grunt|swc|babel|ncc|tsdown|unbuild|prisma|drizzle-kit|patch-package|ts-node|tsx)$/;

export const isNodeTool = (name: string | undefined): boolean => NODE_TOOLS.test(name ?? "");

/** Undefined when nothing of it is installed or built with Node; a text when nobody can tell where. */
export function nodeFacts(it: Case): NodeFacts | string | undefined {
  const calls = it.needs.answers.filter(({ effect }) => isNodeTool(effect.command?.name));
  const installs = calls.flatMap((answer) => installOf(it, answer) ?? []);
  const globals = calls.filter(
    ({ effect }) =>
      (effect.does === "dependencies" || effect.command?.name === "corepack") && folderOf(effect) === undefined,
  );
  const builds = calls.filter(({ effect }) => effect.does === "build");
  if (installs.length === 0) return builds.length === 0 ? undefined : "nothing installs what its package.json names";
  const folders = installs.map(({ folder }) => folder);
  const root = commonFolder(folders);
  const plugged = installs.find((install) => install.manager === "yarn berry" && !hasNodeModules(it, install.folder));
  if (plugged)
    return "yarn keeps packages in a folder of the user's, where no node_modules is: set nodeLinker: node-modules in .yarnrc.yml";
  if (
    it.context.paths === undefined &&
    installs.some(({ manager }) => manager === "yarn") &&
    calls.some(({ effect }) => effect.command?.name === "corepack")
  )
    return "which yarn corepack gives is not known, nor where that one keeps packages";
  if (root === "/")
    return folders.includes("/")
      ? "the project lies in /, beside the distribution's own files: give it a folder of its own with WORKDIR"
      : `its projects lie in ${[...new Set(folders)].slice(0, 3).join(" and ")}, which have no folder in common`;
  if (root.includes("*")) return "a variable hides the folder it is installed in";
  const end = workdir(it) ?? root;
  const home = folders.find((each) => each === end) ?? folders.find((each) => each === root) ?? folders.at(-1) ?? root;
  const manifest = contextPath(it, `${home}/package.json`);
  const text = manifest === undefined ? undefined : it.context.read(manifest);
  const folder = manifest?.slice(0, -"package.json".length);
  return {
    installs,
    globals,
    builds,
    root,
    home,
    folder,
    project: text === undefined ? undefined : readPackageJson(text),
    lock: folder === undefined ? undefined : lockOf(it, folder),
  };
}

function commonFolder(folders: readonly string[]): string {
  const [first = "/", ...others] = folders.map((folder) => folder.split("/").filter((part) => part !== ""));
  const parts = typeof first === "string" ? [] : first;
  let length = parts.length;
  for (const other of others) {
    let same = 0;
    while (same < length && other[same] === parts[same]) same++;
    length = same;
  }
  return `/${parts.slice(0, length).join("/")}`;
}

const MODULES = "/node_modules/**";

/** The folder an install writes node_modules to; undefined where it installs for everybody. */
function folderOf({ writes, command }: Answer["effect"]): string | undefined {
  if (
    writes === "anything" ||
    command?.args.some(({ value }) => /^(?:-g|--global|--location=global|global)$/.test(value))
  )
    return undefined;
  for (const place of writes)
    if (place.kind === "files" && place.realm === "image" && place.pattern.endsWith(MODULES))
      return place.pattern === MODULES ? "/" : place.pattern.slice(0, -MODULES.length);
  return undefined;
}

function installOf(it: Case, answer: Answer): NodeInstall | undefined {
  const { command, instruction, does } = answer.effect;
  const folder = folderOf(answer.effect);
  if (does !== "dependencies" || folder === undefined || !command) return undefined;
  if (command.args.some(({ value }) => /^(?:rebuild|rb|fetch)$/.test(value))) return undefined;
  const name = command.name === "yarnpkg" ? "yarn" : command.name;
  if (name !== "npm" && name !== "yarn" && name !== "pnpm" && name !== "bun") return undefined;
  return {
    answer,
    instruction,
    manager: name === "yarn" && isBerry(it, folder) ? "yarn berry" : name,
    folder,
    withoutDevelopment: leavesOut(it, answer),
  };
}

function isBerry(it: Case, folder: string): boolean {
  const read = (name: string): string | undefined => {
    const path = contextPath(it, `${folder}/${name}`);
    return path === undefined ? undefined : it.context.read(path);
  };
  if (read(".yarnrc.yml") !== undefined) return true;
  const lock = read("yarn.lock");
  if (lock !== undefined) return readYarnLock(lock)?.kind === "yarn";
  const manifest = read("package.json");
  const asked = manifest === undefined ? undefined : readPackageJson(manifest)?.packageManager;
  return asked?.name === "yarn" && asked.version !== undefined && !asked.version.startsWith("1.");
}

/** yarn 2 and later do without node_modules unless they are told otherwise. */
function hasNodeModules(it: Case, folder: string): boolean {
  const path = contextPath(it, `${folder}/.yarnrc.yml`);
  const text = path === undefined ? undefined : it.context.read(path);
  return /^nodeLinker:[ \t]*["']?(?:node-modules|pnpm)\b/m.test(text ?? "");
}

const PRODUCTION = /^(?:--production(?:=true)?|--prod(?:=true)?|-P|-p|--omit=dev|--only=prod(?:uction)?)$/;

function leavesOut({ dockerfile }: Case, { effect: { command, instruction } }: Answer): boolean {
  const args = command?.args.map(({ value }) => value) ?? [];
  if (args.some((arg) => /^--include=dev$|^--production=false$|^--prod=false$|^--dev$/.test(arg))) return false;
  if (
    args.some(
      (arg, at) =>
        PRODUCTION.test(arg) || (/^--(?:omit|only)$/.test(arg) && /^(?:dev|prod(?:uction)?)$/.test(args[at + 1] ?? "")),
    )
  )
    return true;
  const assigned = command?.assignments.find(
    ({ name }) => name === "NODE_ENV" || /^npm_config_(?:production|omit)$/i.test(name),
  );
  if (assigned) return /^(?:production|true|dev)$/.test(assigned.value);
  const { set } = environmentAt(dockerfile, instruction);
  const scope = scopeAt(dockerfile, instruction);
  // The others look at these.
  if (command?.name === "bun") return false;
  return ["NODE_ENV", "NPM_CONFIG_PRODUCTION", "npm_config_production", "NPM_CONFIG_OMIT", "npm_config_omit"].some(
    (name) => {
      const value = set.has(name) ? scope.get(name) : undefined;
      return typeof value === "string" && /^(?:production|true|dev)$/.test(value);
    },
  );
}

const LOCKS: readonly (readonly [name: string, read: (text: string) => NodeLock | undefined])[] = [
  ["package-lock.json", readNpmLock],
  ["npm-shrinkwrap.json", readNpmLock],
  ["yarn.lock", readYarnLock],
  ["pnpm-lock.yaml", readPnpmLock],
  ["bun.lock", readBunLock],
];

function lockOf({ context }: Case, folder: string): NodeLock | undefined {
  for (const [name, read] of LOCKS) {
    const text = context.read(`${folder}${name}`);
    const lock = text === undefined ? undefined : read(text);
    if (lock) return lock;
  }
  return undefined;
}

/** Packages that only modules written in C, C++ or Rust depend on. */
const NATIVE_HELPERS: ReadonlySet<string> = new Set(
  "bindings nan node-addon-api node-gyp-build node-gyp-build-optional-packages prebuild-install node-gyp @mapbox/node-pre-gyp node-pre-gyp cmake-js napi-build-utils".split(
    " ",
  ),
);

/** Whether something that is installed may load libraries of the distribution; undefined where nobody can tell. */
export function mayBeNative({ lock, project }: NodeFacts): boolean | undefined {
  const names = lock?.packages ?? (project && allDependencies(project).size === 0 ? new Set<string>() : undefined);
  if (!names) return undefined;
  if ([...names].some((name) => NATIVE_HELPERS.has(name))) return true;
  return [...nodeNatives(names).values()].some(({ kind, runs }) => kind !== "binary" || runs !== undefined);
}

/** Packages of the project that start a browser. */
export const browsersOf = ({ project }: NodeFacts): readonly string[] =>
  project === undefined
    ? []
    : [...nodeNatives(productionDependencies(project).keys())].flatMap(([name, { kind }]) =>
        kind === "browser" ? [name] : [],
      );

/** Packages of Debian that what is installed for production is known to need while it runs. */
export const systemPackagesOf = ({ project }: NodeFacts): readonly string[] =>
  project === undefined
    ? []
    : [...nodeNatives(productionDependencies(project).keys()).values()].flatMap(({ runs }) =>
        (runs ?? []).filter((name) => !name.includes(" ")),
      );
