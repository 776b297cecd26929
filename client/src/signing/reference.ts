/** The parts of an image reference that signing is about: the registry, the repository, and the digest. */

export interface Reference {
  /** `docker.io` when none is written. */
  readonly registry: string;
  /** With the registry as written, without tag and digest: what signatures are put beside. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const DIGEST = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;
const HUB = "docker.io";

/** Undefined for what no registry can have, and for what a program would take for an option. */
export function readReference(text: string): Reference | undefined {
  const match = /^([a-z0-9[][A-Za-z0-9._:/[\]-]*?)(?::([\w][\w.-]{0,127}))?(?:@(\S+))?$/i.exec(text.trim());
  const [, repository, tag, digest] = match ?? [];
  if (repository === undefined || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const slash = repository.indexOf("/");
  const first = slash < 0 ? "" : repository.slice(0, slash);
  const isHost = /[.:[]/.test(first) || first === "localhost";
  const path = isHost ? repository.slice(slash + 1) : repository;
  if (!/^[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/.test(path)) return undefined;
  return {
    registry: isHost ? first : HUB,
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** What is signed: never a tag, which may lead elsewhere a moment later. */
export const byDigest = ({ repository }: Reference, digest: string): string => `${repository}@${digest}`;

export const isDigest = (text: string): boolean => DIGEST.test(text);

/** This machine's own registries, which mostly have no certificate. */
export const isLoopback = (registry: string): boolean =>
  /^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i.test(registry);
