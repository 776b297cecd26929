/**
 * What a registry has beside an image: signatures, SBOMs, provenance and other attestations. That they are there, who says so and of
 * which digest; nothing is verified, and whoever shows it must say so.
 *
 * Looked for in the index (BuildKit), among the referrers (OCI distribution specification 1.1, with its fallback tag) and under the tags
 * that cosign 1 and 2 write.
 */
import type { Client, RegistryRequest } from "./client.ts";
import type { Documents, Place } from "./documents.ts";
import { attestationsIn, imagesIn } from "./index-entries.ts";
import { asObject, asText, type JsonObject, listOf, member, parseObject } from "./json.ts";
import type { Limits } from "./limits.ts";
import { ACCEPT, OCI_INDEX } from "./manifest.ts";
import { pagesFrom } from "./pages.ts";
import { statusError } from "./status.ts";

export const EVIDENCE_KINDS = ["signature", "sbom", "provenance", "attestation"] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export interface EvidenceItem {
  readonly kind: EvidenceKind;
  /** Media type or type of predicate, as the registry has it. */
  readonly type: string;
  /** Digest of what it is about. */
  readonly of: string;
  /** Where it was found: `index`, `referrers`, or the tag. */
  readonly in: string;
}

/** Presence, not proof. */
export interface Evidence {
  readonly signed: boolean;
  readonly sbom: boolean;
  readonly provenance: boolean;
  readonly items: readonly EvidenceItem[];
}

/** By words in a media type or a type of predicate; the first that fits. What is none of these is no evidence. */
const KINDS: readonly (readonly [EvidenceKind, RegExp])[] = [
  ["sbom", /spdx|cyclonedx|syft|\bsbom\b/i],
  ["provenance", /slsa\.dev|provenance/i],
  ["signature", /cosign\/sign\/|simplesigning|cosign\.artifact\.sig|notary\.signature|message-signature/i],
  ["attestation", /in-toto|dsse|sigstore\.bundle|attestation/i],
];

const COSIGN_TAGS: readonly string[] = ["sig", "att", "sbom"];
/** Statuses of registries that do not know the referrers API; what is there but answers no index does not either. */
const NO_API: ReadonlySet<number> = new Set([400, 404, 405, 406]);
const MOST_ATTESTATIONS = 20;
const MOST_ITEMS = 100;

/** @throws RegistryError, or the signal's reason */
export async function evidenceOf(
  client: Client,
  documents: Documents,
  place: Place,
  digest: string,
  platform: string,
  limits: Limits,
  signal: AbortSignal,
): Promise<readonly EvidenceItem[]> {
  const top = await documents.manifest(place, digest, signal);
  const own = top.isIndex
    ? imagesIn(top.content).find((each) => `${each.platform}/`.startsWith(`${platform}/`))
    : undefined;
  const subjects = [...new Set([top.digest, ...(own ? [own.digest] : [])])];
  const ask = { client, documents, place, limits, signal };
  const found = await Promise.all([
    inIndex(ask, top.isIndex ? top.content : {}),
    ...subjects.flatMap((subject) => [
      amongReferrers(ask, subject),
      ...COSIGN_TAGS.map((suffix) => underTag(ask, subject, `${subject.replace(":", "-")}.${suffix}`)),
    ]),
  ]);
  return found.flat().slice(0, MOST_ITEMS);
}

export function evidenceIn(items: readonly EvidenceItem[]): Evidence {
  const has = (kind: EvidenceKind): boolean => items.some((item) => item.kind === kind);
  return { signed: has("signature"), sbom: has("sbom"), provenance: has("provenance"), items };
}

async function inIndex(ask: Ask, index: JsonObject): Promise<readonly EvidenceItem[]> {
  const attestations = attestationsIn(index).slice(0, MOST_ATTESTATIONS);
  const found = await Promise.all(attestations.map(({ digest, of }) => inManifest(ask, digest, of, "index")));
  return found.flat();
}

/** What a manifest says that it is, else what its layers are. */
async function inManifest(
  { documents, place, signal }: Ask,
  digest: string,
  subject: string,
  where: string,
): Promise<readonly EvidenceItem[]> {
  const { content } = await documents.manifest(place, digest, signal);
  const own = itemsOf(content, subject, where);
  const ofLayers = layersOf(content, subject, where);
  return own.length > 0 && !own.some(isUntold) ? own : ofLayers.length > 0 ? ofLayers : own;
}

