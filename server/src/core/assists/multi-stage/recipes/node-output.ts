/** What a TypeScript build leaves that runs, where that is certain: one folder of output, and the files beside the sources. */
import { localDependencies, productionDependencies } from "../../../model/project/package-json.ts";
import { readNestCli } from "../../../model/project/nest-cli.ts";
import { frameworksOf } from "../../../model/project/node-frameworks.ts";
import { readNuxtConfig } from "../../../model/project/nuxt-config.ts";
import { type Step, stepsOf } from "../../../model/project/node-scripts.ts";
import { readTsconfig, type Tsconfig, withParents } from "../../../model/project/tsconfig.ts";
import type { Case } from "../recipe.ts";
import type { NodeFacts } from "./node-facts.ts";
import type { SourceFile } from "./node-sources.ts";
import type { NodeStart } from "./node-start.ts";

export interface Output {
  /** Relative to the project's folder. */
  readonly folder: string;
  /** What writes it: `tsc`. */
  readonly why: string;
  /** What else is needed, by its path in the build context. */
  readonly files: readonly Beside[];
  readonly folders: readonly Beside[];
  /** Something of node_modules is needed. */
  readonly modules: boolean;
  /** package.json is needed. */
  readonly manifest: boolean;
}

export interface Beside {
  readonly context: string;
  readonly folder: boolean;
}

interface Given {
  readonly it: Case;
  readonly facts: NodeFacts;
  readonly start: NodeStart;
  readonly sources: readonly SourceFile[] | undefined;
}

const MAX_BESIDE = 10;

/** Undefined where the whole folder has to move. */
export function outputOf(given: Given): Output | undefined {
  const { it, facts, start, sources } = given;
  const { project, folder } = facts;
  const { paths } = it.context;
  if (!project || folder === undefined || paths === undefined || !sources) return undefined;
  if (new Set(facts.installs.map((install) => install.folder)).size > 1) return undefined;
  if (project.workspaces.length > 0 || localDependencies(project).length > 0) return undefined;
  if (it.choices.get("files") === "whole") return undefined;
  const nitro = nitroOutput(given);
  if (nitro) return nitro;
  const written = writtenBy(given);
  if (written === undefined) return undefined;
  const output = plain(written.outDir);
  if (output === "" || output.startsWith("..")) return undefined;
  const entry = start.main?.does === "runs a file" ? plain(start.main.path ?? "") : "";
  if (start.steps.length !== 1 || !entry.startsWith(`${output}/`)) return undefined;
  const beside = besideOf(paths, folder, output);
  if (!beside || beside.kept.length > MAX_BESIDE) return undefined;
  if (sources.some(({ source }) => source.literals.some((literal) => reaches(literal, beside.left)))) return undefined;
  return {
    folder: output,
    why: written.by,
    files: beside.kept.filter((each) => !each.folder),
    folders: beside.kept.filter((each) => each.folder),
    modules: productionDependencies(project).size > 0,
    manifest: true,
  };
}

const NITRO = ".output";

/** Nuxt and others that build with Nitro write a server with everything it loads. */
function nitroOutput({ it, facts, start }: Given): Output | undefined {
  const { project, folder = "" } = facts;
  const [step, second] = start.steps;
  if (
    !project ||
    !step ||
    second ||
    step.does !== "runs a file" ||
    plain(step.path ?? "") !== `${NITRO}/server/index.mjs`
  )
    return undefined;
  const [framework] = frameworksOf(project);
  if (framework?.output !== NITRO) return undefined;
  const text = ["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"]
    .map((name) => it.context.read(`${folder}${name}`))
    .find((each) => each !== undefined);
  const config = text === undefined ? undefined : readNuxtConfig(text);
  if (
    config &&
    (config.outputDir !== null || (config.preset !== null && !/^node[-_]server$/.test(config.preset ?? "")))
  )
    return undefined;
  return { folder: NITRO, why: framework.name, files: [], folders: [], modules: false, manifest: false };
}

const plain = (path: string): string =>
  path
    .replace(/^(?:\.\/)+/, "")
    .replace(/\/+$/, "")
    .replace(/^\.$/, "");

/** A source names a file that stays behind: `src/mail/*.html`, `../src`, `entities/*.ts`. */
const reaches = (literal: string, left: readonly string[]): boolean =>
  /\*\.tsx?\b|\.ts$/.test(literal) && !/^\.{1,2}\//.test(literal)
    ? true
    : left.some(
        (name) =>
          new RegExp(`(?:^|/)${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:/|$)`).test(literal) &&
          !isModule(literal),
      );

/** `./src` of an import is compiled with the rest. */
const isModule = (literal: string): boolean =>
  /^\.{1,2}\/[\w./-]*$/.test(literal) && !/\.\w+$/.test(literal.replace(/\.js$/, ""));

interface Written {
  readonly outDir: string;
  readonly by: string;
}

