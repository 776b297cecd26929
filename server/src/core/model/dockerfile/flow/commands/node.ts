/** npm, yarn, pnpm, bun, and what builds with them. */
import { SYNTAX } from "../../managers.ts";
import { type Act, type Call, has, type Outcome, placesOf, type Row, takes, valueOf } from "../call.ts";
import { files, type Place } from "../place.ts";
import { cleans, NOTHING, quiet } from "./acts.ts";

const LOCKS = "package.json package-lock.json npm-shrinkwrap.json .npmrc";
/** What a script of package.json usually reads and writes. */
const SCRIPT: Act = { does: "build", reads: "./**", writes: "./**", usual: true };

interface Manager {
  readonly manifest: string;
  readonly cache: string;
  readonly global: string;
}

const NPM: Manager = {
  manifest: LOCKS,
  cache: "~/.npm/**",
  global: "$NPM_CONFIG_PREFIX/lib/node_modules/** $NPM_CONFIG_PREFIX/bin/*",
};
const YARN: Manager = {
  manifest: "package.json yarn.lock .yarnrc .yarnrc.yml .npmrc .yarn/**",
  cache: "/usr/local/share/.cache/yarn/** $XDG_CACHE_HOME/yarn/**",
  global: "/usr/local/share/.config/yarn/global/** /usr/local/bin/*",
};
const PNPM: Manager = {
  manifest: "package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc",
  cache: "$PNPM_HOME/store/**",
  global: "$PNPM_HOME/**",
};
const BUN: Manager = {
  manifest: "package.json bun.lock bun.lockb bunfig.toml .npmrc",
  cache: "$BUN_INSTALL/install/cache/**",
  global: "$BUN_INSTALL/install/global/** $BUN_INSTALL/bin/*",
};

/** Packages of the manifest, or those named; for the project, or for everybody. */
const install =
  (manager: Manager, global = false) =>
  (call: Call): Outcome => {
    const named = call.operands.length > 0;
    const everywhere = global || has(call, "-g", "--global");
    const local = call.operands.flatMap(({ value }): Place[] =>
      /^(?:\.{0,2}\/|file:)|\.tgz$/.test(value) || value === "."
        ? [files(pathBelow(call, value.replace(/^file:/, "")))]
        : [],
    );
    const reads = everywhere ? [] : placesOf(call, manager.manifest);
    const changes = named && !everywhere ? "package.json " : "";
    const writes = placesOf(
      call,
      `${changes}${everywhere ? manager.global : "node_modules/**"} ${manager.cache}${named ? " pkg:npm" : ""}`,
    );
    return { does: "dependencies", reads: reads === "anything" ? reads : [...reads, ...local], writes };
  };

const pathBelow = (call: Call, value: string): string => {
  const [place] = placesOf(
    { ...call, operands: [{ text: value, value, span: call.command.span, literal: true }] },
    "@first/**",
  );
  return typeof place === "object" && place.kind === "files" ? place.pattern : "/**";
};

const QUESTIONS =
  "ls|list|view|info|show|why|audit|outdated|bin|root|prefix|ping|whoami|help|fund|doctor|licenses|store path";

