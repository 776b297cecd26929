/** What a registry says of an image at a glance, as the answers `overview` and `evidence` are written. */

export interface ImageOverview {
  /** What a pin has: of the index where there is one. */
  readonly digest: string;
  /** Each with its own digest. */
  readonly platforms: readonly PlatformSize[];
  /** ISO 8601, of the image for this machine's platform; undefined where its builder put no time there. */
  readonly created?: string;
  /** Those of the OCI image specification and of Label Schema, values on one line and not longer than two. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface PlatformSize {
  readonly platform: string;
  readonly digest: string;
  /** Of its layers, compressed, as they are downloaded; undefined where there are too many platforms to look at. */
  readonly bytes?: number;
  readonly layers?: number;
}

/** Presence, not proof: nothing was verified, and whoever shows it must say so. */
export interface ImageEvidence {
  readonly signed: boolean;
  readonly sbom: boolean;
  readonly provenance: boolean;
}

/** Undefined for what is no such answer. */
export const readOverview = (answer: string): ImageOverview | undefined => parsed<ImageOverview>(answer, "platforms");
/** Undefined for what is no such answer. */
export const readEvidence = (answer: string): ImageEvidence | undefined => parsed<ImageEvidence>(answer, "signed");

function parsed<T extends object>(answer: string, member: string & keyof T): T | undefined {
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === "object" && value !== null && member in value ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
