/** What the packages that a file installs need of the image besides: compilers, git, libraries, as far as manifests and lock files tell. */
import { folderOfCommand, originOf } from "../../model/dockerfile/context-files.ts";
import { inFolder, type LockedInstall, lockedInstalls, originBeside } from "../../model/dockerfile/lock-files.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { readBunLock } from "../../model/project/bun-lock.ts";
import { readGemfileLock } from "../../model/project/gemfile-lock.ts";
import { nodeNatives } from "../../model/project/node-native.ts";
import { readNpmLock } from "../../model/project/npm-lock.ts";
import { allDependencies, gitDependencies, readPackageJson } from "../../model/project/package-json.ts";
import { readPnpmLock } from "../../model/project/pnpm-lock.ts";
import { readPythonLock } from "../../model/project/python-locks.ts";
import { pythonNatives } from "../../model/project/python-native.ts";
import { readRequirements } from "../../model/project/requirements.ts";
import { rubyNatives } from "../../model/project/ruby-native.ts";
import { readYarnLock } from "../../model/project/yarn-lock.ts";
import { type Answer, known } from "../../rule.ts";
import type { Lookup } from "./assist.ts";

export interface Need {
  /** For messages: `bcrypt`. */
  readonly package: string;
  /** Compiled when it is installed, fetched with git, or a package of the distribution it loads. */
  readonly needs: "a compiler" | "git" | { readonly loads: string };
}

/** A clause why nobody knows; `waiting` while answers are missing. */
export type Needs = readonly Need[] | "waiting" | { readonly unknown: string };

/** All that RUNs install. */
export function installedNeeds(dockerfile: Dockerfile, runs: readonly Instruction[], lookup: Lookup): Needs {
  const needs: Need[] = [];
  let waiting = false;
  const parts = [
    ...lockedInstalls(dockerfile)
      .filter(({ run }) => runs.some(({ index }) => index === run.index))
      .map((install) => needsOfInstall(dockerfile, install, lookup)),
    ...runs.flatMap((run) => packageCalls(dockerfile, run)).map((call) => needsOfCall(dockerfile, call, lookup)),
  ];
  for (const part of parts) {
    if (part === "waiting") waiting = true;
    else if ("unknown" in part) return part;
    else needs.push(...part);
  }
  return waiting ? "waiting" : needs;
}

const unknown = (what: string): Needs => ({ unknown: what });

function textAt(dockerfile: Dockerfile, install: LockedInstall, name: string, lookup: Lookup): Answer | undefined {
  const origin = originBeside(dockerfile, install, name);
  if (!origin || origin.kind === "hidden") return { unknown: "it does not come from the build context" };
  return lookup({ ask: "read", path: origin.path });
}

function needsOfInstall(dockerfile: Dockerfile, install: LockedInstall, lookup: Lookup): Needs {
  const { program, manifest, locks, label } = install;
  const answers = [manifest, ...locks].map((name) => [name, textAt(dockerfile, install, name, lookup)] as const);
  if (answers.some(([, answer]) => answer === undefined)) return "waiting";
  const texts = new Map(answers.map(([name, answer]) => [name, known(answer)]));
  const lockName = locks.find((name) => texts.get(name) !== undefined);
  const lock = lockName === undefined ? undefined : texts.get(lockName);
  if (manifest === "package.json") return nodeNeeds(label, texts.get(manifest), lock, program);
  if (manifest === "pyproject.toml" || manifest === "Pipfile") {
    const locked = lockName === undefined || lock === undefined ? undefined : readPythonLock(lockName, lock);
    return locked
      ? pythonNeeds(locked.packages.keys())
      : unknown(`what ${label} installs is not known without its lock file`);
  }
  if (program === "bundle") {
    const locked = lock === undefined ? undefined : readGemfileLock(lock);
    if (!locked) return unknown(`what ${label} installs is not known without Gemfile.lock`);
    return [
      ...rubyNeeds([...locked.gems.keys()]),
      ...(locked.git ? [{ package: "a gem", needs: "git" } as const] : []),
    ];
  }
  return program === "go" || program === "cargo" ? [] : unknown(`what ${label} needs is not known`);
}

const NODE_LOCKS = [readNpmLock, readYarnLock, readPnpmLock, readBunLock];

