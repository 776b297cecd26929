/** Runs in a thread of its own: hashes what lies in the memory it shares with digest.ts. */
import { createHash, type Hash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { FromDigests, ToDigests } from "./digest-messages.ts";

const memory: unknown = workerData;
if (!parentPort || !(memory instanceof SharedArrayBuffer)) throw new Error("this is started by digest.ts");
const port = parentPort;
const hashes = new Map<number, Hash>();

port.on("message", (message: ToDigests) => {
  if (message.does === "begin") {
    hashes.set(message.id, createHash(message.algorithm));
  } else if (message.does === "bytes") {
    const { id, slot, at, length } = message;
    hashes.get(id)?.update(Buffer.from(memory, at, length));
    port.postMessage({ slot } satisfies FromDigests);
  } else {
    const { id } = message;
    if (message.does === "end")
      port.postMessage({ id, hex: hashes.get(id)?.digest("hex") ?? "" } satisfies FromDigests);
    hashes.delete(id);
  }
});
