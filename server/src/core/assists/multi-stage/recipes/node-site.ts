/** Where the build of pages writes them, and what the server that showed them did besides: by the tool, from its configuration. */
import { readAngularJson } from "../../../model/project/angular-json.ts";
import { readAstroConfig } from "../../../model/project/astro-config.ts";
import type { Setting } from "../../../model/project/js-config.ts";
import { readJson } from "../../../model/project/json.ts";
import type { Framework } from "../../../model/project/node-frameworks.ts";
import type { Step } from "../../../model/project/node-scripts.ts";
import { readSvelteConfig } from "../../../model/project/svelte-config.ts";
import { textAt } from "../../../model/project/values.ts";
import { readViteConfig } from "../../../model/project/vite-config.ts";
import { readVueConfig } from "../../../model/project/vue-config.ts";
import { variable } from "../look.ts";
import type { Case } from "../recipe.ts";
import type { NodeFacts } from "./node-facts.ts";

export interface Site {
  /** Of the image, with index.html in it. */
  readonly folder: string;
  /** Every path that is no file is a page of the application. */
  readonly fallback: boolean;
  /** What cannot be told, each a clause. */
  readonly lost: readonly string[];
}

/** A text where nobody can tell, or nginx would answer otherwise; a clause. */
export function siteOf(it: Case, facts: NodeFacts, framework: Framework | undefined, main: Step): Site | string {
  if (isServer(main)) return servedSite(facts, main);
  const tool = framework?.name === undefined && main.program === "vite" ? "Vite" : framework?.name;
  const find = tool === undefined || !Object.hasOwn(TOOLS, tool) ? undefined : TOOLS[tool];
  const found = find
    ? find({ it, facts, main, read: reader(it, facts) })
    : framework?.kind === "static site" && framework.output !== undefined
      ? { output: framework.output, fallback: false }
      : "where its build writes is not known";
  if (typeof found === "string") return found;
  if (found.output === undefined) return "which folder it builds to is not known";
  return { folder: `${facts.home}/${plain(found.output)}`, fallback: found.fallback, lost: found.lost ?? [] };
}

const plain = (path: string): string => path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");

/** Static servers that are told a folder. */
const isServer = ({ program }: Step): boolean => /^(?:serve|http-server|sirv)$/.test(program ?? "");

function servedSite({ home }: NodeFacts, main: Step): Site | string {
  const folder = plain(main.path ?? "");
  if (folder === "" || folder.startsWith("..")) return "which folder it serves is not known";
  if (hasOtherOptions(main)) return "its options are not nginx's";
  return {
    folder: folder.startsWith("/") ? folder : `${home}/${folder}`,
    fallback: main.program !== "http-server" && main.args.some((arg) => arg === "-s" || arg === "--single"),
    lost: [],
  };
}

/** Options that change what is answered. */
const hasOtherOptions = ({ args, program }: Step): boolean =>
  args.some((arg) =>
    program === "serve"
      ? /^(?:-c|--config|--cors|--ssl-\w+|-S|--symlinks)$/.test(arg)
      : /^(?:-P|--proxy|-S|--tls|--ssl|--cors|--username|--password|-e|--ext|-C|-K)/.test(arg),
  );

interface Asked {
  readonly it: Case;
  readonly facts: NodeFacts;
  readonly main: Step;
  /** The first of these files of the project that is there. */
  readonly read: (...names: readonly string[]) => string | undefined;
}

function reader(it: Case, { folder = "" }: NodeFacts): Asked["read"] {
  return (...names) => names.map((name) => it.context.read(`${folder}${name}`)).find((text) => text !== undefined);
}

interface Built {
  /** Relative to the project's folder; undefined where nobody can tell. */
  readonly output: string | undefined;
  readonly fallback: boolean;
  readonly lost?: readonly string[];
}

const set = (value: Setting, usual: string): string | undefined => (value === null ? usual : value);

const PASSES_ON = "it has requests passed on to another server";
const BELOW = "its pages may lie below another path";

/** By the name node-frameworks.ts has for it. */
const TOOLS: Readonly<Record<string, (asked: Asked) => Built | string>> = {
  "Create React App": ({ it, facts, read }) => {
    const proxy = facts.project?.proxy;
    if (proxy !== undefined) return `package.json has it pass requests on to ${proxy}`;
    const manifest = read("package.json");
    const home = textAt(manifest === undefined ? undefined : readJson(manifest), "homepage");
    if (home !== undefined && !/^(?:\.\/?|https?:\/\/[^/]+\/?)$/.test(home)) return `its pages lie below ${home}`;
    if (read("src/setupProxy.js", "src/setupProxy.ts") !== undefined) return PASSES_ON;
    return { output: variable(it, "BUILD_PATH") ?? "build", fallback: true };
  },
  Angular: ({ main, read }) => {
    const text = read("angular.json");
    const projects = text === undefined ? undefined : readAngularJson(text)?.projects;
    const [application, other] = projects?.filter(({ isApplication }) => isApplication) ?? [];
    if (application?.browserFolder === undefined || other) return "which folder ng build writes to is not known";
    if (application.hasServer) return "it renders pages on a server as well";
    if (application.baseHref !== undefined && application.baseHref !== "/") return BELOW;
    const passes = main.args.some((arg) => arg.startsWith("--proxy-config")) || /"proxyConfig"/.test(text ?? "");
    return passes ? PASSES_ON : { output: application.browserFolder, fallback: true };
  },
  "Vue CLI": ({ read }) => {
    const text = read("vue.config.js", "vue.config.cjs");
    if (text === undefined) return { output: "dist", fallback: true };
    if (/\bproxy\b/.test(text)) return PASSES_ON;
    const { outputDir, publicPath } = readVueConfig(text);
    return publicPath !== null && publicPath !== "/" ? BELOW : { output: set(outputDir, "dist"), fallback: true };
  },
  Astro: ({ read }) => {
    const text = read("astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts");
    if (text === undefined) return { output: "dist", fallback: false };
    const { adapter, output, base, outDir } = readAstroConfig(text);
    if (adapter !== null || (output !== null && output !== "static")) return "Astro may render pages on a server";
    return base !== null && base !== "/" ? BELOW : { output: set(outDir, "dist"), fallback: false };
  },
  SvelteKit: ({ read }) => {
    const text = read("svelte.config.js", "svelte.config.mjs");
    const config = text === undefined ? undefined : readSvelteConfig(text);
    if (!config?.adapter?.endsWith("adapter-static")) return "SvelteKit may render pages on a server";
    return config.base !== null && config.base !== "" ? BELOW : { output: set(config.output, "build"), fallback: true };
  },
  Vite: ({ it, facts: { folder = "" }, read }) => {
    if (it.context.paths && !it.context.paths.includes(`${folder}index.html`))
      return "there is no index.html beside package.json";
    const text = read("vite.config.ts", "vite.config.js", "vite.config.mts", "vite.config.mjs", "vite.config.cjs");
    if (text === undefined) return { output: "dist", fallback: true };
    const { proxies, isLibrary, root, base, outDir } = readViteConfig(text);
    if (proxies === true) return PASSES_ON;
    if (isLibrary === true) return "it builds a library";
    if (root !== null) return "its pages lie in another folder";
    if (base !== null && base !== "/" && base !== "./") return BELOW;
    const lost = proxies === undefined ? ["whether it passes requests on to another server is not known"] : [];
    return { output: set(outDir, "dist"), fallback: true, lost };
  },
};
