/** What an SBOM says, whoever wrote it and in whichever format. */

export type SbomFormat = "cyclonedx" | "spdx";

export interface Component {
  readonly name: string;
  /** Empty when the SBOM does not say. */
  readonly version: string;
  /** Package URL. */
  readonly purl?: string;
  /** Type of the package URL (`deb`, `npm`, `pypi`), or what the tool calls it. */
  readonly ecosystem: string;
  /** SPDX ids, expressions, or names. */
  readonly licences: readonly string[];
  /** DiffID or digest of the layer that brought it, where the tool says so. */
  readonly layer?: string;
  /** Where in the image it was found. */
  readonly path?: string;
}

export interface Sbom {
  readonly format: SbomFormat;
  /** Version of the format. */
  readonly specVersion: string;
  /** What it describes: an image's name, mostly. */
  readonly subject: string;
  /** The program that wrote it. */
  readonly tool?: string;
  readonly created?: string;
  /** `linux/amd64`, where one text holds the SBOMs of several platforms. */
  readonly platform?: string;
  /** The operating system in the image: `debian 12.5`. It is no package. */
  readonly system?: string;
  readonly components: readonly Component[];
}

/** `pkg:deb/debian/apt@2.6.1?arch=amd64` in its parts; undefined when it is no package URL. */
export function purlParts(purl: string): { readonly type: string; readonly name: string } | undefined {
  const match = /^pkg:\/*([A-Za-z][A-Za-z0-9.+-]*)\/([^?#]+)/.exec(purl);
  if (!match?.[1] || !match[2]) return undefined;
  // A version follows the last at sign; a scope's is encoded, or stands at the beginning.
  const at = match[2].lastIndexOf("@");
  return { type: match[1].toLowerCase(), name: decoded(at > 0 ? match[2].slice(0, at) : match[2]) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** By name, then version, as people read them. */
export const byName = (a: Component, b: Component): number =>
  collator.compare(a.name, b.name) || collator.compare(a.version, b.version);

const collator = new Intl.Collator("en", { numeric: true });
