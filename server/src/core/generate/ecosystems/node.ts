/** Node.js and Bun: a server that runs as it is, one that is compiled first, a framework's own server, or pages behind nginx. */
import { readAngularJson } from "../../model/project/angular-json.ts";
import { readAstroConfig } from "../../model/project/astro-config.ts";
import { readNestCli } from "../../model/project/nest-cli.ts";
import { readNextConfig } from "../../model/project/next-config.ts";
import { type Framework, frameworksOf } from "../../model/project/node-frameworks.ts";
import { startOf, type Step, stepsOf } from "../../model/project/node-scripts.ts";
import { readNuxtConfig } from "../../model/project/nuxt-config.ts";
import { type PackageJson, productionDependencies, readPackageJson } from "../../model/project/package-json.ts";
import { readSvelteConfig } from "../../model/project/svelte-config.ts";
import { compiledPath, readTsconfig } from "../../model/project/tsconfig.ts";
import { readViteConfig } from "../../model/project/vite-config.ts";
import { readVueConfig } from "../../model/project/vue-config.ts";
import { type App, type Outcome, type Refusal, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf, portLines } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { IMAGES } from "../releases.ts";
import { cmd, copy, env, fileOf, from, healthcheck } from "../text.ts";
import { NGINX_PORT, NGINX_PROBE, nginxStage } from "./nginx.ts";
import { type NodeInstall, nodeInstall } from "./node-install.ts";

const ENDING = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;

/** What the project comes to. */
type Shape =
  /** Files of a folder, behind nginx. */
  | { readonly is: "pages"; readonly folder: string; readonly singlePage: boolean }
  /** What the image needs of the build, and what it starts. */
  | {
      readonly is: "server";
      readonly built: readonly string[];
      readonly packages: boolean;
      readonly start: readonly string[];
      readonly builds: boolean;
      readonly writes?: readonly string[];
    };

export function node(app: App): Outcome {
  const { files, notes } = app;
  const project = readPackageJson(files.read("package.json") ?? "");
  if (!project) return refuse("package.json is no JSON object");
  const frameworks = frameworksOf(project);
  const shape = shapeOf(app, project, frameworks);
  if ("refusal" in shape) return shape;
  const install = nodeInstall(app, project);
  if ("refusal" in install) return install;
  const [framework] = frameworks;
  const name = install.program === "bun" ? "Bun" : "Node.js";
  const ecosystem = framework ? `${name} (${framework.name})` : name;
  const texts = sourcesOf(files, ENDING);
  const common = {
    init: shape.is === "server",
    sets: ["NODE_ENV"],
    libraries: { from: "npm" as const, names: productionDependencies(project).keys() },
    sources: ENDING,
  };
  if (shape.is === "pages") {
    notes.note(
      "server",
      `nginx serves ${shape.folder} on port ${NGINX_PORT}`,
      "what the build writes are files, and a development server is not for production",
    );
    if (project.proxy !== undefined || proxies(app))
      notes.note(
        "proxy",
        "Requests that the development server passes on are not passed on by nginx",
        "its configuration names a proxy",
        true,
      );
    return {
      ...common,
      ecosystem,
      dockerfile: fileOf(
        app.image(IMAGES.syntax),
        buildStage(install),
        nginxStage(app, { from: "build", path: `/app/${shape.folder}` }, shape.singlePage),
      ),
      port: NGINX_PORT,
      probe: NGINX_PROBE,
      writes: [],
    };
  }
  const listening = listeningOf(texts, "node");
  // A framework's configuration and its client say other ports as well: its own server has one.
  const own = framework?.kind === "full stack" ? { ...listening, ports: [], loopback: undefined } : listening;
  const listens = framework !== undefined && framework.kind !== "single page";
  const port = choosePort(
    notes,
    { ...own, listens: own.listens || listens },
    framework?.port ?? 3000,
    framework?.port === undefined ? undefined : framework.name,
  );
  const root = framework?.kind === "full stack" ? { path: "/", by: framework.name } : undefined;
  const probe = chooseProbe(
    notes,
    port,
    install.program,
    healthPathIn(texts.filter(({ path }) => root === undefined || !/\.(?:jsx|tsx|vue|svelte)$/.test(path))) ?? root,
  );
  const assets = shape.builds && shape.packages ? assetsOf(app, shape.built) : [];
  const needsPort = framework?.kind === "full stack" && port !== undefined;
  const lines = portLines(port, needsPort ? [] : texts);
  const isolated = shape.builds ? shape.packages && !install.noneForProduction : !install.noneForProduction;
  const dependencies = isolated ? dependencyStage(install, shape.builds) : [];
  const runtime = [
    from(install.runtimeImage),
    env({ NODE_ENV: "production", ...(needsPort && { PORT: String(port), HOSTNAME: "0.0.0.0", HOST: "0.0.0.0" }) }),
    "WORKDIR /app",
    ...(isolated ? [copy(["/app/node_modules"], "./node_modules", "--from=dependencies")] : []),
    ...(shape.builds
      ? [
          ...(shape.packages ? [copy(["package.json", ...assets.filter((path) => !isFolder(app, path))], "./")] : []),
          ...shape.built.map((path) => builtCopy(path)),
          ...assets.filter((path) => isFolder(app, path)).map((path) => copy([path], `./${path}`)),
        ]
      : [copy(["."], ".")]),
    ...(shape.writes ?? []).map((folder) => `RUN mkdir -p ${folder} && chown 1000:1000 ${folder}`),
    "USER 1000:1000",
    ...lines,
    healthcheck(probe),
    cmd(shape.start.map((word, at) => (at === 0 && word === "node" ? install.program : word))),
  ];
  return {
    ...common,
    sets: ["NODE_ENV", ...(needsPort ? ["HOSTNAME", "HOST", "PORT"] : ["PORT"])],
    ecosystem,
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      ...(shape.builds ? [buildStage(install)] : []),
      ...(dependencies.length > 0 ? [dependencies] : []),
      runtime,
    ),
    port,
    probe,
    writes: (shape.writes ?? []).map((folder) => `/app/${folder}`),
  };
}

