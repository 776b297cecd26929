/** Images that there are not for a platform somebody asks for, as several rules report them. */
import { hasPlatform, normalPlatform } from "../model/platforms.ts";
import { known, type RuleContext } from "../rule.ts";

/**
 * The message where the registry has the image for other platforms only; undefined where it has it, where nobody knows, and for what is
 * no platform.
 */
export function lackOf(lookup: RuleContext["lookup"], image: string, platform: string): string | undefined {
  const wanted = normalPlatform(platform);
  if (wanted === undefined) return undefined;
  const there = known(lookup({ ask: "platforms", image }))
    ?.split(" ")
    .filter(Boolean);
  if (there === undefined || there.length === 0 || hasPlatform(there, wanted)) return undefined;
  return `There is no ${image} for ${wanted}, only for ${there.join(", ")}`;
}
