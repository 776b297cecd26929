/**
 * Which compose services build a Dockerfile, found in the compose files of its folder and of those above it in the project. It says
 * with which context, so where COPY looks, for which stage and with which arguments.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { buildOf } from "../../core/model/compose/build.ts";
import { parseCompose } from "../../core/model/compose/parse.ts";
import type { ComposeBuild } from "../../core/model/compose/uses-of-dockerfile.ts";
import { languageFound } from "./names.ts";

/** A service that builds a Dockerfile. */
interface FoundBuild extends ComposeBuild {
  /** Absolute. */
  readonly dockerfile: string;
  readonly context: string;
}

/** Larger ones are written by no person, and parsing them would hold up the rest. */
const MAX_BYTES = 1024 * 1024;
/** Folders with more compose files are collections of examples. */
const MAX_FILES = 20;

/** What was read, by compose file; read again when it changes. */
const read = new Map<string, { readonly stamp: string; readonly builds: readonly FoundBuild[] }>();

/** The builds of one Dockerfile, an absolute path. Looks at folders and files at once. */
export function buildsOf(dockerfile: string): readonly FoundBuild[] {
  try {
    const { folder, builds } = seenFrom(dirname(dockerfile));
    const target = join(folder, basename(dockerfile));
    return builds.filter((build) => build.dockerfile === target);
  } catch {
    return []; // the folder is not there or may not be read
  }
}

interface Seen {
  readonly at: number;
  /** The real path. */
  readonly folder: string;
  readonly builds: readonly FoundBuild[];
}

/** Many Dockerfiles in one folder see the same compose files; they are looked for again after a while. */
const FRESH_MS = 2_000;
const seen = new Map<string, Seen>();

function seenFrom(named: string): Seen {
  const before = seen.get(named);
  if (before && Date.now() - before.at < FRESH_MS) return before;
  const folder = realpathSync.native(named);
  const builds = foldersUpwards(folder).flatMap(composeFilesIn).flatMap(buildsIn);
  const found = { at: Date.now(), folder, builds };
  seen.set(named, found);
  return found;
}

/**
 * The folder COPY reads from: the one context its services agree on, else the Dockerfile's own folder. Of a Dockerfile's own ignore
 * file (`NAME.dockerignore`) that Dockerfile's.
 */
export function contextOf(file: string): string {
  const dockerfile = file.replace(/(?<=[^/\\])\.dockerignore$/, "");
  const own = dirname(dockerfile);
  const contexts = new Set(buildsOf(dockerfile).map(({ context }) => context));
  const [first] = contexts;
  return first !== undefined && contexts.size === 1 ? first : own;
}

/** Up to the one git keeps; without git, the folder and the one above it. */
function foldersUpwards(folder: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; !existsSync(join(at, ".git")); ) {
    const above = dirname(at);
    if (above === at) return folders.slice(0, 2);
    folders.push(above);
    at = above;
  }
  return folders;
}

const composeFilesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => languageFound(name) === "compose")
    .slice(0, MAX_FILES)
    .map((name) => join(folder, name));

function buildsIn(file: string): readonly FoundBuild[] {
  const { size, mtimeMs } = statSync(file);
  const stamp = `${size} ${mtimeMs}`;
  const known = read.get(file);
  if (known?.stamp === stamp) return known.builds;
  const builds = size > MAX_BYTES ? [] : readBuilds(readFileSync(file, "utf8"), dirname(file));
  read.set(file, { stamp, builds });
  return builds;
}

function readBuilds(text: string, folder: string): readonly FoundBuild[] {
  return parseCompose(text).services.flatMap((service) => {
    const build = buildOf(service);
    const context = build?.context?.text ?? ".";
    const dockerfile = build?.dockerfile?.text ?? "Dockerfile";
    // A variable may be anything, and a URL is no folder.
    if (!build || build.inline || /\$|:\/\/|^git@/.test(`${context} ${dockerfile}`)) return [];
    const absolute = resolve(folder, context);
    const target = build.target?.text;
    const platforms = build.platforms.filter((platform) => !platform.includes("$"));
    return [
      {
        service: service.name,
        context: absolute,
        dockerfile: resolve(absolute, dockerfile),
        args: build.args.map(({ key }) => key),
        ...(target !== undefined && !target.includes("$") && { target }),
        ...(platforms.length > 0 && { platforms }),
      },
    ];
  });
}