/** Every command that builds is TypeScript's or Nest's own, and its configuration says where it writes. */
function writtenBy({ it, facts }: Given): Written | undefined {
  const { project, folder, builds } = facts;
  if (!project || folder === undefined || builds.length === 0) return undefined;
  const steps: Step[] = [];
  for (const { effect } of builds) {
    const { command } = effect;
    const found =
      command &&
      commandSteps(
        command.name ?? "",
        command.args.map(({ value }) => value),
        project,
      );
    if (!found) return undefined;
    steps.push(...found);
  }
  const working = steps.filter(({ does }) => does !== "nothing" && does !== "tests or checks");
  const [step, second] = working;
  if (!step || second || step.does !== "build" || step.conditional) return undefined;
  const read = (path: string): string | undefined => it.context.read(`${folder}${path}`);
  if (step.program === "tsc") {
    const at = step.args.findIndex((arg) => arg === "-p" || arg === "--project");
    const named = at === -1 ? "tsconfig.json" : (step.args[at + 1] ?? "");
    const said = step.args.findIndex((arg) => arg === "--outDir");
    const outDir = said === -1 ? configOf(read, named)?.outDir : step.args[said + 1];
    return outDir === undefined || step.args.includes("-b") || step.args.includes("--build")
      ? undefined
      : { outDir, by: "tsc" };
  }
  if (step.program !== "nest" || step.args.length > 1) return undefined;
  const text = read("nest-cli.json");
  const nest = text === undefined ? undefined : readNestCli(text);
  if (!nest || nest.monorepo || (nest.builder !== undefined && nest.builder !== "tsc" && nest.builder !== "swc"))
    return undefined;
  const config = read("tsconfig.build.json") === undefined ? "tsconfig.json" : "tsconfig.build.json";
  const outDir = configOf(read, config)?.outDir;
  return outDir === undefined ? undefined : { outDir, by: "nest build" };
}

function commandSteps(
  name: string,
  args: readonly string[],
  project: NonNullable<NodeFacts["project"]>,
): readonly Step[] | undefined {
  const words = args.filter((arg) => !arg.startsWith("-"));
  if (/^(?:npm|yarn|pnpm|bun)$/.test(name)) {
    const script = words[0] === "run" || words[0] === "run-script" ? words[1] : words[0];
    return script === undefined || words.length > 2 ? undefined : stepsOf(project, script);
  }
  if (name !== "tsc" && name !== "nest") return undefined;
  return [{ does: "build", program: name, args, environment: new Map(), script: "", conditional: false }];
}

const MAX_PARENTS = 5;

function configOf(read: (path: string) => string | undefined, path: string): Tsconfig | undefined {
  const named = path.endsWith(".json") ? path : `${plain(path)}/tsconfig.json`;
  let text = read(plain(named));
  let config = text === undefined ? undefined : readTsconfig(text);
  if (!config || config.noEmit === true || config.outFile !== undefined || config.references.length > 0)
    return undefined;
  let parents = config.extends;
  for (let left = MAX_PARENTS; left > 0 && parents.length === 1; left--) {
    const [parent = ""] = parents;
    // A configuration of a package says nothing of folders.
    if (!parent.startsWith("./")) break;
    text = read(plain(parent.endsWith(".json") ? parent : `${parent}.json`));
    const found = text === undefined ? undefined : readTsconfig(text);
    if (!found) return undefined;
    config = withParents(config, [found]);
    parents = found.extends;
  }
  return config.noEmit === true || config.outFile !== undefined ? undefined : config;
}

/** What only builds, tests, or is read by people: never by what runs. */
const LEFT =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|tsconfig[\w.-]*\.json|nest-cli\.json|nodemon\.json|(?:README|CHANGELOG|CONTRIBUTING|LICEN[CS]E|SECURITY|CODE_OF_CONDUCT)[\w.-]*|Dockerfile[\w.-]*|[\w.-]+\.[Dd]ockerfile|(?:docker-)?compose[\w.-]*\.ya?ml|[Mm]akefile|\.(?:git[\w-]*|dockerignore|editorconfig|eslint\w*|prettier\w*|nvmrc|node-version|npmrc|yarnrc(?:\.yml)?|vscode|idea|husky|swcrc|mocharc)(?:\.[\w.]+)?|(?:jest|vitest|eslint|prettier|babel|webpack|rollup|tsup|commitlint|lint-staged|esbuild|swc)\.config\.\w+)$/;
const TESTS = /^(?:tests?|__tests__|spec|e2e|coverage)$/;

interface Sorted {
  readonly kept: readonly Beside[];
  /** Names in the project's folder that stay behind. */
  readonly left: readonly string[];
}

/** Undefined where a folder of sources has other files in it, which a program may read where they are. */
function besideOf(paths: readonly string[], folder: string, output: string): Sorted | undefined {
  const kept: Beside[] = [];
  const left: string[] = [];
  const names = new Map<string, string[]>();
  for (const path of paths) {
    if (!path.startsWith(folder)) continue;
    const rest = path.slice(folder.length);
    const [name = ""] = rest.split("/");
    names.set(name, [...(names.get(name) ?? []), rest]);
  }
  for (const [name, files] of names) {
    const isFolder = files.some((file) => file.includes("/"));
    if (name === "node_modules" || name === plain(output).split("/")[0]) continue;
    // It moves, and is no part of what is beside it.
    if (name === "package.json") continue;
    if (LEFT.test(name) || (isFolder && TESTS.test(name))) left.push(name);
    else if (files.every((file) => /\.[cm]?tsx?$/.test(file))) left.push(name);
    else if (files.some((file) => /\.[cm]?tsx?$/.test(file))) return undefined;
    else kept.push({ context: `${folder}${name}`, folder: isFolder });
  }
  return { kept: kept.toSorted((a, b) => (a.context < b.context ? -1 : 1)), left };
}
