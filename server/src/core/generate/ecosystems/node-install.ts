/** How the packages of a Node project are installed, by its lock file: what is copied first, the commands, their caches. */
import { readBunLock } from "../../model/project/bun-lock.ts";
import type { NodeLock } from "../../model/project/node-lock.ts";
import { agreementOf } from "../../model/project/node-lock.ts";
import { nodeNatives } from "../../model/project/node-native.ts";
import { hooksNeedingSources } from "../../model/project/node-scripts.ts";
import { readNpmLock } from "../../model/project/npm-lock.ts";
import {
  allDependencies,
  gitDependencies,
  localDependencies,
  type PackageJson,
} from "../../model/project/package-json.ts";
import { readPnpmLock } from "../../model/project/pnpm-lock.ts";
import { readYarnLock } from "../../model/project/yarn-lock.ts";
import { readJson } from "../../model/project/json.ts";
import { at, fieldsOf, flagAt, textAt } from "../../model/project/values.ts";
import { type App, type Refusal, refuse } from "../app.ts";
import { chooseRelease, type Said } from "../releases.ts";
import { saidVersion } from "../said.ts";
import { cache, copy, run } from "../text.ts";

export interface NodeInstall {
  readonly version: string;
  /** The image with compilers, or the small one where nothing is compiled. */
  readonly buildImage: string;
  readonly runtimeImage: string;
  /** Lines that bring the package manager, where the image has it not. */
  readonly prepare: readonly string[];
  /** Lines that copy manifests and install everything. */
  readonly everything: readonly string[];
  /** The same without development dependencies. */
  readonly production: readonly string[];
  /** Lines that take development dependencies away again; undefined where they are installed anew in a stage of their own. */
  readonly prune: readonly string[] | undefined;
  /** `npm run NAME`. */
  script(name: string): string;
  /** Nothing has to be installed at all. */
  readonly none: boolean;
  readonly noneForProduction: boolean;
  /** The program that runs files. */
  readonly program: "node" | "bun";
}

interface Manager {
  readonly locks: readonly string[];
  read(text: string): NodeLock | undefined;
  readonly companions: readonly string[];
}

const MANAGERS: readonly Manager[] = [
  { locks: ["package-lock.json", "npm-shrinkwrap.json"], read: readNpmLock, companions: [".npmrc"] },
  { locks: ["pnpm-lock.yaml"], read: readPnpmLock, companions: [".npmrc", "pnpm-workspace.yaml"] },
  { locks: ["yarn.lock"], read: readYarnLock, companions: [".npmrc", ".yarnrc", ".yarnrc.yml"] },
  { locks: ["bun.lock"], read: readBunLock, companions: [".npmrc", "bunfig.toml"] },
  { locks: ["bun.lockb"], read: () => undefined, companions: [".npmrc", "bunfig.toml"] },
];

type Kind = NodeLock["kind"];

/** pnpm's release by the format of its lock file. */
const PNPM: readonly (readonly [format: RegExp, version: string])[] = [
  [/^9/, "10.12.1"],
  [/^6/, "8.15.9"],
  [/^5/, "7.33.7"],
];

