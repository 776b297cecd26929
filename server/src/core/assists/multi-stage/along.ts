/** What commands fetched, made or changed, and how it comes to the last stage: copied with a folder, by itself, or not at all. */
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import { covers, everythingBelow, files, folderOf, placeText } from "../../model/dockerfile/flow/place.ts";
import type { Carried, Split } from "./recipe.ts";
import type { Refused } from "./sided.ts";
import { commandText, placesText } from "./told.ts";

/** It changes only files that are copied afterwards, as they are then; their owner is not copied. */
export const comesAlong = ({ effect: { command, writes } }: Answer, { carried }: Split): boolean =>
  command?.name !== "chown" &&
  writes !== "anything" &&
  writes.length > 0 &&
  writes.every(
    (place) =>
      place.kind === "files" &&
      carried.some(({ from, folder }) => covers(files(folder ? everythingBelow(from) : from), place)),
  );

/** A program or a library that is put where programs are found, and that nothing of the build reads. */
export const isTool = ({ effect, why }: Answer): boolean =>
  /^(?:nothing that runs needs it|(?:chmod|chown|ln|ls|sha256sum) reads it)$/.test(why) &&
  /^(?:curl|wget|tar|unzip|cp|mv|install|ln)$/.test(effect.command?.name ?? "") &&
  effect.writes !== "anything" &&
  effect.writes.some((place) => place.kind === "files" && TOOLS.test(place.pattern));
const TOOLS = /^\/(?:opt|usr\/local\/(?:s?bin|lib|share)|usr\/s?bin|s?bin)\//;

/** What the application starts by its name nobody sees: it comes along. */
export function tool({ effect }: Answer, carried: Carried[]): "build" | Refused {
  const writes = effect.writes === "anything" ? [] : effect.writes;
  for (const place of writes) {
    if (place.kind !== "files" || !TOOLS.test(place.pattern)) continue;
    const folder = folderOf(place.pattern);
    const to = folder ?? place.pattern;
    if (to.includes("*") || /^\/(?:usr\/)?(?:local\/)?(?:s?bin|lib|share)$/.test(to))
      return {
        refused: `${commandText(effect.command)} writes ${placeText(place)}, and it is not known what of it the application starts`,
      };
    carried.push({ from: to, to, folder: folder !== undefined, at: effect.instruction });
  }
  return "build";
}

/** Single files that were fetched come along as they are. */
export function download({ effect, places }: Answer, carried: Carried[]): "build" | Refused {
  const single = places.flatMap((place) =>
    place.kind === "files" && place.realm === "image" && !place.pattern.includes("*") ? [place.pattern] : [],
  );
  if (single.length === 0 || single.length < places.length)
    return {
      refused: `${commandText(effect.command)} fetches ${placesText(places)}, and it is not known what of it runs`,
    };
  carried.push(...single.map((path) => ({ from: path, to: path, folder: false, at: effect.instruction })));
  return "build";
}
