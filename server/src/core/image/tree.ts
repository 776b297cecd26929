/** The file system an image shows: its layers laid over each other, whiteouts, opaque folders and links followed. */
import { cleanPath, type Entry } from "./image.ts";
import { isMark, whiteoutAt } from "./whiteouts.ts";

export interface Node {
  /** Undefined for a folder that no layer has an entry of, only something in it. */
  readonly entry: Entry | undefined;
  /** Index of the layer that brought it. */
  readonly layer: number;
  /** The entry that stores its content: another one for a hard link. Undefined for what has none, and for a link to nothing. */
  readonly content: Entry | undefined;
  /** Of a folder. */
  readonly children: Map<string, Node> | undefined;
}

/** Symbolic links followed in one path, as Linux does. */
const MAX_LINKS = 40;
/** Folders below each other: more is a hostile archive, and no file system takes it. */
const MAX_DEPTH = 2_048;

/** The root folder of the image. */
export function treeOf(layers: readonly (readonly Entry[])[]): Node {
  const tree = createTree();
  for (const [index, entries] of layers.entries()) tree.apply(entries, index);
  return tree.root();
}

interface Tree {
  readonly root: () => Node;
  readonly apply: (entries: readonly Entry[], layer: number) => void;
}

function createTree(): Tree {
  let root: Node = folder(undefined, 0, new Map());

  /** The node at a path, links on the way followed; the last part only when asked. */
  const find = (path: string, followLast: boolean): Node | undefined => {
    const real = realPath(root, path, followLast);
    return real === undefined ? undefined : nodeAt(root, real);
  };

  const remove = (path: string): void => {
    const parts = realPath(root, path, false);
    const name = parts?.at(-1);
    if (parts === undefined || name === undefined) return;
    nodeAt(root, parts.slice(0, -1))?.children?.delete(name);
  };

  const put = (entry: Entry, layer: number): void => {
    if (entry.path === "") {
      root = folder(entry, layer, root.children ?? new Map());
      return;
    }
    const parts = realPath(root, entry.path, false);
    if (parts === undefined || parts.length > MAX_DEPTH) return; // through a loop of links: no file system has it
    const name = parts.at(-1) ?? "";
    const siblings = foldersTo(root, parts.slice(0, -1), layer);
    const before = siblings.get(name);
    if (entry.type === "directory") siblings.set(name, folder(entry, layer, before?.children ?? new Map()));
    else siblings.set(name, { entry, layer, content: contentOf(entry), children: undefined });
  };

  const contentOf = (entry: Entry): Entry | undefined => {
    if (entry.type === "file") return entry;
    return entry.type === "hardlink" ? find(entry.link ?? "", false)?.content : undefined;
  };

  return {
    root: () => root,
    apply(entries, layer) {
      // They are about the layers below, wherever they stand in this one.
      for (const { path } of entries) {
        const whiteout = whiteoutAt(path);
        if (whiteout?.kind === "gone") remove(whiteout.path);
        if (whiteout?.kind === "opaque") find(whiteout.path, true)?.children?.clear();
      }
      for (const entry of entries) if (!isMark(entry.path)) put(entry, layer);
    },
  };
}

const folder = (entry: Entry | undefined, layer: number, children: Map<string, Node>): Node => ({
  entry,
  layer,
  content: undefined,
  children,
});

function nodeAt(root: Node, parts: readonly string[]): Node | undefined {
  let at: Node | undefined = root;
  for (const part of parts) at = at?.children?.get(part);
  return at;
}

/** Where a path leads once the symbolic links on its way are followed; undefined when they go round in a circle. */
function realPath(root: Node, path: string, followLast: boolean): readonly string[] | undefined {
  const waiting = path.split("/").toReversed();
  const done: string[] = [];
  const nodes: (Node | undefined)[] = [root];
  for (let links = 0; waiting.length > 0; ) {
    const part = waiting.pop() ?? "";
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      if (nodes.length > 1) nodes.pop();
      continue;
    }
    const node = nodes.at(-1)?.children?.get(part);
    const target = node?.entry?.type === "symlink" ? node.entry.link : undefined;
    if (target !== undefined && (followLast || waiting.length > 0)) {
      links++;
      if (links > MAX_LINKS) return undefined;
      if (target.startsWith("/")) {
        done.length = 0;
        nodes.length = 1;
      }
      waiting.push(...target.split("/").toReversed());
      continue;
    }
    done.push(part);
    nodes.push(node);
  }
  return done;
}

/** The children of the folder at a path; what is missing, or no folder, becomes one. */
function foldersTo(root: Node, parts: readonly string[], layer: number): Map<string, Node> {
  let siblings = root.children ?? new Map<string, Node>();
  for (const part of parts) {
    let next = siblings.get(part);
    if (!next?.children) {
      next = folder(undefined, layer, new Map());
      siblings.set(part, next);
    }
    siblings = next.children ?? new Map<string, Node>();
  }
  return siblings;
}

/** Calls `visit` with every path of the tree, folders before what is in them, names in order. */
export function walk(root: Node, visit: (path: string, node: Node) => void): void {
  const waiting: (readonly [string, Node])[] = [["", root]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [path, node] = next;
    visit(path, node);
    const names = [...(node.children?.keys() ?? [])].sort().toReversed();
    for (const name of names) {
      const child = node.children?.get(name);
      if (child) waiting.push([path === "" ? name : `${path}/${name}`, child]);
    }
  }
}

/** What is at a path of the image, symbolic links followed. */
export function lookUp(root: Node, path: string): Node | undefined {
  const parts = realPath(root, cleanPath(path), true);
  return parts && nodeAt(root, parts);
}
