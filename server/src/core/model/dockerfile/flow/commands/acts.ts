/** What many programs do, and how tables put it. */
import type { Act, Call, Outcome } from "../call.ts";
import type { Place, Places } from "../place.ts";

export const NOTHING: Act = { does: "nothing" };
export const quiet: Outcome = { does: "nothing", reads: [], writes: [] };

/** The project's own scripts decide: they usually work within its folder. */
export const TREE: Act = { does: "build", reads: "./**", writes: "./**", usual: true };

export const cleans = (writes: string): Act => ({ does: "cleanup", writes });

export const plus = (places: readonly Place[], more: Places): Places =>
  more === "anything" ? more : [...places, ...more];

/** A variable's value where it is known and not empty. */
export const stringOf = (call: Call, name: string): string | undefined => {
  const value = call.around.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
};
