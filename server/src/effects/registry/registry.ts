/**
 * What a registry knows of an image: the digest its tag points at today, the most precise tag with that digest, its layers.
 * For the editor and `check` as answers that never fail, for commands as promises that reject with a RegistryError.
 */
import { homedir } from "node:os";
import { type ImageRef, parseImageRef } from "../../core/model/image-ref.ts";
import { platformOn } from "../../core/model/image-platform.ts";
import { nearestTags } from "../../core/model/image-tags/nearest.ts";
import { newerLike, newestLike } from "../../core/model/image-tags/newer.ts";
import { newestFirst } from "../../core/model/image-tags/order.ts";
import { candidatesFor } from "../../core/model/image-tags/precise.ts";
import type { Answer } from "../../core/rule.ts";
import { ageText } from "../../core/text/ages.ts";
import { redact } from "../redact.ts";
import { blobBytes, blobRange } from "./blob.ts";
import { type CacheOptions, createCache, type Said } from "./cache.ts";
import { createClient, offlineClient } from "./client.ts";
import { createDocuments, type Place } from "./documents.ts";
import { type Endpoint, endpointsOf } from "./endpoint.ts";
import { quote, RegistryError, type RegistryErrorKind } from "./errors.ts";
import { type Evidence, evidenceIn, evidenceOf } from "./evidence.ts";
import { imageFacts, type ImageFacts } from "./image-facts.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { asText, listOf, member } from "./json.ts";
import type { Manifest } from "./manifest.ts";
import { createMemo } from "./memo.ts";
import { type Overview, overviewOf } from "./overview.ts";
import { type RegistryRule, readRegistriesConf } from "./registries-conf.ts";
import { type Descriptor, type RemoteImage, remoteImage } from "./remote-image.ts";
import { resolveManifest } from "./resolve.ts";
import { evidenceSaid, manifestSaid, saidOf } from "./said.ts";
import { createSlots } from "./slots.ts";
import { listTags } from "./tags.ts";

export interface RegistryOptions {
  /** Whether stored logins and registries.conf may be read and credential helpers run: a workspace must be trusted for it. */
  readonly trusted: boolean;
  /** Nothing is asked: what is in the cache is good however old it is, every other question fails with `offline`. */
  readonly offline?: boolean;
  /** What was said before is kept there beyond this process; nothing is by default. */
  readonly cache?: CacheOptions;
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
  /**
   * Answers `{ ask: "digest" }` and `{ ask: "digest-today" }`. Rejects only when the signal aborted, with its reason.
   *
   * @param anew whatever was said before
   */
  digest(image: string, signal?: AbortSignal, anew?: boolean): Promise<Answer>;
  /** Answers `{ ask: "platform-digests" }`. Rejects only when the signal aborted, with its reason. */
  platformDigests(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "created" }`. Rejects only when the signal aborted, with its reason. */
  created(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "existence" }`. Rejects only when the signal aborted, with its reason. */
  existence(image: string, signal?: AbortSignal): Promise<Answer>;
  /** Answers `{ ask: "tags" }`. Rejects only when the signal aborted, with its reason. */
  tagsNewestFirst(image: string, signal?: AbortSignal): Promise<Answer>;
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
  /** @param anew whatever was said before, which is for who waits for a tag to move. @throws RegistryError, or the signal's reason */
  resolveDigest(image: string, signal?: AbortSignal, anew?: boolean): Promise<Manifest>;
  /** @throws RegistryError, or the signal's reason */
  resolveVersionTag(image: string, signal?: AbortSignal): Promise<string>;
  /** Who said what the tag, or the digest, leads to, as far as that is kept. Asks nobody. @throws RegistryError */
  toldBy(image: string): Promise<ToldBy | undefined>;
  /** All tags, in no order that means anything. @throws RegistryError, or the signal's reason */
  tags(image: string, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Several requests: one for each platform there is.
   *
   * @param anew of what the tag points at now, whatever was said before
   * @throws RegistryError, or the signal's reason
   */
  overview(image: string, signal?: AbortSignal, anew?: boolean): Promise<Overview>;
  /**
   * Half a dozen requests and more. Presence only: nothing is verified.
   *
   * @param anew whatever was said before
   * @throws RegistryError, or the signal's reason
   */
  evidence(image: string, signal?: AbortSignal, anew?: boolean): Promise<Evidence>;
  /**
   * Manifest and configuration. `platform` as `linux/arm64`; by default Linux for this machine's architecture, else the first there is.
   *
   * @throws RegistryError, or the signal's reason
   */
  open(image: string, platform: string | undefined, signal: AbortSignal): Promise<OpenedRemote>;
}

export interface ToldBy {
  /** As asked, with its port where that is not the usual one. */
  readonly host: string;
  /** It is not the registry itself. */
  readonly isMirror: boolean;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
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
  const { offline = false } = options;
  const client = offline ? offlineClient : createClient({ trusted, ca, env, home, limits, log });
  const cache = createCache(options.cache);
  let read: readonly RegistryRule[] | undefined;
  /** Read when the first registry is asked. */
  const rules = (): readonly RegistryRule[] => (read ??= trusted ? readRegistriesConf({ env, home, log }) : []);
  const documents = createDocuments(client, cache, limits);
  /** What a tag points at is in memory for a moment where there is a cache, which others may have written meanwhile. */
  const { cache: kept } = options;
  const tagMs = kept ? Math.min(MINUTE_MS, (kept.hours ?? 1) * HOUR_MS) : HOUR_MS;
  /** Waiting for others to be answered is not counted in one's own deadline. */
  const lanes = createSlots(limits.requestsPerHost);
  const manifests = createMemo<Manifest>({ successMs: tagMs, failureMs });
  /** Only those who ask at the same time share an answer. */
  const manifestsAnew = createMemo<Manifest>({ successMs: 0, failureMs: () => 0 });
  const versionTags = createMemo<string>({ successMs: tagMs, failureMs });

