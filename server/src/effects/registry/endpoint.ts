/** Where an image's registry is asked: its mirrors first, then itself; over https, over http only where that is safe or wished. */
import { isLoopback } from "./address.ts";

export interface Endpoint {
  /** With its port. */
  readonly host: string;
  /** Tried in this order. */
  readonly schemes: readonly ("https" | "http")[];
  /** Whose stored login is used. A mirror has its own: it must not see that of the registry it stands for. */
  readonly loginOf: string;
  /** The registry a mirror stands for; containerd's convention of a query parameter `ns`. */
  readonly mirrorOf?: string;
}

export interface EndpointOptions {
  /** Domain of a registry, to its mirrors as `https://mirror.example` or `mirror.example:5000`. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** Hosts, with their port, that may be asked over http. */
  readonly insecureRegistries: readonly string[];
  readonly log: (message: string) => void;
}

export interface Endpoints {
  readonly mirrors: readonly Endpoint[];
  readonly registry: Endpoint;
}

export function endpointsOf(domain: string, options: EndpointOptions): Endpoints {
  const mirrors = Object.hasOwn(options.mirrors, domain) ? (options.mirrors[domain] ?? []) : [];
  const host = domain === "docker.io" ? "registry-1.docker.io" : domain;
  return {
    mirrors: mirrors.flatMap((mirror) => mirrorEndpoint(mirror, domain, options)),
    registry: { host, schemes: schemesOf(host, options), loginOf: domain },
  };
}

const schemesOf = (host: string, { insecureRegistries }: EndpointOptions): Endpoint["schemes"] =>
  isLoopback(host) || insecureRegistries.includes(host) ? ["https", "http"] : ["https"];

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
