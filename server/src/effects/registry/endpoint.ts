/** Where an image's registry is asked: its mirrors first, then itself; over https, over http only where that is safe or wished. */
import { isLoopback } from "./address.ts";
import { type Location, matchOf, type RegistryRule, ruleFor } from "./registries-conf.ts";

export interface Endpoint {
  /** With its port. */
  readonly host: string;
  /** Tried in this order. */
  readonly schemes: readonly ("https" | "http")[];
  /** Whose stored login is used. A mirror has its own: it must not see that of the registry it stands for. */
  readonly loginOf: string;
  /** The registry a mirror stands for; containerd's convention of a query parameter `ns`. */
  readonly mirrorOf?: string;
  /** Repositories have other names there: what is put in the place of how they begin. */
  readonly renamed?: { readonly from: string; readonly to: string };
}

export interface EndpointOptions {
  /** Domain of a registry, to its mirrors as `https://mirror.example` or `mirror.example:5000`. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** Hosts, with their port, that may be asked over http. */
  readonly insecureRegistries: readonly string[];
  /** Of registries.conf. */
  readonly rules?: readonly RegistryRule[];
  readonly log: (message: string) => void;
}

export interface Endpoints {
  readonly mirrors: readonly Endpoint[];
  readonly registry: Endpoint;
  /** registries.conf forbids it. */
  readonly blocked: boolean;
}

export interface Repository {
  /** `docker.io` for Docker Hub. */
  readonly domain: string;
  readonly path: string;
}

export function endpointsOf(repository: Repository, options: EndpointOptions): Endpoints {
  const { domain, path } = repository;
  const mirrors = Object.hasOwn(options.mirrors, domain) ? (options.mirrors[domain] ?? []) : [];
  const own = mirrors.flatMap((mirror) => mirrorEndpoint(mirror, domain, options));
  const rule = ruleFor(options.rules ?? [], `${domain}/${path}`);
  const registry: Endpoint = { host: hostOf(domain), schemes: schemesOf(hostOf(domain), options), loginOf: domain };
  if (!rule) return { mirrors: own, registry, blocked: false };
  const match = matchOf(rule.prefix, `${domain}/${path}`) ?? domain;
  const at = (location: Location): Endpoint => locationEndpoint(location, match, options);
  return {
    mirrors: [...own, ...rule.mirrors.map((mirror) => ({ ...at(mirror), mirrorOf: domain }))],
    registry: at(rule.location.host === "" ? { ...rule.location, host: domain } : rule.location),
    blocked: rule.blocked,
  };
}

/** The name a repository has there. */
export function pathAt({ renamed }: Endpoint, path: string): string {
  if (!renamed) return path;
  const { from, to } = renamed;
  const rest = from === "" ? path : path === from ? "" : path.slice(from.length + 1);
  return [to, rest].filter(Boolean).join("/");
}

const hostOf = (domain: string): string => (domain === "docker.io" ? "registry-1.docker.io" : domain);

const schemesOf = (
  host: string,
  { insecureRegistries }: Pick<EndpointOptions, "insecureRegistries">,
): Endpoint["schemes"] => (isLoopback(host) || insecureRegistries.includes(host) ? ["https", "http"] : ["https"]);

/** @param match the beginning of the repository with its domain, which the location stands for */
function locationEndpoint(
  { host: domain, path, insecure }: Location,
  match: string,
  options: EndpointOptions,
): Endpoint {
  const host = hostOf(domain);
  const from = match.split("/").slice(1).join("/");
  return {
    host,
    schemes: insecure ? ["https", "http"] : schemesOf(host, options),
    loginOf: domain,
    ...(from !== path && { renamed: { from, to: path } }),
  };
}

function mirrorEndpoint(mirror: string, domain: string, options: EndpointOptions): readonly Endpoint[] {
  const text = mirror.includes("://") ? mirror : `https://${mirror}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url && url.pathname === "/" && !url.search && !url.username && !url.password;
  const scheme = url?.protocol === "https:" ? "https" : url?.protocol === "http:" ? "http" : undefined;
  if (!url || !bare || !scheme) {
    options.log(`the mirror ${mirror} of ${domain} is passed over: give it as https://host or host:port`);
    return [];
  }
  if (!schemesOf(url.host, options).includes(scheme)) {
    options.log(`the mirror ${mirror} of ${domain} is passed over: for http, list ${url.host} as an insecure registry`);
    return [];
  }
  return [{ host: url.host, schemes: [scheme], loginOf: url.host, mirrorOf: domain }];
}
