/** Answers `{ ask: "distribution" }`: reads os-release(5) out of an image's first layers, from its registry and without any engine. */
import { createHash } from "node:crypto";
import type { Answer } from "../../core/rule.ts";
import { RegistryError } from "../registry/errors.ts";
import type { OpenedRemote, Registry } from "../registry/registry.ts";
import type { Descriptor } from "../registry/remote-image.ts";
import { compressionOf, decompressing, MAGIC_BYTES } from "./compression.ts";
import { ImageError } from "./error.ts";
import { pour, type Sink, sniffing } from "./sink.ts";
import { untarring } from "./tar.ts";

/** A distribution is in the first layer nearly always; what comes later is somebody's software. */
const MAX_LAYERS = 3;
/** Larger ones are no bases of distributions, and nobody waits for them. */
const MAX_BYTES = 256 * 1024 ** 2;
const MAX_TEXT = 16 * 1024;
const PLACES: ReadonlySet<string> = new Set(["etc/os-release", "usr/lib/os-release"]);

/** Rejects only when the signal aborted, with its reason. */
export async function distributionIn(registry: Registry, image: string, signal: AbortSignal): Promise<Answer> {
  try {
    const remote = await registry.open(image, undefined, signal);
    for (const layer of remote.image.layers.slice(0, MAX_LAYERS)) {
      const text = layer.size > MAX_BYTES ? undefined : await osRelease(remote, layer, signal);
      if (text !== undefined)
        return distributionOf(text) ?? { unknown: `${image} is of no distribution that is known here` };
    }
    return { unknown: `${image} does not say which distribution is in it` };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RegistryError || error instanceof ImageError) return { unknown: error.message };
    throw error;
  }
}

async function osRelease(remote: OpenedRemote, layer: Descriptor, signal: AbortSignal): Promise<string | undefined> {
  let found: string | undefined;
  const archive = untarring(({ path, type, stored }) => {
    if (type !== "file" || stored > MAX_TEXT || !PLACES.has(path.replace(/^\/+/, ""))) return undefined;
    const pieces: Uint8Array[] = [];
    return {
      write: (piece) => void pieces.push(Uint8Array.from(piece)),
      end: () => {
        found ??= Buffer.concat(pieces).toString("utf8");
      },
      destroy() {},
    };
  });
  const hash = createHash("sha256");
  const unpacked = sniffing(MAGIC_BYTES, (head) => decompressing(compressionOf(head), archive));
  const checked: Sink = {
    ...unpacked,
    write(piece) {
      hash.update(piece);
      return unpacked.write(piece);
    },
  };
  await pour(remote.bytes(layer, signal), checked, signal);
  if (`sha256:${hash.digest("hex")}` !== layer.digest)
    throw new ImageError("corrupt", `${layer.digest} is not what its digest says`);
  return found;
}

/** Whose repositories are called as they say themselves; derivatives have their own. */
export function distributionOf(text: string): string | undefined {
  const field = (name: string): string => new RegExp(`^${name}=["']?([\\w.-]*)["']?\\s*$`, "m").exec(text)?.[1] ?? "";
  const id = field("ID");
  const codename = field("VERSION_CODENAME");
  if ((id === "debian" || id === "ubuntu") && /^[a-z]+$/.test(codename)) return `${id} ${codename}`;
  const version = /^\d+\.\d+(?=\.\d+$|$)/.exec(field("VERSION_ID"))?.[0];
  return id === "alpine" && version !== undefined ? `alpine v${version}` : undefined;
}
