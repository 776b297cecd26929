/** Next.js with `output: "standalone"`: a server of its own, with the modules it was seen to need. */
import { lastOf } from "../../../model/dockerfile/facts.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import { type NextConfig, readNextConfig } from "../../../model/project/next-config.ts";
import { variable, workdir } from "../look.ts";
import type { Carried, Case, Decision, Split } from "../recipe.ts";
import type { NodeFacts } from "./node-facts.ts";
import { ownerOf } from "./node-owner.ts";
import { lastInFolder, type NodeCase, sidesIn } from "./node-server.ts";

const CONFIGS = ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs", "next.config.mts"];

/** Undefined where there is no configuration of Next.js. */
export function nextConfigOf({ context }: Case, { folder }: NodeFacts): NextConfig | undefined {
  if (folder === undefined) return undefined;
  for (const name of CONFIGS) {
    const text = context.read(`${folder}${name}`);
    if (text !== undefined) return readNextConfig(text);
  }
  return undefined;
}

/** Undefined where it is not certain that the build writes a server of its own, or that this is what would start. */
export function standaloneSplit(node: NodeCase): Split | undefined {
  const { it, facts, start, runtime } = node;
  if (it.choices.get("files") === "whole" || !facts.project?.dependencies.has("next")) return undefined;
  const config = nextConfigOf(it, facts);
  if (config?.output !== "standalone" || config.distDir !== null || config.outputFileTracingRoot !== null)
    return undefined;
  const last = lastInFolder(it, facts);
  const cmd = lastOf(it.dockerfile, it.stage, "CMD");
  const [step, second] = start.steps;
  if (!last || !cmd || lastOf(it.dockerfile, it.stage, "ENTRYPOINT") || !step || second || step.environment.size > 0)
    return undefined;
  if (new Set(facts.installs.map(({ folder }) => folder)).size > 1 || workdir(it) !== facts.root) return undefined;
  const options = step.program === "next" && step.args[0] === "start" ? serverOptions(step.args.slice(1)) : undefined;
  const port = variable(it, "PORT");
  if (!options || (port !== undefined && options.port !== undefined && port !== options.port)) return undefined;
  const server: Carried = {
    from: `${facts.root}/.next/standalone`,
    to: facts.root,
    folder: true,
    at: last,
    writable: true,
  };
  const part = (path: string, writable: boolean): Carried => ({
    from: `${facts.root}/${path}`,
    to: `${facts.root}/${path}`,
    folder: true,
    at: last,
    ...(writable && { writable }),
  });
  const hasPublic = it.context.paths?.some((path) => path.startsWith(`${facts.folder ?? ""}public/`)) === true;
  const owner = ownerOf(it, facts, runtime.base, { last, writable: false });
  const argv = `${cmd.keyword.text} ["node", "server.js"]`;
  return {
    ecosystem: "Node (Next.js)",
    runtime: runtime.base,
    carried: [server, part(".next/static", true), ...(hasPublic ? [part("public", false)] : [])],
    side: sidesIn(node, last, owner, true),
    ...(runtime.packages.length > 0 && { packages: runtime.packages }),
    ...(runtime.libraries && { buildEnd: runtime.libraries.build, head: runtime.libraries.runtime }),
    environment: environmentFor(it, options),
    inRuntime: new Map<Instruction, string>([...owner.inRuntime, [cmd, argv]]),
    decisions: [...runtime.decisions, ...decisionsFor(start.written)],
  };
}

interface ServerOptions {
  readonly port: string | undefined;
  readonly host: string | undefined;
}

/** Those of `next start`; undefined where there is one that the server has not. */
function serverOptions(args: readonly string[]): ServerOptions | undefined {
  let port: string | undefined;
  let host: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const [, name = "", joined] = /^(-\w|--[\w-]+)(?:=(.*))?$/.exec(args[at] ?? "") ?? [];
    const value = joined ?? args[at + 1];
    if (name === "-p" || name === "--port") port = value;
    else if (name === "-H" || name === "--hostname") host = value;
    else return undefined;
    if (joined === undefined) at++;
  }
  return (port === undefined || /^\d+$/.test(port)) && (host === undefined || /^[\w.:-]+$/.test(host))
    ? { port, host }
    : undefined;
}

/** Docker sets HOSTNAME to the container's name, and the server listens there alone unless it is told otherwise. */
function environmentFor(it: Case, { port, host }: ServerOptions): readonly string[] {
  const lines = [`ENV HOSTNAME=${host ?? "0.0.0.0"}`];
  if (port !== undefined && variable(it, "PORT") === undefined) lines.push(`ENV PORT=${port}`);
  return lines;
}

const decisionsFor = (written: string): readonly Decision[] => [
  {
    id: "files",
    what: "the server that next build writes is copied, with static files and the folder public",
    why: 'next.config says output: "standalone", and the build traces what the server loads; files read by names made while it runs may be missing',
    doubtful: true,
    alternatives: [{ id: "whole", label: "copy the project's folder as a whole" }],
  },
  {
    id: "start",
    what: "CMD starts node server.js",
    why: `${written} starts next start, which is not made for a standalone build`,
    doubtful: false,
    alternatives: [],
  },
];
