/** What is known of an image from its registry: put together from answers of today and from what was said before. */
import { type ImageEvidence, type ImageOverview, readEvidence, readOverview } from "../../model/image-overview.ts";
import { plainPlatform } from "../../model/image-platform.ts";
import type { ImageRef } from "../../model/image-ref.ts";
import { readRecalled } from "../../model/recalled-image.ts";

type Answer = string | { readonly unknown: string };

export type ImageQuestion =
  | { readonly ask: "compressed-size"; readonly image: string; readonly platform: string }
  | { readonly ask: PlainAsk; readonly image: string };
type PlainAsk = "overview" | "evidence" | "digest-today" | "created" | "recalled";

/** What is asked of who knows images; undefined for what is not known yet. */
export type LookAtImage = (question: ImageQuestion) => Answer | undefined;

export interface KnownImage {
  readonly overview?: ImageOverview | undefined;
  readonly evidence?: ImageEvidence | undefined;
  /** What the tag leads to today; the digest itself where there is no tag. */
  readonly today?: { readonly digest: string; readonly created?: string | undefined } | undefined;
  /** Why something could not be found out when it was asked last; a clause without its full stop. */
  readonly failures: readonly string[];
}

/** The part of a reference with tag and digest that ends with its tag; undefined where it lacks one of the two. */
export const taggedPart = ({ text, tagSpan, digestSpan }: ImageRef): string | undefined =>
  tagSpan && digestSpan ? text.slice(0, tagSpan.end) : undefined;

/** Whose failures are of interest: of the others it goes without saying. */
const SHOWN: ReadonlySet<ImageQuestion["ask"]> = new Set(["overview", "evidence", "digest-today"]);

/** What is newer wins: an answer is of these minutes, what was recalled may be of last year. */
export function knownOf(ref: ImageRef, look: LookAtImage): KnownImage {
  const image = ref.text;
  const failures = new Set<string>();
  const told = (ask: PlainAsk, of = image): string | undefined => {
    const answer = look({ ask, image: of });
    if (typeof answer === "object" && SHOWN.has(ask)) failures.add(answer.unknown);
    return typeof answer === "string" ? answer : undefined;
  };
  const recalled = readRecalled(told("recalled") ?? "");
  const overview = readOverview(told("overview") ?? "") ?? recalled.overview;
  const evidence = readEvidence(told("evidence") ?? "") ?? recalled.evidence;
  const tagged = taggedPart(ref);
  const today = told("digest-today", tagged ?? image) ?? recalled.today;
  const isMoved = tagged !== undefined && today !== undefined && today !== ref.digest;
  const created = isMoved ? told("created", `${tagged}@${today}`) : undefined;
  return {
    ...{ overview, evidence, failures: [...failures] },
    ...(today !== undefined && {
      today: { digest: today, created: created ?? (today === recalled.today ? recalled.todayCreated : undefined) },
    }),
  };
}

/** Whether the tag leads to another image than the digest. */
export const isBehind = (ref: ImageRef, { today }: Pick<KnownImage, "today">): boolean =>
  ref.tag !== undefined && ref.digest !== undefined && today !== undefined && today.digest !== ref.digest;

/** Compressed bytes for a platform; undefined where there is none for it, or its size is not known. */
export function bytesFor(ref: ImageRef, platform: string, look: LookAtImage): number | undefined {
  const size = look({ ask: "compressed-size", image: ref.text, platform });
  if (typeof size === "string") return Number(size);
  const { overview } = knownOf(ref, look);
  return overview?.platforms.find((each) => plainPlatform(each.platform) === plainPlatform(platform))?.bytes;
}
