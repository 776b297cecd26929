/** Small notes behind image references: that a digest is behind its tag, and how much is downloaded. From what is known, asking nobody. */
import { digestEdit } from "../../model/image-ref.ts";
import { bytesText } from "../../text/bytes.ts";
import type { Edit } from "../../text/edit.ts";
import { bytesFor, isBehind, knownOf, type LookAtImage } from "./facts.ts";
import { shortDigest } from "./hover.ts";
import type { NamedPlace } from "./places.ts";

export interface ImageHint {
  readonly at: number;
  readonly kind: "behind" | "size";
  readonly label: string;
  /** Plain text. */
  readonly about: string;
  /** What takes the note's reason away. */
  readonly edit?: Edit | undefined;
}

export interface HintSetting {
  readonly look: LookAtImage;
  /** This machine's: `linux/amd64`. */
  readonly ownPlatform: string;
  readonly behind: boolean;
  /** Whether the size is shown at a place. */
  readonly size: (place: NamedPlace) => boolean;
}

export function imageHints(places: readonly NamedPlace[], setting: HintSetting): readonly ImageHint[] {
  return places.flatMap((place) => {
    const { ref, span, platform = setting.ownPlatform } = place;
    const known = knownOf(ref, setting.look);
    const hints: ImageHint[] = [];
    if (setting.behind && known.today && isBehind(ref, known))
      hints.push({
        ...{ at: span.end, kind: "behind", label: "digest is behind its tag" },
        about: `${ref.tag} is ${shortDigest(known.today.digest)} today`,
        ...(place.at !== undefined && { edit: digestEdit(ref, known.today.digest, place.at) }),
      });
    const bytes = setting.size(place) ? bytesFor(ref, platform, setting.look) : undefined;
    if (bytes !== undefined)
      hints.push({
        ...{ at: span.end, kind: "size", label: bytesText(bytes) },
        about: `Compressed, for ${platform}: what is downloaded where no layer is there yet`,
      });
    return hints;
  });
}
