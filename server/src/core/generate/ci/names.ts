/** Where a project's images are published, from where its sources are. */

export interface Remote {
  readonly host: string;
  /** `owner/name`, as written. */
  readonly path: string;
}

/** Of `git@host:owner/name.git`, `ssh://git@host/owner/name` and `https://host/owner/name.git`; what is written before an at sign is left out. */
export function remoteOf(url: string): Remote | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^@/\s]*@)?([^/:\s]+)(?::\d+)?\/(\S+?)(?:\.git)?\/?\s*$/.exec(url) ??
    /^(?:[^@/\s]*@)?([^/:\s]+):(?!\/\/)(\S+?)(?:\.git)?\/?\s*$/.exec(url);
  const [, host, path] = match ?? [];
  return host === undefined || path === undefined ? undefined : { host, path: path.replace(/^\/+/, "") };
}

/** Each service has a registry of its own. */
export function repositoryFor(remote: Remote | undefined, folder: string, provider: "github" | "gitlab"): string {
  const path = slug(remote?.path ?? `owner/${folder}`);
  const [host, registry] = provider === "github" ? ["github.com", "ghcr.io"] : ["gitlab.com", "registry.gitlab.com"];
  if (!remote || remote.host === host || provider === "github") return `${registry}/${path}`;
  return `registry.${remote.host}/${path}`;
}

/** Repositories are in lower case. */
const slug = (path: string): string =>
  path
    .toLowerCase()
    .split("/")
    .map((part) => part.replace(/[^a-z0-9._-]+/g, "-").replace(/^[._-]+|[._-]+$/g, ""))
    .filter((part) => part !== "")
    .join("/");
