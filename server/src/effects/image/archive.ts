/** An image in one file: what `docker save`, `podman save` and `--output type=oci` write, as it is or compressed as a whole. */
import { ImageError, imageError } from "./error.ts";
import { compressionOf, decompressing, MAGIC_BYTES } from "./compression.ts";
import type { Budget } from "./limits.ts";
import { type KnownLayers, type Part, type Parts, readingPart } from "./parts.ts";
import { type Sink, sniffing } from "./sink.ts";
import { untarring } from "./tar.ts";

/** Links from one file of the archive to another, at most as many as anybody writes in a row. */
const MAX_LINKS = 8;

/** Reads all of the archive as it comes; its parts are known when the sink has ended. */
export function readingArchive(budget: Budget, known: KnownLayers): { readonly sink: Sink; readonly parts: Parts } {
  /** Read when somebody asks for one: what an archive holds besides is not looked into. */
  const parts = new Map<string, () => Part>();
  const links = new Map<string, string>();
  let isTar = false;

  const tar = untarring((header) => {
    isTar = true;
    budget.part();
    if (header.type === "symlink" || header.type === "hardlink") {
      links.set(header.path, linkTarget(header.path, header.type, header.link ?? ""));
      return undefined;
    }
    if (header.type !== "file") return undefined;
    const { sink, part } = readingPart(header.path, budget, known, header.stored);
    return {
      ...sink,
      async end() {
        await sink.end();
        parts.set(header.path, part);
      },
    };
  });
  /** Where not even a first header can be read, the file is none. */
  const orNoTar = async (step: () => void | Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      throw isTar || imageError(error).kind === "unsupported" ? error : noImage("it is no tar archive");
    }
  };
  const inner = sniffing(MAGIC_BYTES, (head) => {
    const compression = compressionOf(head);
    return compression === "none" ? tar : decompressing(compression, counted(tar, budget));
  });
  return {
    sink: {
      write: (chunk) => orNoTar(() => inner.write(chunk)),
      end: () => orNoTar(() => inner.end()),
      destroy: () => inner.destroy(),
    },
    parts: {
      async part(name) {
        let at = name;
        for (let followed = 0; followed < MAX_LINKS && !parts.has(at); followed++) at = links.get(at) ?? at;
        return parts.get(at)?.();
      },
    },
  };
}

/** What an archive compressed as a whole unpacks to counts as what its layers do. */
const counted = (into: Sink, budget: Budget): Sink => ({
  ...into,
  write(chunk) {
    budget.unpacked(chunk.length);
    return into.write(chunk);
  },
});

/** Repeated layers of old archives are links: `../<id>/layer.tar`, from the folder of the link. */
function linkTarget(path: string, type: "symlink" | "hardlink", link: string): string {
  const parts = type === "symlink" ? path.split("/").slice(0, -1) : [];
  for (const part of link.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Said where a file is no image at all. */
export const noImage = (why: string): ImageError =>
  new ImageError(
    "no-image",
    `${why}; name an OCI layout, or an archive as docker save, podman save or --output type=oci write it`,
  );
