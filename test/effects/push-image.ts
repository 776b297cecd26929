/** Puts small images into a registry through its HTTP API: blobs, manifests, indexes and tags. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

export interface Pushed {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
}

type Family = "oci" | "docker";

export const TYPES = {
  oci: {
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
    manifest: "application/vnd.oci.image.manifest.v1+json",
    index: "application/vnd.oci.image.index.v1+json",
  },
  docker: {
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
  },
} as const;

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** An image of one empty layer; `label` makes it another image. */
export async function pushImage(
  repository: string,
  tags: readonly string[],
  {
    label,
    architecture = "amd64",
    family = "oci",
    created,
  }: { label: string; architecture?: string; family?: Family; created?: string | undefined },
): Promise<Pushed> {
  const types = TYPES[family];
  const tar = Buffer.alloc(1024);
  const layer = gzipSync(tar);
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: "linux",
      created,
      config: { Labels: { label }, Env: ["PATH=/usr/bin:/bin", `LABEL_NAME=${label}`, "broken"] },
      rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
    }),
  );
  for (const blob of [config, layer]) await pushBlob(repository, blob);
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: digestOf(config), size: config.length },
    layers: [{ mediaType: types.layer, digest: digestOf(layer), size: layer.length }],
  };
  return pushManifest(repository, tags, types.manifest, manifest);
}

/** An image for two platforms under one tag. */
export async function pushIndex(
  repository: string,
  tags: readonly string[],
  { label, family = "oci", created }: { label: string; family?: Family; created?: string },
): Promise<Pushed> {
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const image = await pushImage(repository, [], { label, architecture, family, created });
    manifests.push({ ...image, platform: { os: "linux", architecture } });
  }
  const mediaType = TYPES[family].index;
  return pushManifest(repository, tags, mediaType, { schemaVersion: 2, mediaType, manifests });
}

/** @param repository `host/path` of a registry that anyone may write to */
export async function pushManifest(
  repository: string,
  tags: readonly string[],
  mediaType: string,
  manifest: object,
): Promise<Pushed> {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(bytes);
  for (const reference of [digest, ...tags]) {
    const url = `${apiOf(repository)}/manifests/${reference}`;
    await mustSend(url, { method: "PUT", headers: { "content-type": mediaType }, body: bytes });
  }
  return { digest, mediaType, size: bytes.length };
}

export async function pushBlob(repository: string, bytes: Buffer<ArrayBuffer>): Promise<void> {
  const begun = await mustSend(`${apiOf(repository)}/blobs/uploads/`, { method: "POST" });
  const place = new URL(begun.headers.get("location") ?? "", begun.url);
  place.searchParams.set("digest", digestOf(bytes));
  const headers = { "content-type": "application/octet-stream" };
  await mustSend(place.href, { method: "PUT", headers, body: bytes });
}

function apiOf(repository: string): string {
  const slash = repository.indexOf("/");
  return `http://${repository.slice(0, slash)}/v2/${repository.slice(slash + 1)}`;
}

async function mustSend(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method} ${url}: HTTP ${response.status} ${text}`);
  return response;
}