interface Ask {
  readonly client: Client;
  readonly documents: Documents;
  readonly place: Place;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

async function amongReferrers(ask: Ask, subject: string): Promise<readonly EvidenceItem[]> {
  const { client, place, limits, signal } = ask;
  const { path, endpoint, image } = place;
  const items: EvidenceItem[] = [];
  const request: RegistryRequest = {
    ...{ method: "GET", path, route: `${path}/referrers/${subject}` },
    ...{ accept: OCI_INDEX, limit: limits.manifestBytes },
  };
  for await (const response of pagesFrom(client, endpoint, request, { most: limits.tagPages }, signal)) {
    const index = response.status === 200 ? parseObject(response.body.toString("utf8")) : undefined;
    const isIndex = (response.headers["content-type"] ?? "").startsWith(OCI_INDEX);
    if (NO_API.has(response.status) || (response.status === 200 && !isIndex)) {
      return underTag(ask, subject, subject.replace(":", "-"));
    }
    if (response.status !== 200) throw statusError(response, `the referrers of ${image}`);
    items.push(...(await referrersIn(ask, index, subject, "referrers")));
    if (items.length >= MOST_ITEMS) break;
  }
  return items;
}

/** A manifest whose layers, or an index whose manifests, are about the subject. */
async function underTag(ask: Ask, subject: string, tag: string): Promise<readonly EvidenceItem[]> {
  const { client, place, limits, signal } = ask;
  const { path, endpoint, image } = place;
  const response = await client(
    endpoint,
    { method: "GET", path, route: `${path}/manifests/${tag}`, accept: ACCEPT, limit: limits.manifestBytes },
    signal,
  );
  if (response.status === 404) return [];
  if (response.status !== 200) throw statusError(response, `the signatures of ${image}`);
  const content = parseObject(response.body.toString("utf8"));
  const where = `tag ${tag}`;
  return [...layersOf(content, subject, where), ...(await referrersIn(ask, content, subject, where))];
}

const layersOf = (content: JsonObject | undefined, subject: string, where: string): readonly EvidenceItem[] =>
  listOf(member(content, "layers"))
    .slice(0, MOST_ITEMS)
    .flatMap((each) => itemsOf(asObject(each), subject, where));

/** Only the kind of envelope is known: what is in it may be anything. */
const isUntold = ({ kind }: EvidenceItem): boolean => kind === "attestation";

const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** A descriptor need not say what it leads to (cosign's in the fallback tag do not); then what it leads to is asked. */
async function referrersIn(
  ask: Ask,
  index: JsonObject | undefined,
  subject: string,
  where: string,
): Promise<readonly EvidenceItem[]> {
  let asked = 0;
  const found = await Promise.all(
    listOf(member(index, "manifests"))
      .slice(0, MOST_ITEMS)
      .map(async (each) => {
        const descriptor = asObject(each);
        const told = itemsOf(descriptor, subject, where);
        const digest = asText(member(descriptor, "digest")) ?? "";
        const isTold = told.length > 0 && !told.some(isUntold);
        if (isTold || !DIGEST.test(digest) || ++asked > MOST_ATTESTATIONS) return told;
        const inside = await inManifest(ask, digest, subject, where);
        return inside.length > 0 ? inside : told;
      }),
  );
  return found.flat();
}

const PREDICATES: readonly string[] = [
  "in-toto.io/predicate-type",
  "dev.sigstore.bundle.predicateType",
  "predicateType",
  "dev.sigstore.bundle.content",
];

/** The type of predicate says more than that of the envelope, which is the same for all. */
function itemsOf(descriptor: JsonObject | undefined, of: string, where: string): readonly EvidenceItem[] {
  const annotations = asObject(member(descriptor, "annotations"));
  const types = [
    ...PREDICATES.map((key) => asText(member(annotations, key))),
    asText(member(descriptor, "artifactType")),
    asText(member(descriptor, "mediaType")),
  ].filter((type) => type !== undefined);
  for (const type of types) {
    const kind = KINDS.find(([, pattern]) => pattern.test(type))?.[0];
    if (kind !== undefined) return [{ kind, type: type.slice(0, 200), of, in: where }];
  }
  return [];
}
