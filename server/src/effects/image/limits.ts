/** What is read of one image at most, so that a hostile archive costs bounded memory. Far above what real images hold. */
import { ImageError } from "./error.ts";

export interface Limits {
  /** Headers in all layers together. */
  readonly entries: number;
  /** Characters of all their paths, link targets and extended attributes together. */
  readonly pathCharacters: number;
  /** Uncompressed bytes of all layers together. */
  readonly unpackedBytes: number;
  /** Bytes of one JSON document: a manifest, a configuration. Larger ones are passed over until somebody needs them. */
  readonly jsonBytes: number;
  /** Bytes of all of them together. */
  readonly allJsonBytes: number;
  /** Files in the archive around the layers. */
  readonly parts: number;
  /** Bytes of the small files that are kept because they say what is installed: beyond it none is. */
  readonly textBytes: number;
}

export const LIMITS: Limits = {
  entries: 1_500_000,
  pathCharacters: 200_000_000,
  unpackedBytes: 64 * 1024 ** 3,
  jsonBytes: 8 * 1024 ** 2,
  allJsonBytes: 64 * 1024 ** 2,
  parts: 50_000,
  textBytes: 32 * 1024 ** 2,
};

/** Counts what is used of the limits; throws where one is passed. */
export interface Budget {
  readonly limits: Limits;
  /** Whether the content of each file is hashed: comparing and finding duplicates needs it, sizes do not. */
  readonly hashFiles: boolean;
  readonly entry: (characters: number) => void;
  readonly unpacked: (bytes: number) => void;
  readonly json: (bytes: number) => void;
  readonly part: () => void;
  /** Whether there is room for one of the small files that are kept. */
  readonly hasRoom: (bytes: number) => boolean;
}

export function createBudget(limits: Limits, hashFiles = true): Budget {
  let [entries, characters, unpacked, json, parts, texts] = [0, 0, 0, 0, 0, 0];
  const check = (used: number, most: number, what: string): void => {
    if (used > most) throw new ImageError("too-large", `more than ${most} ${what}, which is not read any further`);
  };
  return {
    limits,
    hashFiles,
    entry(count) {
      check(++entries, limits.entries, "files in the layers");
      check((characters += count), limits.pathCharacters, "characters in the names of files");
    },
    unpacked: (bytes) => check((unpacked += bytes), limits.unpackedBytes, "uncompressed bytes in the layers"),
    json: (bytes) => check((json += bytes), limits.allJsonBytes, "bytes of JSON"),
    part: () => check(++parts, limits.parts, "files around the layers"),
    hasRoom(bytes) {
      if (texts + bytes > limits.textBytes) return false;
      texts += bytes;
      return true;
    },
  };
}
