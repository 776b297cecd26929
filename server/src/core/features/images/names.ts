/** Names of images to choose from: those of this file, of other open ones, and those that are known well. */
import { COMMON_IMAGES } from "../compose/common-images.ts";

export interface OfferedName {
  /** With its tag and digest where it is one that is in use. */
  readonly name: string;
  readonly detail: string;
}

/**
 * @param here references of this file, in its order
 * @param elsewhere those of other open files
 */
export function offeredNames(here: readonly string[], elsewhere: readonly string[]): readonly OfferedName[] {
  const offered = new Map<string, string>();
  const add = (names: readonly string[], detail: string): void => {
    for (const name of names) if (!offered.has(name)) offered.set(name, detail);
  };
  add(here, "used in this file");
  add(elsewhere, "used in an open file");
  const bare = new Set([...offered.keys()].map(withoutTag));
  for (const [name, detail] of Object.entries(COMMON_IMAGES)) if (!bare.has(name)) offered.set(name, detail);
  return [...offered].map(([name, detail]) => ({ name, detail }));
}

/** The colon of a registry's port has a slash behind it. */
const withoutTag = (image: string): string => image.replace(/@.*$/, "").replace(/:[^/]*$/, "");