export function nodeInstall(app: App, project: PackageJson): NodeInstall | Refusal {
  const { files, notes, found } = app;
  if (
    project.workspaces.length > 0 ||
    (files.paths.includes("pnpm-workspace.yaml") && found.folder === "" && hasPackages(app))
  )
    return refuse(
      "package.json is that of a workspace of several packages: choose the folder of one that can be installed alone, or write the Dockerfile by hand",
    );
  const outside = localDependencies(project).find(
    ({ path, protocol }) => protocol === "workspace" || path?.startsWith("..") === true,
  );
  if (outside)
    return refuse(
      `${outside.name} comes from outside of this folder (${outside.protocol}:), so that the folder alone cannot be installed`,
    );
  const manager = MANAGERS.find(({ locks }) => locks.some((lock) => files.paths.includes(lock)));
  const lockFile = manager?.locks.find((lock) => files.paths.includes(lock));
  const lockText = lockFile === undefined ? undefined : files.read(lockFile);
  const lock = lockText === undefined ? undefined : manager?.read(lockText);
  const asked = allDependencies(project);
  if (lockFile === undefined && found.within !== undefined && asked.size > 0)
    return refuse(
      `the lock file is that of the workspace around it, in ${found.within === "" ? "the top folder" : found.within}: the folder alone cannot be installed the way it is locked`,
    );
  const kind: Kind = lock?.kind ?? (lockFile?.startsWith("bun") ? "bun" : named(project));
  if (lockFile === undefined && asked.size > 0)
    notes.note(
      "lock-file",
      `There is no lock file: ${kind === "npm" ? "npm install" : `${kind.split(" ")[0]} install`} takes the newest versions of the day`,
      `two builds of the same sources may differ; run ${kind === "npm" ? "npm install" : `${kind.split(" ")[0]} install`} and keep its lock file, then generate again`,
      true,
    );
  const agreement = lock && agreementOf(project, lock);
  if (agreement?.inSync === false)
    return refuse(
      `${lockFile} does not fit package.json (${agreement.differing.slice(0, 3).join(", ")}), so that an install from it fails: install once and keep the new lock file`,
    );
  const isBun = kind === "bun";
  const version = isBun
    ? chooseRelease(notes, "bun", { said: packageManagerVersion(project, "bun"), range: rangeOf(project, "bun") })
    : chooseRelease(notes, "node", { said: saidVersion(files, "node"), range: rangeOf(project, "node") });
  const compiled = [...nodeNatives(lock?.packages ?? asked.keys())]
    .filter(([, { kind: how }]) => how === "compiles" || how === "prebuilt")
    .map(([name]) => name);
  const fromGit = gitDependencies(project);
  const browser = [...nodeNatives(project.dependencies.keys())].find(([, { kind: how }]) => how === "browser");
  if (browser) return refuse(`${browser[0]} starts a browser, which needs an image made for that`);
  const needsFull = compiled.length > 0 || fromGit.length > 0;
  if (needsFull)
    notes.note(
      "build-image",
      `The packages are installed on the full image`,
      `${[...compiled, ...fromGit].join(", ")} needs git, or compilers where nothing is there for the platform`,
    );
  const image = (slim: boolean): string =>
    isBun ? `oven/bun:${version}${slim ? "-slim" : ""}` : `node:${version}${slim ? "-slim" : ""}`;
  const pnpm = kind === "pnpm" ? pnpmVersion(app, project, lock) : undefined;
  const prepare = prepareFor(app, project, kind, pnpm, version);
  if ("refusal" in prepare) return prepare;
  const secret = /_auth|_password/i.test(files.read(".npmrc") ?? "");
  if (secret)
    notes.note(
      "npmrc",
      ".npmrc is handed to the build as the secret `npmrc` and is not copied",
      "it holds a login, which would stay in the image: docker build --secret id=npmrc,src=.npmrc",
    );
  const manifests = [
    "package.json",
    ...(lockFile === undefined ? [] : [lockFile]),
    ...(manager?.companions ?? [".npmrc"]).filter(
      (path) => files.paths.includes(path) && !(secret && path === ".npmrc"),
    ),
  ];
  const folders = [
    ...(files.paths.some((path) => path.startsWith("patches/")) ? ["patches"] : []),
    ...(files.paths.some((path) => path.startsWith(".yarn/releases/")) ? [".yarn/releases"] : []),
    ...(files.paths.some((path) => path.startsWith(".yarn/patches/")) ? [".yarn/patches"] : []),
    ...(files.paths.some((path) => path.startsWith(".yarn/plugins/")) ? [".yarn/plugins"] : []),
  ];
  const hooks = hooksNeedingSources(project);
  const isPrisma =
    hooks.length > 0 &&
    hooks.every(({ steps }) => steps?.every(({ does, program }) => does === "nothing" || program === "prisma"));
  const prisma = isPrisma && files.paths.some((path) => path.startsWith("prisma/"));
  const needsSources =
    hooks.length > 0 &&
    !prisma &&
    !(
      hooks.every(({ steps }) => steps?.every(({ does }) => does === "patches") === true) && folders.includes("patches")
    );
  if (needsSources)
    notes.note(
      "install-hooks",
      "The sources are copied before the packages are installed",
      `the script ${hooks[0]?.script} of package.json runs then and may need them, at the price of a new install with each change`,
    );
  const copies = needsSources
    ? [copy(["."], "./")]
    : [
        copy(manifests, "./"),
        ...[...folders, ...(prisma ? ["prisma"] : [])].map((folder) => copy([folder], `./${folder}`)),
      ];
  const mounts = [cacheOf(kind), ...(secret ? ["type=secret,id=npmrc,target=/root/.npmrc"] : [])];
  const gaps = kind === "npm" && lockText !== undefined ? gapsIn(lockText) : [];
  if (gaps.length > 0)
    notes.note(
      "lock-file",
      `npm install takes the place of npm ci, which refuses ${lockFile}`,
      `packages are missing in it (${gaps[0]}${gaps.length > 1 ? ` and ${gaps.length - 1} more` : ""}), as npm leaves it behind at times where they are for other platforms; delete it and node_modules, install once, and generate again`,
      true,
    );
  const commands = COMMANDS[kind](lockFile !== undefined && gaps.length === 0);
  const loose =
    gaps.length > 0
      ? [`# npm ci refuses ${lockFile}, in which packages are missing.`, "# dockwright ignore=install-ignores-lockfile"]
      : [];
  const suppressed = needsSources
    ? ["# Its scripts run while it installs and read the sources.", "# dockwright ignore=dependencies-after-source"]
    : [];
  return {
    version,
    buildImage: app.image(image(!needsFull)),
    runtimeImage: app.image(image(true)),
    prepare: prepare.lines,
    everything: [...suppressed, ...copies, ...loose, run([commands.everything], mounts)],
    production: [...suppressed, ...copies, ...loose, run([commands.production], mounts)],
    prune: commands.prune === undefined ? undefined : [run([commands.prune], mounts)],
    script: (name) => `${kind.split(" ")[0]} run ${name}`,
    none: asked.size === 0,
    noneForProduction: project.dependencies.size === 0 && project.optionalDependencies.size === 0,
    program: isBun ? "bun" : "node",
  };
}

