/** Bytes → text, with the limits that keep a wrong file from doing harm. */
import { createReadStream, readFileSync, statSync } from "node:fs";
import { failureOf, type FileFailure } from "./failure.ts";

export const MAX_BYTES = 10 * 1024 * 1024;

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export type ReadResult = { readonly text: string } | { readonly failure: FileFailure };

/** The text of a file; a byte order mark stays in it, so that writing it back changes nothing. */
export async function readText(path: string): Promise<ReadResult> {
  try {
    // At once: the way through the thread pool and back takes several times as long as reading a Dockerfile.
    const found = statSync(path);
    if (found.isDirectory()) return { failure: { path, message: "is a folder; name a file in it" } };
    if (found.size > MAX_BYTES) return { failure: tooLarge(path) };
    if (found.isFile()) return textOf(path, readFileSync(path));
    return await decode(path, createReadStream(path)); // a pipe may never end
  } catch (error) {
    return { failure: failureOf(path, error) };
  }
}

/** The same for a stream such as standard input; `name` stands for it in messages. */
export async function decode(name: string, bytes: AsyncIterable<Uint8Array>): Promise<ReadResult> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_BYTES) return { failure: tooLarge(name) };
    chunks.push(chunk);
  }
  return textOf(name, Buffer.concat(chunks));
}

function textOf(path: string, bytes: Buffer): ReadResult {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { failure: { path, message: "is UTF-16 text, which Docker does not read; save it as UTF-8" } };
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    return { failure: { path, message: `is a binary file (NUL at byte ${nul}); name a Dockerfile` } };
  }
  try {
    return { text: UTF_8.decode(bytes) };
  } catch {
    return { failure: { path, message: "is not UTF-8 text; save it as UTF-8" } };
  }
}

const tooLarge = (path: string): FileFailure => ({
  path,
  message: "is larger than 10 MB, which no Dockerfile is; name another file or split it",
});
