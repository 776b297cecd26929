/** Index → manifest → configuration and layers: one image out of the parts of an archive or a layout, each checked against its digest. */
import type { Image, Layer, Step } from "../../core/image/image.ts";
import { ImageError } from "./error.ts";
import type { Part, Parts } from "./parts.ts";

/** Indices that point at indices: containerd's archives have two. */
const MAX_DEPTH = 4;

/** Of a JSON document, nothing of which can be relied on. */
type Fields = Readonly<Record<string, unknown>>;

/** `platform` as `linux/arm64`; the first image there is when it is not given. Undefined when there is no image at all. */
export async function assemble(parts: Parts, platform: string | undefined): Promise<Image | undefined> {
  const index = await optionalJson(parts, "index.json");
  if (index) return ofLayout(parts, index, platform);
  const manifest = await optionalJson(parts, "manifest.json");
  return manifest ? ofDockerArchive(parts, manifest, platform) : undefined;
}

interface Candidate {
  readonly digest: string;
  readonly manifest: Fields;
  readonly names: readonly string[];
  readonly platform: string | undefined;
}

async function ofLayout(parts: Parts, index: unknown, platform: string | undefined): Promise<Image> {
  const found: Candidate[] = [];
  await collect(parts, fieldsOf(index), { names: [], depth: 0, seen: new Set() }, found);
  const images = found.filter(({ manifest }) => isImage(manifest));
  const chosen = platform === undefined ? images[0] : images.find((image) => fits(image.platform, platform));
  if (!chosen) {
    const there = images.map((image) => image.platform ?? "one that does not say").join(", ");
    throw new ImageError(
      "no-image",
      images.length === 0 ? "its index names no image" : `it has no image for ${platform}; it has ${there}`,
    );
  }
  const config = fieldsOf(chosen.manifest["config"]);
  const layers = listOf(chosen.manifest["layers"]).map(fieldsOf);
  const configDigest = textOf(config?.["digest"]);
  return imageOf(parts, {
    digest: chosen.digest,
    names: chosen.names,
    configName: blobName(configDigest),
    configDigest,
    layerNames: layers.map((layer) => {
      const media = textOf(layer?.["mediaType"]);
      if (media?.includes("encrypted")) throw new ImageError("unsupported", "its layers are encrypted");
      return blobName(textOf(layer?.["digest"]));
    }),
  });
}

interface Way {
  readonly names: readonly string[];
  readonly depth: number;
  /** Manifests and indices looked at. */
  readonly seen: Set<string>;
}

/** The manifests an index leads to, attestations left out. */
async function collect(parts: Parts, index: Fields | undefined, way: Way, into: Candidate[]): Promise<void> {
  const { names, depth, seen } = way;
  for (const descriptor of listOf(index?.["manifests"]).map(fieldsOf)) {
    const annotations = fieldsOf(descriptor?.["annotations"]);
    if (annotations?.["vnd.docker.reference.type"] === "attestation-manifest") continue;
    const digest = textOf(descriptor?.["digest"]);
    if (digest === undefined || seen.has(digest)) continue;
    seen.add(digest);
    const document = fieldsOf(await optionalJson(parts, blobName(digest)));
    if (!document) continue; // `docker save` of one platform keeps the index of all of them
    const own = [annotations?.["io.containerd.image.name"], annotations?.["org.opencontainers.image.ref.name"]];
    const named = [...names, ...own.flatMap((name) => textOf(name) ?? [])];
    if (Array.isArray(document["manifests"])) {
      if (depth < MAX_DEPTH) await collect(parts, document, { names: named, depth: depth + 1, seen }, into);
    } else {
      const platform = platformOf(fieldsOf(descriptor?.["platform"])) ?? (await platformOfConfig(parts, document));
      into.push({ digest, manifest: document, names: [...new Set(named)], platform });
    }
  }
}

async function platformOfConfig(parts: Parts, manifest: Fields): Promise<string | undefined> {
  const digest = textOf(fieldsOf(manifest["config"])?.["digest"]);
  return platformOf(fieldsOf(await optionalJson(parts, blobName(digest))));
}

/** Charts, SBOMs and signatures have manifests too. */
const isImage = (manifest: Fields): boolean =>
  /image\.(?:config\.)?v1\+json$/.test(textOf(fieldsOf(manifest["config"])?.["mediaType"]) ?? "");

