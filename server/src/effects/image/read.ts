/** Reads an image from disk: an OCI layout's folder, an OCI archive or a docker-archive, gone through once with bounded memory. */
import { stat } from "node:fs/promises";
import type { Image } from "../../core/image/image.ts";
import { failureOf } from "../files/failure.ts";
import { noImage, readingArchive } from "./archive.ts";
import { assemble } from "./assemble.ts";
import { ImageError, imageError } from "./error.ts";
import { layoutIn, sizeOfLayout } from "./layout.ts";
import { createBudget, type Limits, LIMITS } from "./limits.ts";
import type { KnownLayers, Parts } from "./parts.ts";
import { piecesOf } from "./pieces.ts";
import { pour } from "./sink.ts";

export interface ReadOptions {
  /** `linux/arm64`; the first image there is by default. */
  readonly platform?: string | undefined;
  /** Stops the reading; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes read and bytes there are. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Layers read before, and where those read now are put. */
  readonly known?: KnownLayers | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** False where the content of each file need not be hashed: nothing is told of duplicates then. */
  readonly hashFiles?: boolean | undefined;
}

/** @throws ImageError which names the path; the signal's reason when that aborted. */
export async function readImage(path: string, options: ReadOptions = {}): Promise<Image> {
  try {
    const image = await assemble(await partsAt(path, options), options.platform);
    if (!image) throw noImage("it holds neither index.json nor manifest.json");
    return image;
  } catch (error) {
    options.signal?.throwIfAborted();
    const ofFile = error instanceof Error && "syscall" in error;
    if (ofFile) throw new ImageError("missing", `${path} ${failureOf(path, error).message}`);
    throw imageError(error).at(path);
  }
}

async function partsAt(
  path: string,
  { signal, known = new Map(), onProgress, limits, hashFiles }: ReadOptions,
): Promise<Parts> {
  const found = await stat(path);
  const budget = createBudget({ ...LIMITS, ...limits }, hashFiles);
  if (found.isDirectory()) {
    const onBytes = counted(await sizeOfLayout(path), onProgress);
    return layoutIn(path, { budget, known, signal, onBytes });
  }
  if (!found.isFile()) throw noImage("it is neither a file nor a folder");
  if (found.size === 0) throw noImage("it is empty");
  const { sink, parts } = readingArchive(budget, known);
  await pour(piecesOf(path), sink, signal, counted(found.size, onProgress));
  return parts;
}

function counted(total: number, onProgress: ReadOptions["onProgress"]): ((count: number) => void) | undefined {
  if (!onProgress) return undefined;
  let done = 0;
  return (count) => onProgress((done += count), total);
}
