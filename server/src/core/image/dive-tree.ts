/** The tree dive stacks its layers into, as much of it as its numbers need: sizes, and what is a folder. */
import type { Entry } from "./image.ts";

export interface DivePath {
  /** A whiteout's is the one it hides. */
  readonly path: string;
  readonly gone: boolean;
  readonly entry: Entry;
}
/** By the names its archive has. */
export type DiveLayer = ReadonlyMap<string, DivePath>;

interface Node {
  size: number;
  isFolder: boolean;
  children: Map<string, Node> | undefined;
}

interface Stack {
  /** Lays a layer over those before. */
  readonly stack: (layer: DiveLayer) => void;
  /** Of all files in a folder; 0 for what is none. */
  readonly folderSize: (path: string) => number;
}

/** More than any image has: a hostile one could name folders without end. */
const MAX_NODES = 3_000_000;

const newNode = (): Node => ({ size: 0, isFolder: false, children: undefined });

export function treeSizes(): Stack {
  const root = newNode();
  let nodes = 0;
  const find = (path: string): Node | undefined => {
    let at: Node | undefined = root;
    for (const part of path.split("/")) at = at?.children?.get(part);
    return at;
  };
  const make = (path: string): Node | undefined => {
    let at = root;
    for (const part of path.split("/")) {
      const children = (at.children ??= new Map());
      let next = children.get(part);
      if (!next) {
        if (++nodes > MAX_NODES) return undefined;
        children.set(part, (next = newNode()));
      }
      at = next;
    }
    return at;
  };
  const remove = (path: string): void => {
    const cut = path.lastIndexOf("/");
    const siblings = cut < 0 ? root.children : find(path.slice(0, cut))?.children;
    siblings?.delete(path.slice(cut + 1));
  };
  return {
    stack(layer) {
      for (const { path, gone } of layer.values()) if (gone) remove(path);
      for (const { path, entry, gone } of layer.values()) {
        const node = gone ? undefined : make(path);
        if (!node) continue;
        node.size = entry.size;
        node.isFolder = entry.type === "directory";
      }
    },
    folderSize(path) {
      const found = find(path);
      if (!found?.isFolder) return 0;
      let size = 0;
      const waiting: Node[] = [found];
      for (let node = waiting.pop(); node; node = waiting.pop()) {
        size += node.size;
        if (node.children) for (const child of node.children.values()) waiting.push(child);
      }
      return size;
    },
  };
}
