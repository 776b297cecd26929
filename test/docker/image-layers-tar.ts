/** What an image's archive holds as GNU tar reads it: a second opinion that shares nothing with our reader. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { mustRun } from "../../scripts/process.ts";

export interface Listed {
  /** Regular files: their number and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Characters of the targets of symbolic links. */
  readonly linkBytes: number;
  /** All entries. */
  readonly entries: number;
}

/** Of each layer, from the lowest, of an archive that has a `manifest.json`. */
export async function layersByTar(archive: string, folder: string): Promise<readonly Listed[]> {
  const parts = join(folder, "parts");
  await mkdir(parts, { recursive: true });
  await mustRun("tar", ["-xf", archive, "-C", parts], { timeoutMs: 120_000 });
  const [image]: readonly { readonly Layers: readonly string[] }[] = JSON.parse(
    await readFile(join(parts, "manifest.json"), "utf8"),
  );
  const found: Listed[] = [];
  for (const name of image?.Layers ?? []) {
    const file = join(folder, "layer.tar");
    await writeFile(file, unpacked(await readFile(join(parts, name))));
    found.push(await listed(file));
  }
  return found;
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes.readUInt16BE(0) === 0x1f8b) return gunzipSync(bytes);
  return bytes.readUInt32LE(0) === 0xfd2fb528 ? zstdDecompressSync(bytes) : bytes;
}

/** An archive without any entry is none for tar in a pipe, but is in a file. */
export async function listed(file: string): Promise<Listed> {
  const { stdout } = await mustRun("tar", ["-tvf", file, "--numeric-owner", "--quoting-style=escape"], {
    env: { LC_ALL: "C.UTF-8", TZ: "UTC" },
    timeoutMs: 120_000,
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  const sizes = lines.flatMap((line) => /^-\S+ \S+ +(\d+) /.exec(line)?.[1] ?? []).map(Number);
  const links = lines.flatMap((line) => / -> (.*)$/.exec(line.startsWith("l") ? line : "")?.[1] ?? []);
  return {
    files: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    linkBytes: links.reduce((sum, link) => sum + link.length, 0),
    entries: lines.length,
  };
}
