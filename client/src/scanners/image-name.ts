/** Image names as text: another tag for one, and what a container image's tag says of its version. */

/** `node:22-alpine@sha256:…` → `node:24-alpine`; a registry's port stays. */
export function withTag(image: string, tag: string): string {
  const name = image.replace(/@.*$/, "");
  return `${name.replace(/:[^:/]*$/, "")}:${tag}`;
}

/** The tag as written; undefined where there is none. */
export const tagOf = (image: string): string | undefined => /:([^:/@]+)(?:@.*)?$/.exec(image.replace(/@.*$/, ""))?.[1];

export const hasDigest = (image: string): boolean => image.includes("@");
