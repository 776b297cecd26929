/** A reference in two parts for narrow places: what tells an image apart, then where it is. */

/** `ghcr.io/team/app:1` → `app:1` and `ghcr.io/team`; a digest is told apart by its beginning. */
export function shortImage(image: string): readonly [name: string, where: string] {
  const slash = image.replace(/@.*$/, "").lastIndexOf("/");
  const name = image.slice(slash + 1).replace(/@(sha256:[0-9a-f]{12})[0-9a-f]+/, "@$1");
  return [name, image.slice(0, Math.max(0, slash))];
}
