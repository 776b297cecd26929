/** The SHA-256 of each file of a layer. Most files come in one piece, and are hashed without an object for it. */
import { createHash, hash, type Hash } from "node:crypto";
import type { Sink } from "./sink.ts";

/** Of no bytes at all. */
export const EMPTY = hash("sha256", "", "hex");

export interface FileHash extends Sink {
  /** Another file follows, of so many bytes. `prefix` is hashed before them. */
  readonly begin: (size: number, prefix: string | undefined, done: (sha256: string) => void) => void;
}

export function hashingFiles(): FileHash {
  let left = 0;
  let digest: string | undefined;
  let hashed: Hash | undefined;
  let told: ((sha256: string) => void) | undefined;
  return {
    begin(size, prefix, done) {
      left = size;
      digest = undefined;
      hashed = prefix === undefined ? undefined : createHash("sha256").update(prefix);
      told = done;
    },
    write(piece) {
      if (!hashed && piece.length === left) digest = hash("sha256", piece, "hex");
      else (hashed ??= createHash("sha256")).update(piece);
    },
    end: () => told?.(digest ?? hashed?.digest("hex") ?? EMPTY),
    destroy() {},
  };
}