export const NODE: readonly Row[] = [
  {
    programs: "npm",
    syntax: SYNTAX.npm,
    folder: "--prefix -C",
    acts: {
      "": NOTHING,
      "ci|clean-install|install|i|add|update|up|upgrade|link|ln": install(NPM),
      "rebuild|rb": { does: "dependencies", reads: "node_modules/**", writes: "node_modules/**" },
      "run|run-script|start|test|t|build": SCRIPT,
      prune: cleans("node_modules/**"),
      "uninstall|remove|rm|un": cleans("node_modules/** package.json pkg:npm"),
      "cache|cache clean": cleans("~/.npm/**"),
      "config|set|c": { does: "files", writes: "~/.npmrc" },
      "pkg|init|version": { does: "files", reads: "package.json", writes: "package.json" },
      pack: { does: "build", reads: "./**", writes: "./*.tgz" },
      [`${QUESTIONS}|get`]: NOTHING,
    },
  },
  {
    programs: "yarn yarnpkg",
    syntax: SYNTAX.yarn,
    folder: "--cwd",
    acts: {
      "|install": (call) =>
        has(call, "--version", "-v", "--help") ? { does: "nothing", reads: [], writes: [] } : install(YARN)(call),
      "add|upgrade|up": install(YARN),
      "global add": install(YARN, true),
      "cache clean|cache|autoclean": cleans(YARN.cache),
      "workspaces focus": { does: "dependencies", reads: `${YARN.manifest} ./**`, writes: "node_modules/**" },
      "config|config set|set version|policies": { does: "files", writes: "~/.yarnrc .yarnrc.yml .yarn/**" },
      rebuild: { does: "dependencies", reads: "node_modules/**", writes: "node_modules/**" },
      [QUESTIONS]: NOTHING,
      // Every other word is a script of package.json, or a program of node_modules.
      "*": SCRIPT,
    },
  },
  {
    programs: "pnpm",
    syntax: SYNTAX.pnpm,
    folder: "--dir -C",
    acts: {
      "": NOTHING,
      "install|i|add|update|up|import": install(PNPM),
      fetch: { does: "dependencies", reads: "pnpm-lock.yaml .npmrc", writes: `node_modules/** ${PNPM.cache}` },
      deploy: { does: "dependencies", reads: "./**", writes: "@last/**" },
      prune: cleans("node_modules/**"),
      "store prune": cleans(PNPM.cache),
      "config|config set|setup|env": { does: "files", writes: "$XDG_CONFIG_HOME/pnpm/** $PNPM_HOME/**" },
      "rebuild|rb": { does: "dependencies", reads: "node_modules/**", writes: "node_modules/**" },
      [QUESTIONS]: NOTHING,
      "*": SCRIPT,
    },
  },
  {
    programs: "bun",
    syntax: { ...SYNTAX.bun, long: new Set([...SYNTAX.bun.long, "--outdir", "--outfile", "--target"]) },
    folder: "--cwd",
    acts: {
      "": NOTHING,
      "install|i|add|ci|update": install(BUN),
      build: {
        does: "build",
        reads: "./**",
        writes: (call) => placesOf(call, has(call, "--outfile") ? "@--outfile" : "@--outdir|dist/**"),
      },
      "pm cache rm|pm cache": cleans(BUN.cache),
      "*": SCRIPT,
    },
  },
  {
    programs: "deno",
    syntax: takes("cLo", "config output import-map allow-read allow-net"),
    acts: {
      "cache|install": { does: "dependencies", reads: "./** deno.json deno.lock", writes: "$DENO_DIR/**" },
      compile: { does: "build", reads: "./** $DENO_DIR/**", writes: "@-o,--output|./*" },
      "*": { does: "build", reads: "./** $DENO_DIR/**", writes: "./** $DENO_DIR/**", usual: true },
    },
  },
  {
    programs: "corepack",
    acts: {
      "enable|disable": {
        does: "files",
        writes: "/usr/local/bin/yarn /usr/local/bin/yarnpkg /usr/local/bin/pnpm /usr/local/bin/pnpx",
      },
      "prepare|install|use|up": { does: "dependencies", reads: "package.json", writes: "$COREPACK_HOME/**" },
      "*": NOTHING,
    },
  },
  {
    programs: "tsc",
    syntax: takes("p", "outDir outFile project rootDir target module"),
    acts: { "*": { does: "build", reads: "./**", writes: "@--outDir|./**" } },
  },
  {
    programs:
      "vite react-scripts webpack webpack-cli rollup esbuild parcel ng nest next nuxt nuxi astro gatsby remix vue-cli-service svelte-kit turbo nx lerna gulp grunt swc babel ncc tsup tsdown unbuild hexo docusaurus eleventy vuepress vitepress storybook expo",
    acts: {
      "build|generate|compile|*": { does: "build", reads: "./**", writes: "./**", usual: true },
    },
  },
  {
    programs: "prisma drizzle-kit",
    acts: {
      generate: { does: "build", reads: "./** node_modules/**", writes: "node_modules/** ./**", usual: true },
      "*": { does: "build", reads: "./**", writes: "./**", usual: true },
    },
  },
  {
    programs: "playwright playwright-core puppeteer",
    acts: { "*": { does: "download", reads: "node_modules/**", writes: "$XDG_CACHE_HOME/**" } },
  },
  {
    programs: "node nodejs ts-node tsx",
    syntax: takes("rep", "require import eval print loader"),
    acts: {
      "": (call) => {
        const code = valueOf(call, "-e", "--eval", "-p", "--print") ?? (has(call, "-v", "--version") ? "" : undefined);
        return code !== undefined && !/\bfs\b|write|exec|spawn/.test(code) ? quiet : undefined;
      },
      "*": { does: "build", reads: "./** @first", writes: "./**", usual: true },
    },
  },
  { programs: "nvm n fnm volta", acts: { "*": { does: "dependencies", writes: "$NVM_DIR/** /usr/local/**" } } },
  {
    programs: "eslint prettier jest vitest mocha biome tslint standard ava cypress",
    acts: { "*": { does: "nothing", reads: "./**" } },
  },
];
