/** The files around an image's layers, as an archive or a folder holds them: JSON documents and layers, told apart by their first bytes. */
import type { Layer } from "../../core/image/image.ts";
import { compressionOf } from "./compression.ts";
import { digesting } from "./digest.ts";
import { ImageError, imageError } from "./error.ts";
import { readingLayer } from "./layer.ts";
import type { Budget } from "./limits.ts";
import { nowhere, type Sink, sniffing, together } from "./sink.ts";
import { BLOCK, isHeader, isMarked, isZeros } from "./tar-header.ts";

export type Part =
  | { readonly kind: "json"; readonly digest: string; readonly value: unknown }
  | { readonly kind: "layer"; readonly layer: Layer }
  /** It is there, and could not be read: an error for whoever needs it. */
  | { readonly kind: "unread"; readonly error: ImageError };

/** Where the parts of an image come from. */
export interface Parts {
  /** Undefined where there is none of that name. */
  readonly part: (name: string) => Promise<Part | undefined>;
}

/** What is known of layers read before: one that is stored in several images is gone through once. */
export type KnownLayers = Map<string, Layer>;

/** Enough to see whether it is a tar header. */
const HEAD = BLOCK;
const BLOB = /(?:^|\/)blobs\/(sha256|sha512)\/([0-9a-f]+)$/;
/** Podman, Buildah and skopeo name the layers of a docker-archive by their digests; others may name them by anything. */
const NAMED_TAR = /(?:^|\/)([0-9a-f]{64})\.tar$/;

/** Takes the bytes of one file and tells what it was; its digest is held against its name where that says one. `expectedBytes` as far as known. */
export function readingPart(
  name: string,
  budget: Budget,
  known: KnownLayers,
  expectedBytes?: number,
): { readonly sink: Sink; readonly part: () => Part } {
  const [, named, expected] = BLOB.exec(name) ?? [];
  const algorithm = named === "sha512" ? "sha512" : "sha256";
  const hash = digesting(algorithm, expectedBytes);
  // A configuration names layers by SHA-256, whatever the layout names its blobs by.
  const other = algorithm === "sha256" ? undefined : digesting("sha256", expectedBytes);
  const hex = expected ?? NAMED_TAR.exec(name)?.[1];
  let spared = false;
  let size = 0;
  let part: Part | undefined;
  let digest = "";
  let sha256 = "";
  let finished: () => Part = () => unread("unsupported", "is neither JSON nor a layer");

  const inner = sniffing(HEAD, (head) => {
    const seen = hex === undefined ? undefined : known.get(`${algorithm}:${hex}`);
    if (seen) {
      // Its digest is still computed: a name proves nothing.
      spared = true;
      finished = () => ({ kind: "layer", layer: seen });
      return nowhere;
    }
    const compression = compressionOf(head);
    if (compression !== "none" || isTar(name, head)) {
      const { sink, result } = readingLayer(compression, budget, expectedBytes);
      finished = () => {
        const read = result();
        const layer: Layer = { ...read, diffId: read.diffId ?? sha256, digest, storedSize: size };
        known.set(digest, layer);
        return { kind: "layer", layer };
      };
      return sink;
    }
    if (!isJson(head)) return nowhere;
    const { sink, value } = readingJson(budget);
    finished = () => {
      const read = value();
      return read instanceof ImageError
        ? { kind: "unread", error: read.at(name) }
        : { kind: "json", digest, value: read };
    };
    return sink;
  });

  const guarded = (error: unknown): void => {
    const failure = imageError(error);
    // A limit of the whole image; anything else is the matter of whoever needs this part.
    if (failure.kind === "too-large") throw failure.at(name);
    part = { kind: "unread", error: failure.at(name) };
    inner.destroy();
  };
  const attempt = (step: () => void | Promise<void>): void | Promise<void> => {
    if (part) return undefined;
    try {
      return step()?.catch(guarded);
    } catch (error) {
      return guarded(error);
    }
  };

  return {
    sink: {
      write(chunk) {
        size += chunk.length;
        return together(
          hash.update(chunk),
          other?.update(chunk),
          attempt(() => inner.write(chunk)),
        );
      },
      async end() {
        const got = await hash.end();
        digest = `${algorithm}:${got}`;
        sha256 = other ? `sha256:${await other.end()}` : digest;
        await attempt(() => inner.end());
        if ((expected !== undefined || spared) && hex !== got)
          part = unread("corrupt", `${name} is damaged: its digest is ${digest}`);
      },
      destroy() {
        hash.destroy();
        other?.destroy();
        inner.destroy();
      },
    },
    part: () => (part ??= finished()),
  };

  function unread(kind: ImageError["kind"], message: string): Part {
    return { kind: "unread", error: new ImageError(kind, message.startsWith(name) ? message : `${name} ${message}`) };
  }
}

const isJson = (head: Uint8Array): boolean => head[0] === 0x7b || head[0] === 0x5b;

function isTar(name: string, head: Uint8Array): boolean {
  if (head.length < HEAD) return false;
  const block = Buffer.from(head.buffer, head.byteOffset, HEAD);
  // An archive without entries is zeros; a broken one may still have its mark or its name.
  return isHeader(block) || isMarked(block) || name.endsWith(".tar") || isZeros(block, 0);
}

function readingJson(budget: Budget): { readonly sink: Sink; readonly value: () => unknown } {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const most = budget.limits.jsonBytes;
  return {
    sink: {
      write(chunk) {
        size += chunk.length;
        if (size > most) {
          chunks.length = 0;
          return;
        }
        budget.json(chunk.length);
        chunks.push(Uint8Array.from(chunk));
      },
      end() {},
      destroy() {
        chunks.length = 0;
      },
    },
    value() {
      if (size > most) return new ImageError("too-large", `a JSON document is larger than ${most} bytes`);
      try {
        return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
      } catch {
        return new ImageError("corrupt", "a JSON document cannot be read");
      }
    },
  };
}