const isFolder = ({ files }: App, path: string): boolean => files.paths.some((each) => each.startsWith(`${path}/`));

/** `.next/standalone/` is the folder's content, `dist` the folder. */
const builtCopy = (path: string): string =>
  path.endsWith("/")
    ? copy([`/app/${path}`], "./", "--from=build")
    : copy([`/app/${path}`], `./${path}`, "--from=build");

const buildStage = (install: NodeInstall): readonly string[] => [
  from(install.buildImage, "build"),
  ...install.prepare,
  "WORKDIR /app",
  ...(install.none ? [] : install.everything),
  copy(["."], "."),
  `RUN ${install.script("build")}`,
];

function dependencyStage(install: NodeInstall, builds: boolean): readonly string[] {
  if (builds && install.prune) return [from("build", "dependencies"), ...install.prune];
  return [from(install.buildImage, "dependencies"), ...install.prepare, "WORKDIR /app", ...install.production];
}

const DATA = [
  "public",
  "views",
  "templates",
  "static",
  "assets",
  "locales",
  "migrations",
  "prisma",
  "drizzle",
  "config",
  "next.config.js",
  "next.config.mjs",
  "next.config.ts",
];

/** Files that servers read beside what is compiled. */
function assetsOf(app: App, built: readonly string[]): readonly string[] {
  const found = DATA.filter((path) => !built.includes(path) && (app.files.paths.includes(path) || isFolder(app, path)));
  if (found.length > 0)
    app.notes.note(
      "assets",
      `${found.join(", ")} go along with what is built`,
      "programs usually read them while they run",
      true,
    );
  return found;
}

function shapeOf(app: App, project: PackageJson, frameworks: readonly Framework[]): Shape | Refusal {
  const [framework] = frameworks;
  const made = framework ? FRAMEWORKS[framework.name]?.(app, project) : undefined;
  if (made) return made;
  const isServer = frameworks.some(({ kind }) => kind === "server");
  const pages = frameworks.find(
    ({ kind, name }) => (kind === "single page" && !isServer) || kind === "static site" || name === "Astro",
  );
  if (pages && project.scripts.has("build")) return pagesOf(app, pages);
  return plainServer(app, project);
}