  const facts = createMemo<ImageFacts>({ successMs: HOUR_MS, failureMs });
  const tagLists = createMemo<readonly string[]>({ successMs: tagMs, failureMs });
  const overviews = createMemo<Overview>({ successMs: HOUR_MS, failureMs, most: 200 });
  const evidences = createMemo<Evidence>({ successMs: tagMs, failureMs, most: 200 });
  const evidencesAnew = createMemo<Evidence>({ successMs: 0, failureMs: () => 0 });

  const resolveDigest = async (image: string, signal?: AbortSignal, anew?: boolean): Promise<Manifest> =>
    manifestOf(parsed(image), signal, anew);

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
    toldBy,
    tags: async (image, signal) => tagsOf(parsed(image), signal),
    overview,
    evidence,
    open,
    digest: (image, signal, anew) => answer(async () => (await resolveDigest(image, signal, anew)).digest, signal),
    platformDigests: (image, signal) =>
      answer(async () => {
        const { images } = await factsOf(image, signal);
        return images.map(({ platform, digest }) => `${platform}@${digest}`).join(" ");
      }, signal),
    created: (image, signal) => answer(() => findCreated(image, signal), signal),
    existence: (image, signal) => answer(() => findExistence(image, signal), signal),
    tagsNewestFirst: (image, signal) =>
      answer(async () => newestFirst(await tagsOf(parsed(image), signal)).join(" "), signal),
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
    return result.ref;
  }

  /** What the tag points at, also when the reference has a digest besides; without a tag, the digest itself. */
  function manifestOf(ref: ImageRef, signal?: AbortSignal, anew = false): Promise<Manifest> {
    const { what, reference } = leadsTo(ref);
    const memo = anew ? manifestsAnew : manifests;
    return memo(what, signal, async (flight) => {
      const said = await cache.said(what);
      const known = manifestSaid(said);
      const isKnown = known && said && (reference === known.digest || ((offline || !anew) && isGood(said, ref.text)));
      if (isKnown) return known;
      const query = { path: ref.path, reference, image: ref.text };
      const found = await lanes(ref.domain, flight, () =>
        within(limits.totalMs, ref.text, flight, (limited) =>
          atFirstThatAnswers(ref, limited, (endpoint) =>
            resolveManifest(client, endpoint, query, limits, limited, known && saidOf(said, { manifest: known })),
          ),
        ),
      );
      await cache.keepSaid(what, { ...found.manifest }, fromHost(found));
      return found.manifest;
    });
  }

  async function toldBy(image: string): Promise<ToldBy | undefined> {
    const ref = parsed(image);
    const said = await cache.said(leadsTo(ref).what);
    if (said?.host === undefined) return undefined;
    const { registry } = endpointsOf(ref, { mirrors: {}, insecureRegistries, rules: rules(), log });
    return { host: said.host, isMirror: said.host !== registry.host, at: said.at };
  }

