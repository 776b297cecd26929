/** An OCI image layout in a folder: its index, and blobs named by their digests. Nothing outside of the folder is read. */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Budget } from "./limits.ts";
import { type KnownLayers, type Parts, readingPart } from "./parts.ts";
import { piecesOf } from "./pieces.ts";
import { pour } from "./sink.ts";

const NAMES = /^(?:index\.json|oci-layout|manifest\.json|blobs\/[a-z0-9]+\/[0-9a-f]+)$/;

export interface LayoutOptions {
  readonly budget: Budget;
  readonly known: KnownLayers;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

export const layoutIn = (folder: string, { budget, known, signal, onBytes }: LayoutOptions): Parts => ({
  async part(name) {
    if (!NAMES.test(name)) return undefined;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (!found?.isFile()) return undefined; // a link might lead out of the folder
    budget.part();
    const { sink, part } = readingPart(name, budget, known, found.size);
    await pour(piecesOf(path), sink, signal, onBytes);
    return part();
  },
});

/** The bytes of all its blobs, for progress. */
export async function sizeOfLayout(folder: string): Promise<number> {
  const blobs = join(folder, "blobs", "sha256");
  const names = await readdir(blobs).catch(() => []);
  let size = 0;
  for (const name of names) size += (await lstat(join(blobs, name)).catch(() => undefined))?.size ?? 0;
  return size;
}
