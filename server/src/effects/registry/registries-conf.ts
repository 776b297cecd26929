/**
 * What containers-registries.conf(5) of Podman, Buildah and Skopeo says of where images come from: mirrors, other locations, registries
 * without TLS and blocked ones. Only files of the user and of the machine are read; callers do so in trusted workspaces. Short names
 * (`unqualified-search-registries`, `[aliases]`) are not followed: docker.io is meant, as everywhere else here.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readToml } from "../../core/model/project/toml.ts";
import { asObject, asText, type JsonObject, listOf, member } from "./json.ts";

/** Of one `[[registry]]`. */
export interface RegistryRule {
  /** What references begin with: `docker.io`, `example.com:5000/team`, `*.example.com`. */
  readonly prefix: string;
  /** What is put in the place of the prefix. */
  readonly location: Location;
  readonly blocked: boolean;
  /** Asked before the location, in this order. */
  readonly mirrors: readonly Location[];
}

export interface Location {
  readonly host: string;
  /** Within the host; empty for all of it. */
  readonly path: string;
  /** May be asked over http. Certificates that do not hold are refused all the same. */
  readonly insecure: boolean;
}

export interface ConfSource {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly log: (message: string) => void;
}

const MAX_BYTES = 1 << 20;
const SYSTEM = "/etc/containers";
const NAME = "registries.conf";

/** All rules of the files that are there; none where there is no such file. Later ones of the same prefix hold. */
export function readRegistriesConf(source: ConfSource): readonly RegistryRule[] {
  const rules = new Map<string, RegistryRule>();
  for (const file of filesOf(source)) {
    const content = textOf(file, source);
    const conf = content === undefined ? undefined : asObject(readToml(content));
    if (content !== undefined && !conf) source.log(`${file} is not read: it is no valid TOML`);
    for (const each of listOf(member(conf, "registry"))) {
      const rule = ruleOf(asObject(each));
      if (rule) rules.set(rule.prefix, rule);
    }
  }
  return [...rules.values()];
}

/** The rule with the longest prefix of a repository, as `docker.io/library/node`. */
export function ruleFor(rules: readonly RegistryRule[], repository: string): RegistryRule | undefined {
  const fitting = rules.filter(({ prefix }) => matchOf(prefix, repository) !== undefined);
  return fitting.sort((a, b) => b.prefix.length - a.prefix.length)[0];
}

/** The part of a repository that a prefix stands for: a wildcard stands for any host below a domain. */
export function matchOf(prefix: string, repository: string): string | undefined {
  if (!prefix.startsWith("*.")) return beginsWith(repository, prefix) ? prefix : undefined;
  const host = repository.split("/")[0] ?? "";
  const [ending = "", ...path] = prefix.slice(1).split("/");
  const match = [host, ...path].join("/");
  return host.endsWith(ending) && beginsWith(repository, match) ? match : undefined;
}

const beginsWith = (repository: string, prefix: string): boolean =>
  repository === prefix || repository.startsWith(`${prefix}/`);

/** A person's file stands for all of the machine's; without one, what is dropped into both folders is added. */
function filesOf({ env, home }: ConfSource): readonly string[] {
  const own = join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers");
  const [given, mine, system] = [env["CONTAINERS_REGISTRIES_CONF"], ...[own, SYSTEM].map((each) => join(each, NAME))];
  if (!given && mine && isFile(mine)) return [mine, ...droppedInto(own)];
  const main = given || (system && isFile(system) ? system : undefined);
  return [...(main === undefined ? [] : [main]), ...[SYSTEM, own].flatMap(droppedInto)];
}

function droppedInto(folder: string): readonly string[] {
  const drops = join(folder, `${NAME}.d`);
  try {
    const names = readdirSync(drops).filter((name) => name.endsWith(".conf"));
    return names.sort().map((name) => join(drops, name));
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function textOf(file: string, { log }: ConfSource): string | undefined {
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error("it is too large");
    return readFileSync(file, "utf8");
  } catch (error) {
    log(`${file} could not be read (${error instanceof Error ? error.message : error}); going on without it`);
    return undefined;
  }
}

function ruleOf(entry: JsonObject | undefined): RegistryRule | undefined {
  const insecure = member(entry, "insecure") === true;
  const said = asText(member(entry, "location"));
  const prefix = asText(member(entry, "prefix")) ?? said ?? "";
  if (!PREFIX.test(prefix)) return undefined;
  const location = locationOf(said ?? prefix, insecure);
  // With a wildcard the host of the reference stays.
  if (!location && said !== undefined) return undefined;
  return {
    prefix,
    location: location ?? { host: "", path: "", insecure },
    blocked: member(entry, "blocked") === true,
    mirrors: mirrorsOf(entry),
  };
}

/** Mirrors for digests alone are left out: what is asked here begins with a tag. */
function mirrorsOf(entry: JsonObject | undefined): readonly Location[] {
  if (member(entry, "mirror-by-digest-only") === true) return [];
  return listOf(member(entry, "mirror")).flatMap((each) => {
    const mirror = asObject(each);
    if (member(mirror, "pull-from-mirror") === "digest-only") return [];
    const location = locationOf(asText(member(mirror, "location")) ?? "", member(mirror, "insecure") === true);
    return location ? [location] : [];
  });
}

const HOST = String.raw`(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d+)?`;
const PATH = String.raw`(?:\/[a-z0-9._/-]+)?`;
/** A tag or a digest in a prefix is for one image; such rules are left out. */
const PREFIX = new RegExp(String.raw`^(?:\*\.[A-Za-z0-9.-]+|${HOST})${PATH}$`);
const LOCATION = new RegExp(`^(${HOST})(${PATH})$`);

function locationOf(text: string, insecure: boolean): Location | undefined {
  const [, host, path = ""] = LOCATION.exec(text) ?? [];
  return host === undefined ? undefined : { host, path: path.replace(/^\/|\/$/g, ""), insecure };
}