  /** Fresh, or all there is to be had. */
  function isGood({ isFresh, at }: Said, what: string): boolean {
    if (offline && !isFresh) log(`offline: ${what} is taken as it was ${ageText(Date.now() - at)} ago`);
    return isFresh || offline;
  }

  /**
   * With the digest a reference leads to: what is behind it is asked for by that, and never twice. A tag may have moved since it was
   * last looked up, and what it pointed at then be gone.
   */
  async function byDigest<T>(
    ref: ImageRef,
    signal: AbortSignal | undefined,
    ask: (digest: string) => Promise<T>,
    anew = false,
  ): Promise<T> {
    if (ref.digest !== undefined) return ask(ref.digest);
    const { digest } = await manifestOf(ref, signal, anew);
    try {
      return await ask(digest);
    } catch (error) {
      if (offline || !(error instanceof RegistryError && error.kind === "not-found")) throw error;
      const today = await manifestOf(ref, signal, true);
      if (today.digest === digest) throw error;
      return ask(today.digest);
    }
  }

  /** Asks something about an image once for all who want to know it now or soon. */
  async function aboutImage<T>(
    memo: ReturnType<typeof createMemo<T>>,
    image: string,
    signal: AbortSignal | undefined,
    ask: (place: Place, digest: string, limited: AbortSignal) => Promise<T>,
    { order = "mirrors first", anew = false }: Manner = {},
  ): Promise<T> {
    const ref = parsed(image);
    const about = (digest: string): Promise<T> =>
      memo(`${ref.domain}/${ref.path}@${digest}`, signal, (flight) =>
        lanes(ref.domain, flight, () =>
          within(limits.totalMs, image, flight, (limited) =>
            atFirstThatAnswers(
              ref,
              limited,
              (endpoint) => ask({ endpoint, path: ref.path, image }, digest, limited),
              order,
            ),
          ),
        ),
      );
    return byDigest(ref, signal, about, anew);
  }

  function factsOf(image: string, signal?: AbortSignal): Promise<ImageFacts> {
    return aboutImage(facts, image, signal, (place, digest, limited) => imageFacts(documents, place, digest, limited));
  }

  function overview(image: string, signal?: AbortSignal, anew = false): Promise<Overview> {
    const ask = (place: Place, digest: string, limited: AbortSignal): Promise<Overview> =>
      overviewOf(documents, place, digest, OWN_PLATFORM, limited);
    return aboutImage(overviews, image, signal, ask, { anew });
  }

  /** A mirror may have the image and not what belongs to it, and would answer that there is nothing. */
  function evidence(image: string, signal?: AbortSignal, anew = false): Promise<Evidence> {
    const ask = async ({ endpoint, path }: Place, digest: string, limited: AbortSignal): Promise<Evidence> => {
      const what = `evidence ${parsed(image).domain}/${path}@${digest}`;
      const said = await cache.said(what);
      const known = evidenceSaid(said);
      if (known && said && (offline || !anew) && isGood(said, `what belongs to ${image}`)) return known;
      const place = { endpoint, path, image };
      const found = await evidenceOf(client, documents, place, digest, OWN_PLATFORM, limits, limited);
      await cache.keepSaid(what, { items: found });
      return evidenceIn(found);
    };
    return aboutImage(anew ? evidencesAnew : evidences, image, signal, ask, { order: "registry first", anew });
  }

  async function open(image: string, platform: string | undefined, signal: AbortSignal): Promise<OpenedRemote> {
    const ref = parsed(image);
    const wish = { platform, preferred: [OWN_PLATFORM] };
    const behind = ({ mirrorOf }: Endpoint): readonly Endpoint[] =>
      mirrorOf === undefined
        ? []
        : [endpointsOf(ref, { mirrors: {}, insecureRegistries, rules: rules(), log }).registry];
    const opened = (digest: string) =>
      within(limits.totalMs, image, signal, (limited) =>
        atFirstThatAnswers(ref, limited, async (endpoint): Promise<OpenedRemote> => {
          const found = await remoteImage(documents, { endpoint, path: ref.path, image }, digest, wish, limited);
          if (!found) throw new RegistryError("not-found", `${endpoint.host} has ${image} as an index without images`);
          const blob = (layer: Descriptor) => ({ path: ref.path, digest: layer.digest, size: layer.size, image });
          return {
            image: found,
            bytes: (layer, until) => blobBytes(client, [endpoint, ...behind(endpoint)], blob(layer), limits, until),
            range: (layer, range, until) => blobRange(client, endpoint, blob(layer), range, limits, until),
          };
        }),
      );
    return byDigest(ref, signal, opened);
  }

