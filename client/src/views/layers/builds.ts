/** Of each Dockerfile and target the newest image that was read and the one before, which it can be compared with. Pure. */
import type { OpenedImage } from "../../../../server/src/lsp/messages.ts";

export interface Builds {
  /** Gives what nobody needs any more. */
  readonly put: (key: string, image: OpenedImage) => readonly OpenedImage[];
  readonly lastOf: (key: string) => OpenedImage | undefined;
  readonly has: (id: string) => boolean;
  /** Gives all of them. */
  readonly clear: () => readonly OpenedImage[];
}

export function createBuilds(): Builds {
  const last = new Map<string, OpenedImage>();
  const newest = new Map<string, OpenedImage>();
  const all = (): readonly OpenedImage[] => [...last.values(), ...newest.values()];
  return {
    put(key, image) {
      const before = newest.get(key);
      newest.set(key, image);
      if (!before || before.id === image.id) return [];
      // The same image again is no other build.
      if (before.digest === image.digest) return [before];
      const oldest = last.get(key);
      last.set(key, before);
      return oldest ? [oldest] : [];
    },
    lastOf: (key) => last.get(key),
    has: (id) => all().some((each) => each.id === id),
    clear() {
      const gone = all();
      last.clear();
      newest.clear();
      return gone;
    },
  };
}
