/** Puts images with files into a registry, a layer for each set of files, with the history a builder would have written. */
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { digestOf, pushBlob, pushManifest, type Pushed, TYPES } from "./push-image.ts";

export interface Layer {
  readonly createdBy: string;
  /** Texts by path; without any, the instruction made no layer. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function pushFiles(repository: string, tag: string, layers: readonly Layer[]): Promise<Pushed> {
  const types = TYPES.oci;
  const tars = await Promise.all(layers.flatMap(({ files }) => (files ? [tarOf(files)] : [])));
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Cmd: ["/app"] },
      rootfs: { type: "layers", diff_ids: tars.map(digestOf) },
      history: layers.map(({ createdBy, files }) => ({ created_by: createdBy, ...(!files && { empty_layer: true }) })),
    }),
  );
  const blobs = tars.map((tar) => gzipSync(tar));
  for (const blob of [config, ...blobs]) await pushBlob(repository, blob);
  return pushManifest(repository, [tag], types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: digestOf(config), size: config.length },
    layers: blobs.map((blob) => ({ mediaType: types.layer, digest: digestOf(blob), size: blob.length })),
  });
}

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer<ArrayBuffer>> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  return Buffer.from(await buffer(archive));
}