  async function findNewerTag(image: string, signal?: AbortSignal): Promise<string> {
    const ref = parsed(image);
    const tags = await tagsOf(ref, signal);
    const newest = newestLike(tagOf(ref), tags);
    if (newest !== undefined) return newest;
    throw new RegistryError("not-found", `the tag of ${image} has no version to compare with others; choose a version`);
  }

  async function findCreated(image: string, signal?: AbortSignal): Promise<string> {
    const { created } = await factsOf(image, signal);
    if (created !== undefined) return created;
    throw new RegistryError("not-found", `${image} does not say when it was made; its builder put no time there`);
  }

  /** A registry that does not want to say, or cannot be reached, has not said that there is none. */
  async function findExistence(image: string, signal?: AbortSignal): Promise<string> {
    const ref = parsed(image);
    // A digest decides alone which image is pulled.
    const { tag: _tag, ...untagged } = ref;
    try {
      await manifestOf(ref.digest === undefined ? ref : untagged, signal);
      return "yes";
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    if (ref.digest !== undefined) return "no";
    try {
      return ["no", ...nearestTags(tagOf(ref), await tagsOf(ref, signal))].join(" ");
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RegistryError) return "no";
      throw error;
    }
  }

  function tagsOf(ref: ImageRef, signal?: AbortSignal): Promise<readonly string[]> {
    const { domain, path } = ref;
    const what = `tags ${domain}/${path}`;
    return tagLists(what, signal, async (flight) => {
      const said = await cache.said(what);
      const known = said && listOf(member(said.value, "tags")).flatMap((tag) => asText(tag) ?? []);
      if (known && isGood(said, `the list of tags of ${domain}/${path}`)) return known;
      return within(limits.versionTagMs, ref.text, flight, async (limited) => {
        const listed = await atFirstThatAnswers(ref, limited, (endpoint) =>
          listTags(client, endpoint, path, limits, limited, known && saidOf(said, { tags: known })),
        );
        await cache.keepSaid(what, { tags: listed.tags }, fromHost(listed));
        return listed.tags;
      });
    });
  }

  async function findVersionTag(ref: ImageRef, signal: AbortSignal): Promise<string> {
    const tag = tagOf(ref);
    const { domain, path } = ref;
    const wanted = await manifestOf({ ...ref, tag }, signal);
    const tags = await tagsOf(ref, signal);
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
    ref: ImageRef,
    signal: AbortSignal,
    ask: (endpoint: Endpoint) => Promise<T>,
    order: "mirrors first" | "registry first" = "mirrors first",
  ): Promise<T> {
    const { registry, blocked, ...endpoints } = endpointsOf(ref, { mirrors, insecureRegistries, rules: rules(), log });
    if (offline) return ask(registry);
    if (blocked)
      throw new RegistryError("offline", `${ref.domain}/${ref.path} was not looked up: registries.conf blocks it`);
    if (order === "registry first") {
      try {
        return await ask(registry);
      } catch (error) {
        signal.throwIfAborted();
        if (endpoints.mirrors.length === 0 || !(error instanceof RegistryError && PASSING.has(error.kind))) throw error;
        log(`${registry.host} did not answer, its mirrors are asked: ${error.message}`);
      }
    }
    for (const mirror of endpoints.mirrors) {
      try {
        return await ask(mirror);
      } catch (error) {
        signal.throwIfAborted();
        log(`the mirror ${mirror.host} did not help: ${error instanceof Error ? error.message : error}`);
      }
    }
    return ask(registry);
  }
}

interface Manner {
  readonly order?: "mirrors first" | "registry first";
  readonly anew?: boolean;
}

const fromHost = ({ host, etag }: { readonly host: string; readonly etag: string | undefined }) => ({
  host,
  ...(etag !== undefined && { etag }),
});

const OWN_PLATFORM = platformOn(process.arch);

const isMissing = (error: unknown): boolean =>
  error instanceof RegistryError && error.kind === "not-found" && error.details.status === 404;

const tagOf = (ref: ImageRef): string => ref.tag ?? "latest";

/** What a reference is looked up by, its tag before its digest, and the name under which that is kept. */
function leadsTo(ref: ImageRef): { readonly reference: string; readonly what: string } {
  const reference = ref.tag === undefined && ref.digest !== undefined ? ref.digest : tagOf(ref);
  return { reference, what: `manifest ${ref.domain}/${ref.path}@${reference}` };
}

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
