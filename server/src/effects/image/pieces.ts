/** A file piece by piece, in two buffers by turns: one is filled while the other is worked through. */
import { open } from "node:fs/promises";

const PIECE = 1024 * 1024;

/** Each piece is good until the next one is asked for. */
export async function* piecesOf(path: string): AsyncGenerator<Uint8Array, void> {
  const file = await open(path);
  let waiting = file.read(Buffer.allocUnsafeSlow(PIECE), 0, PIECE);
  let other = Buffer.allocUnsafeSlow(PIECE);
  try {
    for (;;) {
      const { bytesRead, buffer } = await waiting;
      if (bytesRead === 0) return;
      waiting = file.read(other, 0, PIECE);
      yield buffer.subarray(0, bytesRead);
      other = buffer;
    }
  } finally {
    await waiting.catch(() => undefined); // it writes into a buffer until then
    await file.close();
  }
}