/** Written `linux/arm/v7`; arm64 means its variant v8 as well. */
const fits = (has: string | undefined, wanted: string): boolean => has !== undefined && plain(has) === plain(wanted);
const plain = (platform: string): string => platform.replace(/^(.*\/arm64)\/v8$/, "$1");

function platformOf(fields: Fields | undefined): string | undefined {
  const [os, architecture, variant] = [fields?.["os"], fields?.["architecture"], fields?.["variant"]].map(textOf);
  if (!os || !architecture || os === "unknown") return undefined;
  return [os, architecture, ...(variant ? [variant] : [])].join("/");
}

async function ofDockerArchive(parts: Parts, manifest: unknown, platform: string | undefined): Promise<Image> {
  const entries = listOf(manifest).map(fieldsOf);
  for (const entry of entries) {
    const configName = textOf(entry?.["Config"]);
    if (configName === undefined) continue;
    const config = fieldsOf(await optionalJson(parts, configName));
    if (platform !== undefined && !fits(platformOf(config), platform)) continue;
    return imageOf(parts, {
      digest: undefined,
      names: stringsOf(entry?.["RepoTags"]),
      configName,
      configDigest: undefined,
      layerNames: stringsOf(entry?.["Layers"]),
    });
  }
  throw new ImageError("no-image", `its manifest.json names no image${platform ? ` for ${platform}` : ""}`);
}

interface Named {
  readonly digest: string | undefined;
  readonly names: readonly string[];
  readonly configName: string;
  readonly configDigest: string | undefined;
  readonly layerNames: readonly string[];
}

async function imageOf(parts: Parts, named: Named): Promise<Image> {
  const { value, digest } = await needed(parts, named.configName, "json");
  const config = fieldsOf(value);
  const diffIds = stringsOf(fieldsOf(config?.["rootfs"])?.["diff_ids"]);
  if (!config || !Array.isArray(fieldsOf(config["rootfs"])?.["diff_ids"]))
    throw new ImageError("no-image", "its configuration has no layers, so it is no container image");
  if (diffIds.length !== named.layerNames.length)
    throw new ImageError(
      "corrupt",
      `its manifest names ${named.layerNames.length} layers and its configuration ${diffIds.length}`,
    );
  const layers: Layer[] = [];
  for (const [at, name] of named.layerNames.entries()) {
    const { layer } = await needed(parts, name, "layer");
    if (layer.diffId !== diffIds[at])
      throw new ImageError(
        "corrupt",
        `${name} is not the layer its configuration names: ${layer.diffId} and ${diffIds[at]}`,
      );
    layers.push(layer);
  }
  return {
    digest: named.digest,
    configDigest: named.configDigest ?? digest,
    platform: platformOf(config),
    names: named.names,
    layers,
    history: listOf(config["history"]).map(stepOf),
    config,
  };
}

export function stepOf(value: unknown): Step {
  const fields = fieldsOf(value);
  return {
    createdBy: textOf(fields?.["created_by"]) ?? "",
    created: textOf(fields?.["created"]),
    comment: textOf(fields?.["comment"]),
    empty: fields?.["empty_layer"] === true,
  };
}

async function needed<K extends "json" | "layer">(
  parts: Parts,
  name: string,
  kind: K,
): Promise<Extract<Part, { kind: K }>> {
  const part = await parts.part(name);
  if (!part) throw new ImageError("corrupt", `${name} is missing`);
  if (part.kind === "unread") throw part.error;
  if (!isOf(part, kind))
    throw new ImageError("corrupt", `${name} is not a ${kind === "json" ? "JSON document" : kind}`);
  return part;
}

const isOf = <K extends Part["kind"]>(part: Part, kind: K): part is Extract<Part, { kind: K }> => part.kind === kind;

async function optionalJson(parts: Parts, name: string): Promise<unknown> {
  const part = await parts.part(name);
  if (part?.kind === "unread") throw part.error;
  return part?.kind === "json" ? part.value : undefined;
}

const blobName = (digest: string | undefined): string => `blobs/${(digest ?? "").replace(":", "/")}`;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const stringsOf = (value: unknown): readonly string[] => listOf(value).filter((each) => typeof each === "string");
