/** What is kept on disk of what registries said, as answers: nobody is asked, whatever is missing is left out. */
import { parseImageRef } from "../../core/model/image-ref.ts";
import type { RecalledImage } from "../../core/model/recalled-image.ts";
import type { Finders } from "../answers.ts";
import { RegistryError } from "./errors.ts";
import { shownEvidence, shownOverview } from "./overview-text.ts";
import { createRegistry, type Registry, type RegistryOptions } from "./registry.ts";

/** @param options of the registry that is asked otherwise, so that both have one cache */
export function recallFinders(options: RegistryOptions): Finders {
  // Made anew each time: what it did not find a moment ago may be there now.
  const kept = (): Registry => createRegistry({ ...options, offline: true, log: () => {} });
  return {
    recalled: async ({ image }, { signal }) => JSON.stringify(await recalledImage(kept(), image, signal)),
    "told-by": async ({ image }) => {
      const told = await orNothing(kept().toldBy(image));
      return told ? JSON.stringify(told) : { unknown: `nobody has said anything about ${image}` };
    },
    "recalled-tags": ({ image }, { signal }) => kept().tagsNewestFirst(image, signal),
  };
}

async function recalledImage(registry: Registry, image: string, signal: AbortSignal): Promise<RecalledImage> {
  const parsed = parseImageRef(image);
  if (!parsed.ok) return {};
  const { tagSpan, digestSpan } = parsed.ref;
  const tagged = tagSpan && digestSpan ? image.slice(0, tagSpan.end) : image;
  const [overview, evidence, today, todayCreated] = await Promise.all([
    orNothing(registry.overview(image, signal)),
    orNothing(registry.evidence(image, signal)),
    orNothing(registry.resolveDigest(tagged, signal)),
    registry.created(tagged, signal),
  ]);
  return {
    ...(overview && { overview: shownOverview(overview) }),
    ...(evidence && { evidence: shownEvidence(evidence) }),
    ...(today && { today: today.digest }),
    ...(typeof todayCreated === "string" && { todayCreated }),
  };
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}
