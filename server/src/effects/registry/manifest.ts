/** Manifests: the media types there are, and the check that an answer is one whose digest can be pinned. */
import { createHash } from "node:crypto";
import { quote, RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "./json.ts";

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const INDEX_TYPES: readonly string[] = [OCI_INDEX, "application/vnd.docker.distribution.manifest.list.v2+json"];
const IMAGE_TYPES: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const TYPES: readonly string[] = [...INDEX_TYPES, ...IMAGE_TYPES];

/** All four: a registry that misses one converts the manifest, and the digest is another one. */
export const ACCEPT = TYPES.join(", ");

/** What proxies and artefact stores say of a manifest they do not understand; its own `mediaType` counts then. */
const UNTELLING: ReadonlySet<string> = new Set(["", "application/octet-stream", "application/json", "text/plain"]);

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** Whether it stands for an image per platform. */
  readonly isIndex: boolean;
  /** Bytes of the manifest itself; undefined from a registry that does not say. */
  readonly size: number | undefined;
}

/** What the headers of a HEAD say; undefined when they do not say it reliably. */
export function manifestOfHead(response: HttpResponse): Manifest | undefined {
  const digest = digestHeader(response);
  const mediaType = contentType(response);
  if (response.status !== 200 || digest === undefined || !TYPES.includes(mediaType)) return undefined;
  return { digest, mediaType, isIndex: INDEX_TYPES.includes(mediaType), size: lengthOf(response) };
}

/** @throws RegistryError when the body of a GET is no manifest, or not the one its digest says */
export function manifestOfBody(response: HttpResponse): Manifest {
  const { host } = response.url;
  const { body } = response;
  const { content: _content, ...manifest } = manifestOf({ host, mediaType: contentType(response), body });
  const said = digestHeader(response);
  if (said !== undefined && said !== manifest.digest) {
    const message = `${host} sent a manifest with the digest ${manifest.digest} and says it is ${said}; do not use it, report it`;
    throw new RegistryError("digest", message);
  }
  return manifest;
}

/** @throws RegistryError when a body is no manifest */
export function manifestOf(sent: {
  readonly host: string;
  readonly mediaType: string;
  readonly body: Buffer;
}): Manifest & { readonly size: number; readonly content: JsonObject } {
  const { host, body } = sent;
  const declared = typeOf(sent.mediaType);
  const content = parseObject(body.toString("utf8"));
  if (!content) {
    const what = declared === "" ? "something" : quote(declared);
    const message = `${host} sent ${what} that is no image manifest; a proxy or a login page may be in between`;
    throw new RegistryError("protocol", message);
  }
  if (member(content, "schemaVersion") === 1) {
    const message = `${host} has this image in the outdated schema 1 only, whose digest cannot be pinned; push it anew`;
    throw new RegistryError("protocol", message);
  }
  const mediaType = UNTELLING.has(declared) ? (asText(member(content, "mediaType")) ?? "") : declared;
  const isIndex = INDEX_TYPES.includes(mediaType);
  const complete = isIndex ? Array.isArray(member(content, "manifests")) : asObject(member(content, "config"));
  if (member(content, "schemaVersion") !== 2 || !TYPES.includes(mediaType) || !complete) {
    const message = `${host} sent ${quote(mediaType) || "JSON"} that is no image manifest; check that the name is an image's`;
    throw new RegistryError("protocol", message);
  }
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  return { digest, mediaType, isIndex, size: body.length, content };
}

const typeOf = (contentType: string): string => contentType.split(";")[0]?.trim().toLowerCase() ?? "";
const contentType = ({ headers }: HttpResponse): string => typeOf(headers["content-type"] ?? "");

function lengthOf({ headers }: HttpResponse): number | undefined {
  const length = Number(headers["content-length"] ?? Number.NaN);
  return Number.isSafeInteger(length) && length > 0 ? length : undefined;
}

function digestHeader({ headers }: HttpResponse): string | undefined {
  const value = headers["docker-content-digest"];
  return typeof value === "string" && /^sha256:[a-f0-9]{64}$/.test(value) ? value : undefined;
}
