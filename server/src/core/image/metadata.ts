/** Whether two entries of one path are the same file for whoever uses the image: a time that differs does not count. */
import type { Entry } from "./image.ts";

export function sameFile(a: Entry, b: Entry): boolean {
  // Which of several names of one content is the link is up to who packs them.
  const linked = a.type === "hardlink" || b.type === "hardlink";
  const sameContent = a.type === b.type && a.link === b.link && a.size === b.size && a.sha256 === b.sha256;
  return (
    (linked || sameContent) &&
    (a.type === "symlink" || a.mode === b.mode) &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.device === b.device &&
    a.attributes === b.attributes
  );
}
