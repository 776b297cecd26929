/** An image as large as wanted, written to disk as an OCI archive with plain layers; what is in it, and what of it is wasted, is known exactly. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { END, sha256, tarEntry } from "./archives.ts";

export interface LargeImage {
  /** Regular files of all layers together. */
  readonly files: number;
  readonly layers: number;
  /** Of content, on average. */
  readonly bytesPerFile: number;
}

export interface Known {
  /** Entries of all layers: files, folders, links, whiteouts. */
  readonly entries: number;
  readonly storedBytes: number;
  readonly removedBytes: number;
  readonly metadataBytes: number;
  readonly replacedBytes: number;
  /** What copies of content that is visible elsewhere take. */
  readonly duplicateBytes: number;
  /** Below /var/lib/apt/lists. */
  readonly listBytes: number;
  /** Of the whole archive on disk. */
  readonly archiveBytes: number;
}

const BLOCK = 512;
const FILES_PER_FOLDER = 40;
/** One file of so many is removed by the layer after it, stored again by it for its mode, or replaced by it. */
const FATES = { removed: 50, metadata: 40, replaced: 61 } as const;
type Fate = keyof typeof FATES;
/** One is a copy of the file before it, one has a second name. */
const COPIED = 45;
const LINKED = 70;
/** Content is taken from here, and made different by a number in front. */
const POOL = Buffer.alloc(4 * 1024 * 1024);
for (let at = 0, value = 1; at < POOL.length; at += 4) {
  value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
  POOL.writeUInt32LE(value, at);
}

interface Planned {
  /** In its layer. */
  readonly at: number;
  readonly path: string;
  readonly size: number;
  /** Of equal number and size, equal content. */
  readonly content: number;
}

type Counts = { -readonly [K in keyof Known]: number };

/** Small files are many, large ones few, as in real images: half of them have less than a fifth of the average. */
function sizeOf(file: number, average: number): number {
  const random = (Math.imul(file + 1, 2_654_435_761) >>> 0) / 2 ** 32;
  return 16 + Math.floor(average * 4.3 * random ** 3.5);
}

const fateOf = (at: number): Fate | undefined =>
  (["removed", "metadata", "replaced"] as const).find((fate) => at % FATES[fate] === 7);
const goes = (at: number): boolean => ["removed", "replaced"].includes(fateOf(at) ?? "");
const isCopy = (at: number): boolean => at % COPIED === 1 && !goes(at) && !goes(at - 1);

function* plannedIn(layer: number, { files, layers, bytesPerFile }: LargeImage): Generator<Planned> {
  const count = Math.floor(files / layers);
  for (let at = 0; at < count; at++) {
    const file = layer * count + at;
    const content = isCopy(at) ? file - 1 : file;
    const folder =
      at < 10 ? `var/lib/apt/lists/${layer}` : `srv/layer${layer}/package-${Math.floor(at / FILES_PER_FOLDER)}/lib`;
    yield { at, path: `${folder}/a-file-of-some-name-${at}.js`, size: sizeOf(content, bytesPerFile), content };
  }
}

/** The same bytes each time it is asked for. */
function* layerPieces(layer: number, image: LargeImage, counts: Counts): Generator<Uint8Array> {
  let folder = "";
  const header = (name: string, size: number, flag: string, link = "", mode = 0o644): Uint8Array => {
    counts.entries++;
    return tarEntry({ name, flag, size, link, mode }).subarray(0, BLOCK);
  };
  function* file({ path, size, content }: Planned, mode = 0o644): Generator<Uint8Array> {
    counts.storedBytes += size;
    yield header(path, size, "0", "", mode);
    const from = (content * 4_099) % (POOL.length - size);
    const bytes = Buffer.from(POOL.subarray(from, from + size));
    bytes.writeUIntBE(content, 0, 6);
    yield bytes;
    if (size % BLOCK > 0) yield Buffer.alloc(BLOCK - (size % BLOCK));
  }
  if (layer > 0)
    for (const planned of plannedIn(layer - 1, image)) {
      const fate = fateOf(planned.at);
      if (fate === undefined) continue;
      counts[`${fate}Bytes`] += planned.size;
      if (fate === "removed") yield header(planned.path.replace(/([^/]+)$/, ".wh.$1"), 0, "0");
      else if (fate === "metadata") yield* file(planned, 0o755);
      else yield* file({ ...planned, content: planned.content + 2 ** 40 });
    }
  for (const planned of plannedIn(layer, image)) {
    const here = planned.path.slice(0, planned.path.lastIndexOf("/"));
    if (here !== folder) yield header(`${here}/`, 0, "5", "", 0o755);
    folder = here;
    yield* file(planned);
    if (planned.path.startsWith("var/lib/apt/lists/")) counts.listBytes += planned.size;
    if (isCopy(planned.at)) counts.duplicateBytes += planned.size;
    if (planned.at % LINKED === 3 && !goes(planned.at)) yield header(`${planned.path}.link`, 0, "1", planned.path);
  }
  yield END;
}

export async function writeLargeImage(path: string, image: LargeImage): Promise<Known> {
  const counts: Counts = {
    entries: 0,
    storedBytes: 0,
    removedBytes: 0,
    metadataBytes: 0,
    replacedBytes: 0,
    duplicateBytes: 0,
    listBytes: 0,
    archiveBytes: 0,
  };
  const ignored = { ...counts };
  const file = await open(path, "w");
  const write = async (pieces: Iterable<Uint8Array>): Promise<void> => {
    for (const bytes of gathered(pieces)) {
      await file.writeFile(bytes);
      counts.archiveBytes += bytes.length;
    }
  };
  try {
    const digests: string[] = [];
    for (let layer = 0; layer < image.layers; layer++) {
      const hash = createHash("sha256");
      let size = 0;
      for (const bytes of gathered(layerPieces(layer, image, ignored))) {
        hash.update(bytes);
        size += bytes.length;
      }
      const digest = hash.digest("hex");
      digests.push(digest);
      await write([tarEntry({ name: `blobs/sha256/${digest}`, size }).subarray(0, BLOCK)]);
      await write(layerPieces(layer, image, counts));
    }
    await write([...documents(digests), END]);
  } finally {
    await file.close();
  }
  return counts;
}

/** Few writes of many pieces. */
function* gathered(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < 1024 * 1024) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  yield Buffer.concat(held);
}

function documents(digests: readonly string[]): readonly Uint8Array[] {
  const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
  const config = json({
    os: "linux",
    architecture: "amd64",
    rootfs: { type: "layers", diff_ids: digests.map((digest) => `sha256:${digest}`) },
  });
  const manifest = json({
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${sha256(config)}` },
    layers: digests.map((digest) => ({ digest: `sha256:${digest}` })),
  });
  return [
    tarEntry({ name: `blobs/sha256/${sha256(config)}`, content: config }),
    tarEntry({ name: `blobs/sha256/${sha256(manifest)}`, content: manifest }),
    tarEntry({ name: "index.json", content: json({ manifests: [{ digest: `sha256:${sha256(manifest)}` }] }) }),
  ];
}
