/** What the programs that package.json scripts start do: a server, a development server, a build. One table, by program. */

export type ScriptDoes =
  /** `node dist/main.js`: the file is run as it is. */
  | "runs a file"
  /** Compiles or watches sources while it serves: not for production. */
  | "development server"
  /** Serves files of a folder. */
  | "static server"
  /** A framework's own server over what its build has written. */
  | "framework server"
  /** Runs sources through a compiler at each start: needs what is installed for development. */
  | "runs sources"
  | "process manager"
  | "build"
  /** Code generation that the installed packages need: `prisma generate`. */
  | "generates"
  /** Changes the schema of a database: `prisma migrate deploy`. What it is started by has to be there at run time. */
  | "migrates"
  /** Changes installed packages: patch-package. */
  | "patches"
  | "tests or checks"
  /** Nothing that matters: echo, husky, a guard against another package manager. */
  | "nothing"
  | "unknown";

export interface Doing {
  readonly does: ScriptDoes;
  /** The file that is run, or the folder that is served; undefined where that is not written. */
  readonly path?: string | undefined;
}

type Row = ScriptDoes | ((args: readonly string[]) => Doing);

/** By the first word behind the program; `""` for none, `*` for any other. */
const byAction =
  (actions: Readonly<Record<string, ScriptDoes>>): Row =>
  (args) => {
    const action = args.find((arg) => !arg.startsWith("-")) ?? "";
    return { does: (Object.hasOwn(actions, action) ? actions[action] : actions["*"]) ?? "unknown" };
  };

/** With one of these options it goes on watching. */
const unlessWatching =
  (options: readonly string[], does: ScriptDoes): Row =>
  (args) => ({
    does: args.some((arg) => options.includes(arg.split("=")[0] ?? "")) ? "development server" : does,
  });

const WATCH = ["-w", "--watch", "--serve", "--servedir"];

const staticServer =
  (withValue: readonly string[]): Row =>
  (args) => ({ does: "static server", path: firstPath(args, withValue) });

const firstPath = (args: readonly string[], withValue: readonly string[]): string | undefined =>
  args.find((arg, index) => !arg.startsWith("-") && !withValue.includes(args[index - 1] ?? ""));

/** Options of Node that take the next word. */
const NODE_VALUES: readonly string[] = [
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "-C",
  "--conditions",
  "--env-file",
  "--title",
  "--icu-data-dir",
  "--openssl-config",
  "--redirect-warnings",
];
const LOADS_SOURCES =
  /(?:^|[=/])(?:ts-node|tsx|tsconfig-paths|@?swc-node|@babel\/(?:register|node)|esbuild-register|sucrase)/;

function node(args: readonly string[]): Doing {
  if (args.some((arg) => arg === "--watch" || arg.startsWith("--watch-path"))) return { does: "development server" };
  const path = firstPath(args, NODE_VALUES);
  const options = path === undefined ? args : args.slice(0, args.indexOf(path));
  if (options.some((arg) => /^(?:-e|--eval|-p|--print|--test|--run|-c|--check|-v|--version)/.test(arg)))
    return { does: options.some((arg) => arg.startsWith("--test")) ? "tests or checks" : "unknown" };
  if (options.some((arg) => LOADS_SOURCES.test(arg)) || /\.[cm]?tsx?$/.test(path ?? ""))
    return { does: "runs sources", path };
  return path === undefined
    ? { does: "unknown" }
    : (knownFile(path, args.slice(args.indexOf(path) + 1)) ?? { does: "runs a file", path });
}

/** `node node_modules/.bin/next start` is that program; `node ace serve` belongs to AdonisJS. */
function knownFile(path: string, args: readonly string[]): Doing | undefined {
  const [, program] = /(?:^|\/)node_modules\/(?:\.bin\/|)([\w-]+)(?:\/|$)/.exec(path) ?? [];
  if (program !== undefined) return doingOf(program, args);
  if (path === "ace" && args[0] === "serve") return { does: "development server" };
  return path === "ace" && args[0] === "build" ? { does: "build" } : undefined;
}

function bun(args: readonly string[]): Doing {
  if (args.some((arg) => arg === "--watch" || arg === "--hot")) return { does: "development server" };
  const words = args.filter((arg) => !arg.startsWith("-"));
  if (words[0] === "build") return { does: "build" };
  if (words[0] === "test") return { does: "tests or checks" };
  const path = words[0] === "run" ? words[1] : words[0];
  // Bun runs TypeScript as it is.
  return path !== undefined && /[./]/.test(path) ? { does: "runs a file", path } : { does: "unknown" };
}