/** The first of these files, read. */
function configured<T>({ files }: App, stem: string, read: (text: string) => T): T | undefined {
  const path = files.paths.find(
    (each) => each.startsWith(`${stem}.`) && /\.(?:[cm]?[jt]s)$/.test(each) && !each.includes("/"),
  );
  const text = path === undefined ? undefined : files.read(path);
  return text === undefined ? undefined : read(text);
}

const UNKNOWN_OUTPUT = (what: string): Refusal =>
  refuse(
    `where the build writes to cannot be told from ${what}, because it is computed there: write the Dockerfile by hand, or set it literally`,
  );

function pagesOf(app: App, framework: Framework): Shape | Refusal {
  const folder = pagesFolder(app, framework);
  if (folder === undefined) return UNKNOWN_OUTPUT(`the configuration of ${framework.name}`);
  return { is: "pages", folder, singlePage: framework.kind === "single page" };
}

function pagesFolder(app: App, { name, output }: Framework): string | undefined {
  if (name === "Angular") {
    const applications =
      readAngularJson(app.files.read("angular.json") ?? "")?.projects.filter(({ isApplication }) => isApplication) ??
      [];
    return applications.length === 1 ? applications[0]?.browserFolder : undefined;
  }
  if (name === "Vue CLI")
    return settled((configured(app, "vue.config", readVueConfig) ?? NOTHING_SET).outputDir, output);
  if (name === "Vite") {
    const { root, outDir } = configured(app, "vite.config", readViteConfig) ?? NOTHING_SET;
    return root === null ? settled(outDir, output) : undefined;
  }
  if (name === "Astro")
    return settled((configured(app, "astro.config", readAstroConfig) ?? NOTHING_SET).outDir, output);
  return output;
}

/** There is no such file. */
const NOTHING_SET = { outputDir: null, outDir: null, root: null, output: null } as const;

