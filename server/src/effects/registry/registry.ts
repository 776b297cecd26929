/**
 * What a registry knows of an image: the digest its tag points at today, the most precise tag with that digest, its layers.
 * For the editor and `check` as answers that never fail, for commands as promises that reject with a RegistryError.
 */
import { homedir } from "node:os";
import { type ImageRef, parseImageRef } from "../../core/model/image-ref.ts";
import type { Answer } from "../../core/rule.ts";
import { redact } from "../redact.ts";
import { blobBytes, blobRange } from "./blob.ts";
import { createClient } from "./client.ts";
import { type Endpoint, endpointsOf } from "./endpoint.ts";
import { quote, RegistryError, type RegistryErrorKind } from "./errors.ts";
import { imageFacts, type ImageFacts } from "./image-facts.ts";
import { LIMITS, type Limits } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { createMemo } from "./memo.ts";
import { type Descriptor, type RemoteImage, remoteImage } from "./remote-image.ts";
import { resolveManifest } from "./resolve.ts";
import { createSlots } from "./slots.ts";
import { listTags } from "./tags.ts";
import { candidatesFor, newerLike, newestLike } from "./version-tag.ts";

export interface RegistryOptions {
  /** Whether stored logins may be read and credential helpers run: a workspace must be trusted for it. */
  readonly trusted: boolean;
  /** Nothing is asked; every question fails with `offline`. */
  readonly offline?: boolean;
  /** Domain of a registry (`docker.io`), to its mirrors as `https://mirror.example` or `mirror.example:5000`. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  /** Hosts, with their port, that may be asked over http when they have no TLS. This machine's own always may. */
  readonly insecureRegistries?: readonly string[];
  /** PEM texts of certificate authorities, besides the system's, NODE_EXTRA_CA_CERTS and certs.d. */
  readonly ca?: readonly string[];
  /** Given messages without secrets. */
  readonly log?: (message: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly home?: string;
  readonly limits?: Partial<Limits>;
}

export interface Registry {
  /** Answers `{ ask: "digest" }`. Rejects only when the signal aborted, with its reason. */
  digest(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "version-tag" }`. Rejects only when the signal aborted, with its reason. */
  versionTag(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "environment" }`. Rejects only when the signal aborted, with its reason. */
  environment(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "platforms" }`. Rejects only when the signal aborted, with its reason. */
  platforms(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "newer-tag" }`. Rejects only when the signal aborted, with its reason. */
  newerTag(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "newer-tags" }`. Rejects only when the signal aborted, with its reason. */
  newerTags(image: string, signal?: AbortSignal): Promise<Answer>;
  /** @throws RegistryError, or the signal's reason */
  resolveDigest(image: string, signal?: AbortSignal): Promise<Manifest>;
  /** @throws RegistryError, or the signal's reason */
  resolveVersionTag(image: string, signal?: AbortSignal): Promise<string>;
  /**
   * Manifest and configuration. `platform` as `linux/arm64`; by default Linux for this machine's architecture, else the first there is.
   *
   * @throws RegistryError, or the signal's reason
   */
  open(image: string, platform: string | undefined, signal: AbortSignal): Promise<OpenedRemote>;
}

/** An image of a registry, whose layers are asked for where its manifest came from. Their digests are for the reader to check. */
export interface OpenedRemote {
  readonly image: RemoteImage;
  /** Throws RegistryError, or the signal's reason. */
  readonly bytes: (layer: Descriptor, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /** From `start` up to and without `end`; undefined from a registry that knows no ranges. Rejects as `bytes` throws. */
  readonly range: (
    layer: Descriptor,
    range: readonly [start: number, end: number],
    signal: AbortSignal,
  ) => Promise<Buffer | undefined>;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Connection failures say nothing of the image and often pass: they are kept for a moment only. */
const PASSING: ReadonlySet<RegistryErrorKind> = new Set(["network", "timeout"]);

function failureMs(error: unknown): number {
  if (!(error instanceof RegistryError)) return 0;
  return PASSING.has(error.kind) ? MINUTE_MS / 2 : Math.min(error.details.retryAfterMs ?? 5 * MINUTE_MS, HOUR_MS);
}

export function createRegistry(options: RegistryOptions): Registry {
  const limits = { ...LIMITS, ...options.limits };
  const log = (message: string) => options.log?.(redact(message));
  const { trusted, ca = [], env = process.env, home = homedir(), mirrors = {}, insecureRegistries = [] } = options;
  const client = createClient({ trusted, ca, env, home, limits, log });
  /** Waiting for others to be answered is not counted in one's own deadline. */
  const lanes = createSlots(limits.requestsPerHost);
  const manifests = createMemo<Manifest>({ successMs: HOUR_MS, failureMs });
  const versionTags = createMemo<string>({ successMs: HOUR_MS, failureMs });

  const facts = createMemo<ImageFacts>({ successMs: HOUR_MS, failureMs });
  const tagLists = createMemo<readonly string[]>({ successMs: HOUR_MS, failureMs });

  const resolveDigest = async (image: string, signal?: AbortSignal): Promise<Manifest> =>
    manifestOf(parsed(image), signal);

  const resolveVersionTag = async (image: string, signal?: AbortSignal): Promise<string> => {
    const ref = parsed(image);
    const key = `${ref.domain}/${ref.path}:${tagOf(ref)}`;
    return versionTags(key, signal, (flight) =>
      within(limits.versionTagMs, image, flight, (s) => findVersionTag(ref, s)),
    );
  };

  return {
    resolveDigest,
    resolveVersionTag,
    open,
    digest: (image, signal) => answer(async () => (await resolveDigest(image, signal)).digest, signal),
    versionTag: (image, signal) => answer(() => resolveVersionTag(image, signal), signal),
    environment: (image, signal) => answer(async () => (await factsOf(image, signal)).environment.join(" "), signal),
    platforms: (image, signal) => answer(async () => (await factsOf(image, signal)).platforms.join(" "), signal),
    newerTag: (image, signal) => answer(() => findNewerTag(image, signal), signal),
    newerTags: (image, signal) =>
      answer(async () => newerLike(tagOf(parsed(image)), await tagsOf(parsed(image), signal)).join(" "), signal),
  };

  function parsed(image: string): ImageRef {
    const result = parseImageRef(image);
    if (!result.ok) {
      const hint = result.suggestion === undefined ? "" : `; did you mean ${result.suggestion}?`;
      throw new RegistryError(
        "reference",
        `${quote(image) || "an empty text"} names no image: ${quote(result.error)}${hint}`,
      );
    }
    if (result.ref.domain === "docker.io" && result.ref.path === "library/scratch") {
      throw new RegistryError("reference", "scratch is the empty base, which no registry has; leave it as it is");
    }
    if (options.offline)
      throw new RegistryError("offline", `${image} was not looked up: offline; allow the network to do so`);
    return result.ref;
  }

  /** What the tag points at, also when the reference has a digest besides; without a tag, the digest itself. */
  function manifestOf(ref: ImageRef, signal?: AbortSignal): Promise<Manifest> {
    const reference = ref.tag === undefined && ref.digest !== undefined ? ref.digest : tagOf(ref);
    const query = { path: ref.path, reference, image: ref.text };
    return manifests(`${ref.domain}/${ref.path}@${reference}`, signal, (flight) =>
      lanes(ref.domain, flight, () =>
        within(limits.totalMs, ref.text, flight, (limited) =>
          atFirstThatAnswers(ref, limited, (endpoint) => resolveManifest(client, endpoint, query, limits, limited)),
        ),
      ),
    );
  }

  async function factsOf(image: string, signal?: AbortSignal): Promise<ImageFacts> {
    const ref = parsed(image);
    const reference = ref.digest ?? tagOf(ref);
    const query = { path: ref.path, reference, image };
    return facts(`${ref.domain}/${ref.path}@${reference}`, signal, (flight) =>
      lanes(ref.domain, flight, () =>
        within(limits.totalMs, image, flight, (limited) =>
          atFirstThatAnswers(ref, limited, (endpoint) => imageFacts(client, endpoint, query, limits, limited)),
        ),
      ),
    );
  }

  async function open(image: string, platform: string | undefined, signal: AbortSignal): Promise<OpenedRemote> {
    const ref = parsed(image);
    const query = { path: ref.path, reference: ref.digest ?? tagOf(ref), image, platform, preferred: [OWN_PLATFORM] };
    const behind = ({ mirrorOf }: Endpoint): readonly Endpoint[] =>
      mirrorOf === undefined ? [] : [endpointsOf(ref.domain, { mirrors: {}, insecureRegistries, log }).registry];
    return within(limits.totalMs, image, signal, (limited) =>
      atFirstThatAnswers(ref, limited, async (endpoint) => {
        const found = await remoteImage(client, endpoint, query, limits, limited);
        if (!found) throw new RegistryError("not-found", `${endpoint.host} has ${image} as an index without images`);
        const blob = ({ digest, size }: Descriptor) => ({ path: ref.path, digest, size, image });
        return {
          image: found,
          bytes: (layer, until) => blobBytes(client, [endpoint, ...behind(endpoint)], blob(layer), limits, until),
          range: (layer, range, until) => blobRange(client, endpoint, blob(layer), range, limits, until),
        };
      }),
    );
  }

  async function findNewerTag(image: string, signal?: AbortSignal): Promise<string> {
    const ref = parsed(image);
    const tags = await tagsOf(ref, signal);
    const newest = newestLike(tagOf(ref), tags);
    if (newest !== undefined) return newest;
    throw new RegistryError("not-found", `the tag of ${image} has no version to compare with others; choose a version`);
  }

  function tagsOf(ref: ImageRef, signal?: AbortSignal): Promise<readonly string[]> {
    const { domain, path } = ref;
    return tagLists(`${domain}/${path}`, signal, (flight) =>
      within(limits.versionTagMs, ref.text, flight, (limited) =>
        atFirstThatAnswers(ref, limited, (endpoint) => listTags(client, endpoint, path, limits, limited)),
      ),
    );
  }

  async function findVersionTag(ref: ImageRef, signal: AbortSignal): Promise<string> {
    const tag = tagOf(ref);
    const { domain, path } = ref;
    const wanted = await manifestOf({ ...ref, tag }, signal);
    const tags = await atFirstThatAnswers(ref, signal, (endpoint) => listTags(client, endpoint, path, limits, signal));
    const candidates = candidatesFor(tag, tags).slice(0, limits.candidates);
    for (let at = 0; at < candidates.length; at += limits.requestsPerHost) {
      const batch = candidates.slice(at, at + limits.requestsPerHost);
      const digests = await Promise.all(batch.map((candidate) => digestOrNone(ref, candidate, signal)));
      const found = batch[digests.indexOf(wanted.digest)];
      if (found !== undefined) return found;
    }
    const tried =
      candidates.length === 0 ? "it has no version tags of its kind" : `none of ${candidates.length} tried does`;
    const message = `no version tag of ${domain}/${path} was found to point where ${tag} does (${tried}); choose a version`;
    throw new RegistryError("not-found", message);
  }

  /** A tag may be listed and yet be gone. */
  async function digestOrNone(ref: ImageRef, tag: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return (await manifestOf({ ...ref, tag, text: `${ref.domain}/${ref.path}:${tag}` }, signal)).digest;
    } catch (error) {
      if (error instanceof RegistryError && error.kind === "not-found") return undefined;
      throw error;
    }
  }

  /** Mirrors are tried for their speed only: whatever goes wrong there, the registry itself decides. */
  async function atFirstThatAnswers<T>(
    { domain }: ImageRef,
    signal: AbortSignal,
    ask: (endpoint: Endpoint) => Promise<T>,
  ): Promise<T> {
    const endpoints = endpointsOf(domain, { mirrors, insecureRegistries, log });
    for (const mirror of endpoints.mirrors) {
      try {
        return await ask(mirror);
      } catch (error) {
        signal.throwIfAborted();
        log(`the mirror ${mirror.host} did not help: ${error instanceof Error ? error.message : error}`);
      }
    }
    return ask(endpoints.registry);
  }
}

/** As images call what Node calls x64; the others are called the same or are not in use. */
const OWN_PLATFORM = `linux/${({ x64: "amd64", ia32: "386" } as Partial<Record<NodeJS.Architecture, string>>)[process.arch] ?? process.arch}`;

const tagOf = (ref: ImageRef): string => ref.tag ?? "latest";

async function answer(ask: () => Promise<string>, signal: AbortSignal | undefined): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    signal?.throwIfAborted();
    return { unknown: error instanceof RegistryError ? error.message : `the lookup failed: ${redact(String(error))}` };
  }
}

/** Runs the task with a deadline for all of it: a server that drips bytes is never silent. */
async function within<T>(
  ms: number,
  image: string,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const message = `looking up ${image} took over ${ms / 1000} s; check the network, or try again later`;
  const timer = setTimeout(() => deadline.abort(new RegistryError("timeout", message)), ms);
  try {
    return await task(AbortSignal.any([signal, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}
