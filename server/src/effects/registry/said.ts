/** Reading what the cache has: of the form it was written in, or not believed. */
import type { Said } from "./cache.ts";
import { EVIDENCE_KINDS, type Evidence, evidenceIn } from "./evidence.ts";
import { asObject, asText, listOf, member } from "./json.ts";
import type { Manifest } from "./manifest.ts";

const DIGEST = /^sha256:[a-f0-9]{64}$/;

export function manifestSaid(said: Said | undefined): Manifest | undefined {
  const digest = asText(member(said?.value, "digest")) ?? "";
  const mediaType = asText(member(said?.value, "mediaType"));
  const isIndex = member(said?.value, "isIndex");
  const size = member(said?.value, "size");
  if (!DIGEST.test(digest) || mediaType === undefined || typeof isIndex !== "boolean") return undefined;
  return { digest, mediaType, isIndex, size: typeof size === "number" ? size : undefined };
}

export function evidenceSaid(said: Said | undefined): Evidence | undefined {
  const items = member(said?.value, "items");
  if (!Array.isArray(items)) return undefined;
  return evidenceIn(
    listOf(items).flatMap((each) => {
      const item = asObject(each);
      const kind = EVIDENCE_KINDS.find((known) => known === member(item, "kind"));
      const [type, of, where] = ["type", "of", "in"].map((key) => asText(member(item, key)));
      return kind && type !== undefined && of !== undefined && where !== undefined
        ? [{ kind, type, of, in: where }]
        : [];
    }),
  );
}

/** For asking whether it is still so; undefined where the host gave nothing to ask by. */
export const saidOf = <T extends object>(said: Said | undefined, value: T): (T & Asking) | undefined =>
  said?.host === undefined || said.etag === undefined ? undefined : { ...value, host: said.host, etag: said.etag };

interface Asking {
  readonly host: string;
  readonly etag: string;
}