/** Packages that others of an npm lock file need and that are not in it, or not with a version. */
function gapsIn(lock: string): readonly string[] {
  const entries = Object.entries(fieldsOf(at(readJson(lock), "packages")));
  const nameOf = (path: string): string => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
  const locked = new Set(
    entries.flatMap(([path, entry]) =>
      path.includes(FOLDER) && (textAt(entry, "version") !== undefined || flagAt(entry, "link") === true)
        ? [nameOf(path)]
        : [],
    ),
  );
  const needed = entries.flatMap(([path, entry]) => [
    ...(path.includes(FOLDER) ? [nameOf(path)] : []),
    ...["dependencies", "optionalDependencies"].flatMap((group) => Object.keys(fieldsOf(at(entry, group)))),
  ]);
  return [...new Set(needed)].filter((name) => !locked.has(name));
}

const FOLDER = "node_modules/";

const hasPackages = ({ files }: App): boolean =>
  files.paths.some((path) => /^.+\/package\.json$/.test(path) && !path.includes("node_modules/"));

const named = ({ packageManager }: PackageJson): Kind => {
  if (packageManager?.name === "pnpm" || packageManager?.name === "bun") return packageManager.name;
  if (packageManager?.name === "yarn")
    return packageManager.version?.startsWith("1.") === true ? "yarn classic" : "yarn";
  return "npm";
};

