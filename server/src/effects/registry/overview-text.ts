/** What is found out about an image as a whole, written as answers. */
import type { ImageEvidence, ImageOverview } from "../../core/model/image-overview.ts";
import { quote } from "./errors.ts";
import type { Evidence } from "./evidence.ts";
import type { Overview } from "./overview.ts";

/** https://specs.opencontainers.org/image-spec/annotations/ and what was before it. */
const LABEL = /^org\.(?:opencontainers\.image|label-schema)\.[a-z.-]{1,40}$/;

export const overviewText = (overview: Overview): string => JSON.stringify(shownOverview(overview));
export const evidenceText = (evidence: Evidence): string => JSON.stringify(shownEvidence(evidence));

/** As far as it is of interest, and may be shown. */
export function shownOverview({ digest, platforms, created, labels }: Overview): ImageOverview {
  const shown = [...labels].flatMap(([key, value]) => (LABEL.test(key) ? [[key, quote(value)] as const] : []));
  return {
    digest,
    platforms: platforms.map(({ platform, digest: own, bytes, layers }) => ({
      ...{ platform: quote(platform), digest: own },
      ...(bytes !== undefined && { bytes }),
      ...(layers !== undefined && { layers }),
    })),
    ...(created !== undefined && { created }),
    labels: Object.fromEntries(shown),
  };
}

export const shownEvidence = ({ signed, sbom, provenance }: Evidence): ImageEvidence => ({ signed, sbom, provenance });