function nodeNeeds(label: string, manifest: string | undefined, lock: string | undefined, program: string): Needs {
  const project = manifest === undefined ? undefined : readPackageJson(manifest);
  if (!project) return unknown(`what ${label} installs is not known without package.json`);
  const packages =
    lock === undefined ? undefined : NODE_LOCKS.map((read) => read(lock)).find((each) => each !== undefined)?.packages;
  const git = gitDependencies(project).map((name) => ({ package: name, needs: "git" }) as const);
  const natives = [...nodeNatives([...allDependencies(project).keys(), ...(packages ?? [])])].flatMap(
    ([name, { kind, runs = [] }]): Need[] => [
      ...(kind === "compiles" ? [{ package: name, needs: "a compiler" } as const] : []),
      ...(kind === "browser" ? [{ package: name, needs: { loads: "a browser" } }] : []),
      ...runs.map((each) => ({ package: name, needs: { loads: each } })),
    ],
  );
  if (!packages && program !== "bun" && natives.length + git.length === 0 && allDependencies(project).size > 0)
    return unknown(`what the packages of ${label} need is not known without a lock file`);
  return [...git, ...natives];
}

const pythonNeeds = (names: Iterable<string>): readonly Need[] =>
  [...pythonNatives(names)].flatMap(([name, { wheels, runs = [] }]): Need[] => [
    ...(wheels ? [] : [{ package: name, needs: "a compiler" } as const]),
    ...[...runs, ...(LOADED[name] ?? [])].map((each) => ({ package: name, needs: { loads: each } })),
  ]);

/** Loaded when they run, from packages that are called something else in each release. */
const LOADED: Readonly<Record<string, readonly string[]>> = { wand: ["ImageMagick's library"] };

/** Gems that are Ruby alone, of those people install by name. Of others a part is often compiled, and no list has them all. */
const PLAIN_GEMS: ReadonlySet<string> = new Set("bundler rake foreman rack minitest rspec".split(" "));

function rubyNeeds(names: readonly string[]): readonly Need[] {
  const natives = [...rubyNatives(names)].flatMap(([name, { prebuilt, runs }]): Need[] => [
    ...(prebuilt ? [] : [{ package: name, needs: "a compiler" } as const]),
    ...runs.map((each) => ({ package: name, needs: { loads: each } })),
  ]);
  const other = names.find((name) => !PLAIN_GEMS.has(name));
  return [...natives, ...(other === undefined ? [] : [{ package: other, needs: "a compiler" } as const])];
}

/** Packages by name on the command line, and requirements files. */
function needsOfCall(dockerfile: Dockerfile, call: PackageCall, lookup: Lookup): Needs {
  const { manager, action, operands, options } = call;
  const names = operands.map(({ value }) =>
    value
      .replace(/[[=<>!~@;: ].*$/s, "")
      .toLowerCase()
      .replace(/[-_.]+/g, "-"),
  );
  if (manager === "gem") return action.value === "install" ? rubyNeeds(names) : [];
  if (manager === "npm" || manager === "yarn" || manager === "pnpm" || manager === "bun")
    return [...nodeNatives(operands.map(({ value }) => value.replace(/(?<=.)@.*$/, "")))].flatMap(
      ([name, { kind }]): Need[] => (kind === "compiles" ? [{ package: name, needs: "a compiler" }] : []),
    );
  if ((manager !== "pip" && manager !== "uv pip") || action.value !== "install") return [];
  if (operands.some(({ value }) => /^(?:git|hg|svn|bzr)\+/.test(value)))
    return [{ package: "a package", needs: "git" }];
  if (
    operands.some(({ value }) => value.includes("/") || value === ".") ||
    options.some(({ name }) => name === "-e" || name === "--editable")
  )
    return unknown("what the project itself needs to be installed is not known");
  const files = options.filter(({ name }) => name === "-r" || name === "--requirement");
  const found: Need[] = [...pythonNeeds(names)];
  for (const { value } of files) {
    const read = requirementNeeds(dockerfile, call, value, lookup);
    if (read === "waiting" || "unknown" in read) return read;
    found.push(...read);
  }
  return found;
}

function requirementNeeds(dockerfile: Dockerfile, call: PackageCall, value: string | undefined, lookup: Lookup): Needs {
  const folder = folderOfCommand(dockerfile, call.instruction, call.command);
  const path = value?.startsWith("/")
    ? value
    : value !== undefined && folder !== undefined
      ? inFolder(folder, value.replace(/^\.\//, ""))
      : undefined;
  const origin = path === undefined ? undefined : originOf(dockerfile, call.instruction, path);
  if (!origin || origin.kind === "hidden") return unknown(`what ${value ?? "a requirements file"} lists is not known`);
  const answer = lookup({ ask: "read", path: origin.path });
  if (answer === undefined) return "waiting";
  if (typeof answer !== "string") return unknown(`${origin.path} is not known: ${answer.unknown}`);
  const { requirements, includes } = readRequirements(answer);
  const git = requirements.find(({ vcs }) => vcs);
  if (git) return [{ package: git.name ?? "a package", needs: "git" }];
  if (includes.length > 0) return unknown(`${origin.path} includes other files`);
  return pythonNeeds(requirements.flatMap(({ name }) => name ?? []));
}
