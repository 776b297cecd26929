/** Which of the options an engine has no word for: said before the build, so that nobody wonders. */
import type { BuildOptions } from "../build/options.ts";

interface Missing {
  readonly severalPlatforms?: true;
  readonly secrets?: true;
  readonly ssh?: true;
  readonly cacheTo?: true;
  readonly attestations?: true;
  readonly output?: true;
  readonly sourceDateEpoch?: true;
  readonly builder?: true;
  /** True of a cache it cannot read. */
  readonly cacheFrom?: (cache: string) => boolean;
  readonly cacheToOf?: (cache: string) => boolean;
}

export function lacking(options: BuildOptions, missing: Missing): readonly string[] {
  const { cacheFrom, cacheToOf } = missing;
  const found: readonly (readonly [unknown, string])[] = [
    [missing.severalPlatforms && (options.platforms?.length ?? 0) > 1, "more than one platform"],
    [missing.secrets && options.secrets?.length, "secrets"],
    [missing.ssh && options.ssh?.length, "SSH agents"],
    [missing.cacheTo && options.cacheTo?.length, "writing a cache"],
    [cacheToOf && options.cacheTo?.some(cacheToOf), "writing this kind of cache"],
    [cacheFrom && options.cacheFrom?.some(cacheFrom), "reading this kind of cache"],
    [missing.attestations && options.provenance !== undefined && options.provenance !== "off", "provenance"],
    [missing.attestations && options.sbom, "SBOM attestations"],
    [missing.output && options.output !== undefined, "outputs"],
    [missing.sourceDateEpoch && options.sourceDateEpoch !== undefined, "SOURCE_DATE_EPOCH"],
    [missing.builder && options.builder !== undefined, "builders to choose from"],
  ];
  return found.flatMap(([is, name]) => (is ? [name] : []));
}
