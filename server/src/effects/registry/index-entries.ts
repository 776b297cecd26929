/** What is in an index: images for platforms, and what BuildKit attests of them. */
import { asObject, asText, type JsonObject, listOf, member } from "./json.ts";

export interface PlatformImage {
  /** `linux/arm64/v8` */
  readonly platform: string;
  readonly digest: string;
}

export interface AttestationManifest {
  readonly digest: string;
  /** Of the image it is about. */
  readonly of: string;
}

const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** Attestations stand in the index as images for `unknown/unknown`. */
export const imagesIn = (index: JsonObject): readonly PlatformImage[] =>
  entriesOf(index).flatMap(({ digest, entry, about }) => {
    const platform = platformOf(asObject(member(entry, "platform")));
    return about === undefined && !platform.startsWith("unknown/") ? [{ platform, digest }] : [];
  });

/** https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
export const attestationsIn = (index: JsonObject): readonly AttestationManifest[] =>
  entriesOf(index).flatMap(({ digest, about }) => (about === undefined ? [] : [{ digest, of: about }]));

/** `about`: set for an attestation, the digest it is about. */
function entriesOf(index: JsonObject) {
  return listOf(member(index, "manifests")).flatMap((each) => {
    const entry = asObject(each);
    const digest = asText(member(entry, "digest")) ?? "";
    if (!DIGEST.test(digest)) return [];
    const annotations = asObject(member(entry, "annotations"));
    const isAttestation = member(annotations, "vnd.docker.reference.type") === "attestation-manifest";
    const about = isAttestation ? (asText(member(annotations, "vnd.docker.reference.digest")) ?? "") : undefined;
    return [{ digest, entry, about }];
  });
}

export const platformOf = (from: JsonObject | undefined): string =>
  [
    asText(member(from, "os")) ?? "unknown",
    asText(member(from, "architecture")) ?? "unknown",
    asText(member(from, "variant")) ?? "",
  ]
    .filter((part) => part !== "")
    .join("/");
