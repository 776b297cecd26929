/**
 * Configuration files from disk: found, read and understood once each. Reading one is no trust: it is data that can only say which
 * findings are shown. What it names to be run is looked at in program.ts.
 */
import { open } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import type { ConfigText } from "../../core/config/config.ts";
import { type Layer, resolve, type Resolved } from "../../core/config/resolve.ts";
import type { Rule } from "../../core/rule.ts";
import { failureOf } from "../files/failure.ts";
import { type ConfigKind, type ConfigPlace, createConfigFinder, kindOf } from "./find.ts";
import { allowedProgram } from "./program.ts";

export interface LoadedConfig extends ConfigPlace {
  readonly text: string;
  readonly read: ConfigText;
  /** The file could not be read at all: why. */
  readonly failure?: string;
}

export interface Configs {
  /** What is said about Dockerfiles in a folder; undefined when there is no configuration file. */
  near(folder: string): Promise<LoadedConfig | undefined>;
  /** A file somebody named. */
  at(path: string, kind?: ConfigKind): Promise<LoadedConfig>;
}

const MAX_BYTES = 256 * 1024;

export function createConfigs(rules: readonly Rule[], env: NodeJS.ProcessEnv): Configs {
  const find = createConfigFinder(env);
  const loaded = new Map<string, Promise<LoadedConfig>>();
  const at = (path: string, kind: ConfigKind = kindOf(path)): Promise<LoadedConfig> => {
    const found = loaded.get(path) ?? load({ kind, path }, rules);
    loaded.set(path, found);
    return found;
  };
  return {
    async near(folder) {
      const place = await find(folder);
      return place && at(place.path, place.kind);
    },
    at,
  };
}

const EMPTY: ConfigText = { values: {}, places: new Map(), problems: [], notes: [] };

async function load(place: ConfigPlace, rules: readonly Rule[]): Promise<LoadedConfig> {
  let text = "";
  try {
    text = await readSmall(place.path);
  } catch (error) {
    const failure = error instanceof TooLarge ? error.message : failureOf(place.path, error).message;
    return { ...place, text, read: EMPTY, failure };
  }
  // Most runs have no configuration file, and need no YAML parser.
  const { readOwn, readHadolint } = await import("../../core/config/index.ts");
  const read = place.kind === "dockwright" ? readOwn(text, rules) : readHadolint(text, rules);
  return { ...place, text, read: allowedProgram(read, dirname(place.path)) };
}

class TooLarge extends Error {}

async function readSmall(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size > MAX_BYTES) throw new TooLarge(`is larger than ${MAX_BYTES / 1024} KB, which no configuration is`);
  return (await file.readFile("utf8")).replace(/^\ufeff/, "");
}

/** A configuration file as one layer for a Dockerfile. */
function layerOf({ path, text, read }: LoadedConfig, dockerfile: string): Layer {
  const inside = relative(dirname(path), dockerfile).split(sep).join("/");
  const { values, places } = read;
  return { source: path, text, places, values, path: inside.startsWith("../") ? undefined : inside };
}

/** What holds for a Dockerfile: `before` the file, then the file, then what comes `after`. */
export const resolveFor = (
  dockerfile: string,
  config: LoadedConfig | undefined,
  before: readonly Layer[] = [],
  after: readonly Layer[] = [],
): Resolved => resolve([...before, ...(config ? [layerOf(config, dockerfile)] : []), ...after]);