const devBuild = {
  "": "development server",
  dev: "development server",
  serve: "development server",
  build: "build",
} as const;

const COMMANDS: Readonly<Record<string, Row>> = {
  node,
  nodejs: node,
  bun,
  nodemon: "development server",
  "node-dev": "development server",
  "ts-node-dev": "development server",
  tsnd: "development server",
  "tsc-watch": "development server",
  "webpack-dev-server": "development server",
  "live-server": "development server",
  "browser-sync": "development server",
  "lite-server": "development server",
  tsx: (args) =>
    args.includes("watch") || args.includes("--watch")
      ? { does: "development server" }
      : { does: "runs sources", path: firstPath(args, NODE_VALUES) },
  "ts-node": (args) => ({ does: "runs sources", path: firstPath(args, ["-r", "--require", "-P", "--project"]) }),
  "ts-node-esm": "runs sources",
  "swc-node": "runs sources",
  "babel-node": "runs sources",
  esno: "runs sources",
  jiti: "runs sources",
  "react-scripts": byAction({ start: "development server", build: "build", test: "tests or checks" }),
  "react-app-rewired": byAction({ start: "development server", build: "build", test: "tests or checks" }),
  craco: byAction({ start: "development server", build: "build", test: "tests or checks" }),
  vite: byAction({ ...devBuild, preview: "static server" }),
  ng: byAction({
    serve: "development server",
    s: "development server",
    build: "build",
    b: "build",
    test: "tests or checks",
    lint: "tests or checks",
  }),
  "vue-cli-service": byAction({ serve: "development server", build: "build", lint: "tests or checks" }),
  next: byAction({
    "": "development server",
    dev: "development server",
    start: "framework server",
    build: "build",
    export: "build",
    lint: "tests or checks",
  }),
  nuxt: byAction({
    "": "development server",
    dev: "development server",
    start: "framework server",
    preview: "framework server",
    build: "build",
    generate: "build",
    prepare: "generates",
  }),
  nuxi: byAction({
    dev: "development server",
    preview: "framework server",
    build: "build",
    generate: "build",
    prepare: "generates",
  }),
  nest: (args) => {
    const action = args.find((arg) => !arg.startsWith("-"));
    if (action === "build") return { does: "build" };
    if (action !== "start") return { does: "unknown" };
    // It compiles before it starts.
    return {
      does: args.some((arg) => /^(?:-w|--watch|-d|--debug)$/.test(arg)) ? "development server" : "runs sources",
    };
  },
  astro: byAction({
    "": "development server",
    dev: "development server",
    preview: "static server",
    build: "build",
    check: "tests or checks",
  }),
  remix: byAction({
    dev: "development server",
    "vite:dev": "development server",
    build: "build",
    "vite:build": "build",
  }),
  "remix-serve": "framework server",
  "react-router": byAction({ dev: "development server", build: "build", typegen: "generates" }),
  "react-router-serve": "framework server",
  "svelte-kit": byAction({ dev: "development server", build: "build", preview: "static server", sync: "generates" }),
  gatsby: byAction({
    develop: "development server",
    start: "development server",
    build: "build",
    serve: "static server",
  }),
  docusaurus: byAction({ start: "development server", build: "build", serve: "static server" }),
  vuepress: byAction({ dev: "development server", build: "build" }),
  vitepress: byAction({ dev: "development server", build: "build", preview: "static server", serve: "static server" }),
  eleventy: unlessWatching(["--serve", "--watch"], "build"),
  quasar: byAction({ dev: "development server", build: "build", serve: "static server" }),
  "solid-start": byAction({ dev: "development server", build: "build", start: "framework server" }),
  vinxi: byAction({ dev: "development server", build: "build", start: "framework server" }),
  nitro: byAction({ dev: "development server", build: "build", preview: "framework server" }),
  nitropack: byAction({ dev: "development server", build: "build", preview: "framework server" }),
  expo: byAction({ start: "development server", export: "build" }),
  storybook: byAction({ dev: "development server", build: "build" }),
  strapi: byAction({
    develop: "development server",
    dev: "development server",
    start: "framework server",
    build: "build",
  }),
  medusa: byAction({ develop: "development server", start: "framework server", build: "build" }),
  payload: byAction({ build: "build" }),
  keystone: byAction({
    dev: "development server",
    start: "framework server",
    build: "build",
    postinstall: "generates",
  }),
  directus: byAction({ start: "framework server" }),
  sails: byAction({ lift: "framework server" }),
  serve: staticServer(["-l", "--listen", "-p", "--port", "-c", "--config"]),
  "http-server": staticServer(["-p", "--port", "-a", "-d", "-i", "-e", "-c", "-P", "--proxy", "-C", "-K"]),
  sirv: staticServer(["-p", "--port", "-H", "--host"]),
  superstatic: staticServer(["-p", "--port", "-c", "--config"]),
  parcel: byAction({
    build: "build",
    watch: "development server",
    "*": "development server",
    "": "development server",
  }),
  webpack: (args) =>
    args.some((arg) => arg === "serve" || arg === "s" || arg === "watch" || WATCH.includes(arg))
      ? { does: "development server" }
      : { does: "build" },
  rspack: byAction({ ...devBuild, preview: "static server" }),
  rsbuild: byAction({ dev: "development server", build: "build", preview: "static server" }),
  rollup: unlessWatching(WATCH, "build"),
  rolldown: unlessWatching(WATCH, "build"),
  esbuild: unlessWatching(WATCH, "build"),
  tsc: (args) =>
    args.includes("--noEmit")
      ? { does: "tests or checks" }
      : { does: args.some((arg) => WATCH.includes(arg)) ? "development server" : "build" },
  "vue-tsc": (args) => ({ does: args.some((arg) => WATCH.includes(arg)) ? "development server" : "tests or checks" }),
  "tsc-alias": "build",
  tspc: unlessWatching(WATCH, "build"),
  tsup: unlessWatching(WATCH, "build"),
  tsdown: unlessWatching(WATCH, "build"),
  unbuild: "build",
  ncc: byAction({ build: "build" }),
  swc: unlessWatching(WATCH, "build"),
  babel: unlessWatching(WATCH, "build"),
  microbundle: unlessWatching(["watch"], "build"),
  gulp: byAction({ build: "build" }),
  grunt: byAction({ build: "build" }),
  sass: unlessWatching(WATCH, "build"),
  tailwindcss: unlessWatching(WATCH, "build"),
  postcss: unlessWatching(WATCH, "build"),
  pm2: byAction({ start: "process manager" }),
  "pm2-runtime": "process manager",
  "pm2-docker": "process manager",
  forever: "process manager",
  prisma: byAction({ generate: "generates", migrate: "migrates", db: "migrates" }),
  "drizzle-kit": byAction({ generate: "generates", migrate: "migrates", push: "migrates" }),
  knex: byAction({ "migrate:latest": "migrates", "migrate:up": "migrates" }),
  sequelize: byAction({ "db:migrate": "migrates" }),
  "sequelize-cli": byAction({ "db:migrate": "migrates" }),
  typeorm: byAction({ "migration:run": "migrates", "migration:generate": "generates" }),
  "node-pg-migrate": byAction({ up: "migrates" }),
  "node-gyp": byAction({ rebuild: "build", build: "build" }),
  "node-gyp-build": "build",
  "prebuild-install": "build",
  tshy: "build",
  copyfiles: "build",
  cpx: "build",
  cpy: "build",
  ncp: "build",
  cp: "build",
  mv: "build",
  graphql: byAction({ codegen: "generates" }),
  "graphql-codegen": "generates",
  "electron-builder": byAction({ "install-app-deps": "generates" }),
  "patch-package": "patches",
  ngcc: "patches",
  jest: "tests or checks",
  vitest: "tests or checks",
  mocha: "tests or checks",
  ava: "tests or checks",
  playwright: byAction({ test: "tests or checks" }),
  cypress: "tests or checks",
  eslint: "tests or checks",
  prettier: "tests or checks",
  biome: "tests or checks",
  oxlint: "tests or checks",
  "svelte-check": "tests or checks",
  husky: "nothing",
  "is-ci": "nothing",
  "simple-git-hooks": "nothing",
  lefthook: "nothing",
  "only-allow": "nothing",
  opencollective: "nothing",
  "opencollective-postinstall": "nothing",
  echo: "nothing",
  true: "nothing",
  exit: "nothing",
  cd: "nothing",
  rimraf: "nothing",
  "del-cli": "nothing",
  del: "nothing",
  premove: "nothing",
  rm: "nothing",
  mkdir: "nothing",
  mkdirp: "nothing",
  test: "nothing",
  "[": "nothing",
};

export function doingOf(program: string, args: readonly string[]): Doing {
  const row = Object.hasOwn(COMMANDS, program) ? COMMANDS[program] : undefined;
  if (row === undefined) return { does: "unknown" };
  return typeof row === "string" ? { does: row } : row(args);
}