const rangeOf = ({ engines }: PackageJson, name: string) => {
  const text = engines.get(name);
  return text === undefined ? undefined : { text, by: "package.json (engines)" };
};

function packageManagerVersion({ packageManager }: PackageJson, name: string): Said | undefined {
  const version = packageManager?.name === name ? packageManager.version : undefined;
  return version !== undefined && /^\d[\w.-]*$/.test(version)
    ? { version, by: "package.json (packageManager)" }
    : undefined;
}

function pnpmVersion(app: App, project: PackageJson, lock: NodeLock | undefined): string {
  const said = packageManagerVersion(project, "pnpm");
  if (said) {
    app.notes.note("pnpm-version", `pnpm ${said.version}`, `${said.by} says so`);
    return said.version;
  }
  const version = PNPM.find(([format]) => format.test(lock?.version ?? ""))?.[1] ?? "10.12.1";
  app.notes.note(
    "pnpm-version",
    `pnpm ${version}`,
    `it reads pnpm-lock.yaml of format ${lock?.version ?? "unknown"}; package.json (packageManager) could say which`,
    true,
  );
  return version;
}

function prepareFor(
  app: App,
  project: PackageJson,
  kind: Kind,
  pnpm: string | undefined,
  node: string,
): { readonly lines: readonly string[] } | Refusal {
  if (kind === "pnpm") return { lines: [run([`npm install --global pnpm@${pnpm}`], [cache("/root/.npm")])] };
  if (kind !== "yarn") return { lines: [] };
  // The yarn of the image hands over to the one the project brings.
  if (/^yarnPath:/m.test(app.files.read(".yarnrc.yml") ?? "")) return { lines: [] };
  const version = project.packageManager?.name === "yarn" ? project.packageManager.version : undefined;
  if (version === undefined)
    return refuse(
      "yarn.lock is of yarn 2 or later, and neither packageManager in package.json nor yarnPath in .yarnrc.yml says which: run `yarn set version stable`",
    );
  if (Number(node.split(".")[0]) >= 25)
    return { lines: [run(["npm install --global corepack@0.34.0", "corepack enable"], [cache("/root/.npm")])] };
  return { lines: [run(["corepack enable"])] };
}

const cacheOf = (kind: Kind): string =>
  ({
    npm: cache("/root/.npm"),
    "yarn classic": cache("/usr/local/share/.cache/yarn", true),
    yarn: cache("/root/.yarn/berry/cache", true),
    pnpm: cache("/root/.local/share/pnpm/store"),
    bun: cache("/root/.bun/install/cache"),
  })[kind];

interface Commands {
  readonly everything: string;
  readonly production: string;
  readonly prune: string | undefined;
}

const COMMANDS: Readonly<Record<Kind, (locked: boolean) => Commands>> = {
  npm: (locked) => ({
    everything: locked ? "npm ci" : "npm install",
    production: `${locked ? "npm ci" : "npm install"} --omit=dev`,
    prune: "npm prune --omit=dev",
  }),
  "yarn classic": (locked) => ({
    everything: `yarn install${locked ? " --frozen-lockfile" : ""}`,
    production: `yarn install${locked ? " --frozen-lockfile" : ""} --production`,
    prune: `yarn install${locked ? " --frozen-lockfile" : ""} --production --ignore-scripts --prefer-offline`,
  }),
  yarn: (locked) => ({
    everything: `yarn install${locked ? " --immutable" : ""}`,
    production: "yarn workspaces focus --all --production",
    prune: "yarn workspaces focus --all --production",
  }),
  pnpm: (locked) => ({
    everything: `pnpm install${locked ? " --frozen-lockfile" : ""}`,
    production: `pnpm install${locked ? " --frozen-lockfile" : ""} --prod`,
    prune: "CI=true pnpm prune --prod",
  }),
  bun: (locked) => ({
    everything: `bun install${locked ? " --frozen-lockfile" : ""}`,
    production: `bun install${locked ? " --frozen-lockfile" : ""} --production`,
    prune: undefined,
  }),
};