/** What is set; the usual where nothing is set; undefined where nobody can tell. */
const settled = (value: string | null | undefined, usual: string | undefined): string | undefined =>
  value === null ? usual : value?.replace(/^\.\//, "");

function proxies(app: App): boolean {
  return configured(app, "vite.config", readViteConfig)?.proxies === true;
}

const server = (
  built: readonly string[],
  start: readonly string[],
  more: { readonly packages?: boolean; readonly writes?: readonly string[] } = {},
): Shape => ({
  is: "server",
  built,
  start,
  packages: more.packages ?? true,
  builds: true,
  ...(more.writes && { writes: more.writes }),
});

type FrameworkShape = (app: App, project: PackageJson) => Shape | Refusal | undefined;

/** Frameworks whose build is known; undefined where what the project's scripts say holds. */
const FRAMEWORKS: Readonly<Record<string, FrameworkShape>> = {
  "Next.js": nextJs,
  NestJS: nestJs,
  Nuxt: nuxt,
  SvelteKit: svelteKit,
  Astro: astro,
};

function nextJs(app: App, project: PackageJson): Shape | Refusal {
  if (!project.scripts.has("build"))
    return refuse("package.json has no script `build`, which Next.js needs before it starts");
  const config = configured(app, "next.config", readNextConfig);
  if (config && (config.distDir === undefined || typeof config.distDir === "string"))
    return UNKNOWN_OUTPUT("next.config (distDir)");
  if (config?.output === "export") return { is: "pages", folder: "out", singlePage: false };
  const hasPublic = app.files.paths.some((path) => path.startsWith("public/"));
  if (config?.output === "standalone" && config.outputFileTracingRoot === null)
    return server([".next/standalone/", ".next/static", ...(hasPublic ? ["public"] : [])], ["node", "server.js"], {
      packages: false,
      writes: [".next/cache"],
    });
  app.notes.note(
    "next-output",
    "The image holds all packages of production and starts next itself",
    'next.config does not say `output: "standalone"`, with which Next.js gathers only what it needs: set it and generate again',
    true,
  );
  return server([".next"], ["node", "node_modules/next/dist/bin/next", "start"], { writes: [".next/cache"] });
}

function nestJs(app: App, project: PackageJson): Shape | Refusal | undefined {
  if (!project.scripts.has("build")) return refuse("package.json has no script `build`");
  const cli = readNestCli(app.files.read("nest-cli.json") ?? "{}");
  if (cli?.monorepo)
    return refuse(
      "nest-cli.json is that of several applications in one (monorepo), and nothing says which one the image is for",
    );
  const production = firstFile(stepsOf(project, "start:prod"));
  const path = production?.path ?? `dist/${cli?.entryFile ?? "main"}.js`;
  const file = withEnding(path);
  if (production === undefined)
    app.notes.note("start", `It starts ${file}`, "nest-cli.json says so, and no script start:prod says anything else");
  else app.notes.note("start", `It starts ${file}`, "the script start:prod says so");
  return server([file.split("/")[0] ?? "dist"], ["node", file]);
}

/** `node dist/main` is main.js. */
const withEnding = (path: string): string => (/\.[cm]?[jt]s$/.test(path) ? plain(path) : `${plain(path)}.js`);
const plain = (path: string): string => path.replace(/^(?:\.\/)+/, "");

const firstFile = (steps: readonly Step[] | undefined): Step | undefined =>
  steps?.find(({ does, path }) => does === "runs a file" && path !== undefined);

function nuxt(app: App): Shape | Refusal {
  const config = configured(app, "nuxt.config", readNuxtConfig);
  if (
    config &&
    (config.preset === undefined ||
      config.outputDir === undefined ||
      (typeof config.preset === "string" && !/^node-?server$/i.test(config.preset)))
  )
    return refuse("nuxt.config builds for a preset other than node-server, or for one that is computed");
  const folder = typeof config?.outputDir === "string" ? config.outputDir : ".output";
  return server([folder], ["node", `${folder}/server/index.mjs`], { packages: false });
}

function svelteKit(app: App): Shape | Refusal {
  const config = configured(app, "svelte.config", readSvelteConfig);
  const folder = settled((config ?? NOTHING_SET).output, "build");
  if (folder === undefined) return UNKNOWN_OUTPUT("svelte.config.js");
  if (config?.adapter === "@sveltejs/adapter-node") return server([folder], ["node", folder]);
  if (config?.adapter === "@sveltejs/adapter-static") return { is: "pages", folder, singlePage: false };
  return refuse(
    `svelte.config.js builds with ${config?.adapter ?? "no adapter that is named literally"}: a container needs @sveltejs/adapter-node or @sveltejs/adapter-static`,
  );
}

function astro(app: App): Shape | Refusal | undefined {
  const config = configured(app, "astro.config", readAstroConfig);
  if (config === undefined || config.adapter === null || config.output === "static") return undefined;
  if (config.adapter !== "@astrojs/node" || config.mode !== "standalone")
    return refuse("astro.config builds for a server that is not @astrojs/node in its mode standalone");
  const folder = settled(config.outDir, "dist");
  if (folder === undefined) return UNKNOWN_OUTPUT("astro.config");
  return server([folder], ["node", `${folder}/server/entry.mjs`]);
}

/** Scripts that say how the program runs in production, best first. */
const PRODUCTION = ["start:prod", "start:production", "prod", "serve:prod", "serve"];

function plainServer(app: App, project: PackageJson): Shape | Refusal {
  const { files, notes } = app;
  const start = startOf(project, files.paths.includes("server.js"));
  const usable = ({ step }: { readonly step: Step }): boolean =>
    (step.does === "runs a file" || step.does === "framework server") && !step.environment.has("NODE_OPTIONS");
  if (start && usable(start)) return started(app, project, start.step, "start");
  for (const name of PRODUCTION) {
    const step = stepsOf(project, name)?.findLast(({ does }) => does !== "nothing");
    if (step && usable({ step })) return started(app, project, step, name);
  }
  if (start?.step.does === "runs sources") {
    const built = compiled(app, project, start.step);
    if (built) return built;
    return refuse(
      `the script start compiles ${start.step.path ?? "sources"} each time it starts, with ${start.step.program}: a script that builds and one that starts what was built (node dist/…) are needed`,
    );
  }
  if (start?.step.does === "development server" || start?.step.does === "static server")
    return refuse(
      `the script start runs ${start.step.program}, a server for development: a script start:prod that runs the program itself is needed`,
    );
  if (start?.step.does === "process manager")
    return refuse(
      `the script start leaves the program to ${start.step.program}: in a container the program itself is started`,
    );
  if (!project.scripts.has("start") && project.main !== undefined && files.paths.includes(plain(project.main))) {
    notes.note(
      "start",
      `It starts ${plain(project.main)}`,
      "package.json names it as main, and has no script start",
      true,
    );
    return asIs(plain(project.main));
  }
  return refuse(
    project.scripts.has("start")
      ? `nothing is known of what the script start runs (${project.scripts.get("start")})`
      : "package.json has no script start, and no file that is certainly the program",
  );
}

const asIs = (path: string, args: readonly string[] = []): Shape => ({
  is: "server",
  built: [],
  packages: true,
  builds: false,
  start: ["node", ...args, path],
});

function started(app: App, project: PackageJson, step: Step, script: string): Shape | Refusal {
  const { files, notes } = app;
  const builds = project.scripts.has("build");
  if (step.does === "framework server") {
    if (!builds)
      return refuse(
        `the script ${script} starts ${step.program}, and there is no script build that writes what it serves`,
      );
    notes.note("start", `It starts ${step.program} ${step.args.join(" ")}`, `the script ${script} says so`);
    return server(builtFolders(step, frameworksOf(project)), [`node_modules/.bin/${step.program}`, ...step.args]);
  }
  const path = withEnding(step.path ?? "");
  const isThere = files.paths.includes(path) || files.paths.includes(plain(step.path ?? ""));
  if (step.path === undefined) return refuse(`the script ${script} does not say literally which file it runs`);
  notes.note("start", `It starts ${path}`, `the script ${script} says so`);
  const args = step.args.map((arg) => (arg === step.path ? path : arg));
  if (isThere) {
    // What a build would write beside it nobody knows: the page of a site, styles.
    if (builds && frameworksOf(project).some(({ kind }) => kind === "single page"))
      return refuse(
        `the script build makes pages that ${path} may serve: where they go cannot be told, so write the Dockerfile by hand`,
      );
    return { ...asIs(path), start: ["node", ...args] } as Shape;
  }
  if (!builds)
    return refuse(
      `the script ${script} runs ${path}, which is not there, and there is no script build that could make it`,
    );
  if (!path.includes("/"))
    return refuse(
      `the script ${script} runs ${path}, which the build would write beside the sources: it needs a folder of its own`,
    );
  return server([path.split("/")[0] ?? ""], ["node", ...args]);
}

const builtFolders = (_: Step, frameworks: readonly Framework[]): readonly string[] => [
  frameworks[0]?.output ?? "build",
];

/** tsconfig.json says where a source is compiled to, and the script build compiles it. */
function compiled(app: App, project: PackageJson, step: Step): Shape | undefined {
  const tsconfig = readTsconfig(app.files.read("tsconfig.json") ?? "");
  const builds = stepsOf(project, "build")?.some(({ program }) => program === "tsc") === true;
  if (!tsconfig || !builds || tsconfig.hasPaths || step.path === undefined) return undefined;
  const path = compiledPath(tsconfig, plain(step.path));
  if (path === undefined || !path.includes("/")) return undefined;
  app.notes.note(
    "start",
    `It starts ${path}`,
    `the script start would compile ${plain(step.path)} at each start, and tsconfig.json says where the script build writes it`,
    true,
  );
  return server([path.split("/")[0] ?? ""], ["node", path]);
}
