/** Pinned images whose tag points at another digest today, as the rules for Dockerfiles and compose files report them. */
import type { Document } from "../model/document.ts";
import { known, type Report, type RuleContext, unsafeFix } from "../rule.ts";
import { digestOfDay, updateTitle } from "./digest-titles.ts";
import { type PinnedImage, pinnedImages } from "./pinned-images.ts";

export function reportStaleDigests(
  document: Document,
  { lookup, report }: Pick<RuleContext, "lookup" | "report">,
): void {
  for (const image of pinnedImages(document, lookup)) {
    const today = known(lookup({ ask: "digest-today", image: image.tagged }));
    if (today !== undefined && today !== image.digest) report(image.span, staleness(image, today, lookup));
  }
}

function staleness({ tagged, digest, withDigest }: PinnedImage, today: string, lookup: RuleContext["lookup"]): Report {
  const change = withDigest(today);
  // Who pins what one machine pulled has the image of one platform, and the tag may not have moved at all.
  const own = platformWith(known(lookup({ ask: "platform-digests", image: `${tagged}@${today}` })), digest);
  if (own !== undefined)
    return {
      message: `The digest is that of ${tagged} for ${own} alone: other platforms cannot be built`,
      severity: "hint",
      profile: "strict",
      ...("refusal" in change
        ? change
        : { fixes: [unsafeFix(`Pin ${tagged} for all its platforms`, ...change.edits)] }),
    };
  const created = (of: string): string | undefined => known(lookup({ ask: "created", image: `${tagged}@${of}` }));
  const move = {
    ...{ tagged, from: digest, to: today },
    ...{ fromCreated: created(digest), toCreated: created(today) },
  };
  return {
    message: `${tagged} points at ${digestOfDay(today, move.toCreated)} today, no longer at ${digestOfDay(digest, move.fromCreated)}`,
    ...("refusal" in change ? change : { fixes: [unsafeFix(updateTitle(move), ...change.edits)] }),
  };
}

const platformWith = (images: string | undefined, digest: string): string | undefined =>
  images
    ?.split(" ")
    .find((each) => each.endsWith(`@${digest}`))
    ?.replace(/@.*$/, "");
