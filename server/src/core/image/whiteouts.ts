/** Whiteouts: names in a layer that say what of the layers below is gone (image-spec, layer.md; AUFS' own marks besides). */
import { folderOf, nameOf } from "./image.ts";

const PREFIX = ".wh.";
const OPAQUE = ".wh..wh..opq";
/** AUFS keeps its own records under these names; they hide nothing. */
const OWN = ".wh..wh.";

export type Whiteout =
  /** All that the layers below have in this folder. */
  | { readonly kind: "opaque"; readonly path: string }
  /** This path, and what is below it. */
  | { readonly kind: "gone"; readonly path: string };

/** What an entry of that path hides; undefined for what is in the image itself. */
export function whiteoutAt(path: string): Whiteout | undefined {
  if (!path.includes(PREFIX)) return undefined; // nearly all: without a string of the name
  const name = nameOf(path);
  if (!name.startsWith(PREFIX)) return undefined;
  const folder = folderOf(path);
  if (name === OPAQUE) return { kind: "opaque", path: folder };
  if (name.startsWith(OWN) || name === PREFIX) return undefined;
  const hidden = name.slice(PREFIX.length);
  return { kind: "gone", path: folder === "" ? hidden : `${folder}/${hidden}` };
}

/** True for all such names, those that hide nothing included: none of them is a file of the image. */
export const isMark = (path: string): boolean => path.includes(PREFIX) && nameOf(path).startsWith(PREFIX);
