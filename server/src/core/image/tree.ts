/** The file system an image shows: its layers laid over each other, whiteouts, opaque folders and links followed. */
import { cleanPath, type Entry, nameOf } from "./image.ts";
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

/** Told of what happens to the paths of the image while layer after layer is laid over it; folders themselves are not told of. */
export interface Watcher {
  /** The layer that follows is this one. */
  readonly layer: (index: number) => void;
  /** It was hidden, or taken away by what stands in its place or above it. */
  readonly gone: (path: string, node: Node) => void;
  /** `before` is what was at that place of the folder; `target` what a hard link points at. */
  readonly put: (folder: string, node: Node, before: Node | undefined, target: Node | undefined) => void;
  /** No file system could have it there, so the image has not. */
  readonly left: (entry: Entry) => void;
}

/** Symbolic links followed in one path, as Linux does. */
const MAX_LINKS = 40;
/** Folders below each other: more is a hostile archive, and no file system takes it. */
const MAX_DEPTH = 2_048;
/** Characters of links followed in all: archives made for it would take hours. */
const MAX_LINK_CHARACTERS = 500_000_000;
/** Folders that no entry stands for: what builders write has few. */
const MAX_IMPLIED = 300_000;

/** The root folder of the image. */
export function treeOf(layers: readonly (readonly Entry[])[], watcher?: Watcher): Node {
  const tree = createTree(watcher);
  for (const [index, entries] of layers.entries()) {
    watcher?.layer(index);
    tree.apply(entries, index);
  }
  return tree.root();
}

/** What is left of the work that is done for one tree. */
interface Work {
  left: number;
}

interface Tree {
  readonly root: () => Node;
  readonly apply: (entries: readonly Entry[], layer: number) => void;
}

/** Where a folder of an archive's path really is. */
interface Place {
  readonly path: string;
  readonly children: Map<string, Node>;
}

function createTree(watcher: Watcher | undefined): Tree {
  let root: Node = folder(undefined, 0, new Map());
  let implied = 0;
  const work: Work = { left: MAX_LINK_CHARACTERS };
  /** The folder of the entry before, which is mostly that of the next one too. */
  let lastFolder: string | undefined;
  let last: Place | undefined;

  /** The node at a path, links on the way followed; the last part only when asked. */
  const find = (path: string, followLast: boolean): Node | undefined => {
    const real = realPath(root, path, followLast, work);
    return real === undefined ? undefined : nodeAt(root, real);
  };

  const allGone = (path: string, node: Node): void => {
    if (watcher) eachLeaf(path, node, watcher.gone);
  };

  const remove = (path: string): void => {
    const parts = realPath(root, path, false, work);
    const name = parts?.at(-1);
    if (parts === undefined || name === undefined) return;
    const siblings = nodeAt(root, parts.slice(0, -1))?.children;
    const node = siblings?.get(name);
    if (!node) return;
    siblings?.delete(name);
    allGone(parts.join("/"), node);
  };

  const empty = (path: string): void => {
    const parts = realPath(root, path, true, work);
    const node = parts && nodeAt(root, parts);
    if (parts === undefined || !node?.children) return;
    allGone(parts.join("/"), node);
    node.children.clear();
  };

  /** Undefined where no file system has such a folder. */
  const placeOf = (path: string, layer: number): Place | undefined => {
    const cut = path.lastIndexOf("/");
    if (lastFolder !== undefined && cut === lastFolder.length && path.startsWith(lastFolder)) return last;
    lastFolder = path.slice(0, Math.max(0, cut));
    const known = plainFolder(root, lastFolder);
    last = known ? { path: lastFolder, children: known } : madeFolder(lastFolder, layer);
    return last;
  };

  const madeFolder = (path: string, layer: number): Place | undefined => {
    const parts = realPath(root, path, true, work);
    const children = parts && parts.length < MAX_DEPTH ? foldersTo(parts, layer) : undefined;
    return parts && children && { path: parts.join("/"), children };
  };

  /** The children of the folder at a path; what is missing, or no folder, becomes one. */
  const foldersTo = (parts: readonly string[], layer: number): Map<string, Node> | undefined => {
    let siblings = root.children ?? new Map<string, Node>();
    for (const [depth, part] of parts.entries()) {
      let next = siblings.get(part);
      if (!next?.children) {
        if (next) allGone(parts.slice(0, depth + 1).join("/"), next);
        else if (++implied > MAX_IMPLIED) return undefined;
        next = folder(undefined, layer, new Map());
        siblings.set(part, next);
      }
      siblings = next.children ?? new Map<string, Node>();
    }
    return siblings;
  };

  const put = (entry: Entry, layer: number): void => {
    if (entry.path === "") {
      root = folder(entry, layer, root.children ?? new Map());
      return;
    }
    const place = placeOf(entry.path, layer);
    if (!place) {
      watcher?.left(entry);
      return;
    }
    const { path, children: siblings } = place;
    const name = nameOf(entry.path);
    const before = siblings.get(name);
    // Another kind of thing in its place may change where paths lead.
    if (before && (before.children !== undefined || before.entry?.type === "symlink") && !isSameKind(before, entry))
      lastFolder = undefined;
    if (entry.type === "directory") {
      if (before && !before.children) watcher?.gone(joined(path, name), before);
      if (before?.children && !before.entry) implied--;
      siblings.set(name, folder(entry, layer, before?.children ?? new Map()));
      return;
    }
    if (before?.children) allGone(joined(path, name), before);
    const target = entry.type === "hardlink" ? find(entry.link ?? "", false) : undefined;
    const content = entry.type === "file" ? entry : target?.content;
    const node: Node = { entry, layer, content, children: undefined };
    siblings.set(name, node);
    watcher?.put(path, node, before?.children ? undefined : before, target);
  };

  return {
    root: () => root,
    apply(entries, layer) {
      // They are about the layers below, wherever they stand in this one.
      for (const { path } of entries) {
        const whiteout = whiteoutAt(path);
        if (whiteout?.kind === "gone") remove(whiteout.path);
        if (whiteout?.kind === "opaque") empty(whiteout.path);
      }
      lastFolder = undefined;
      for (const entry of entries) if (!isMark(entry.path)) put(entry, layer);
    },
  };
}

const isSameKind = ({ children }: Node, { type }: Entry): boolean => children !== undefined && type === "directory";

const joined = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

/** The children of a folder that is there, with no link on the way: nearly all there are. */
function plainFolder({ children: top }: Node, path: string): Map<string, Node> | undefined {
  let children = top;
  for (let at = 0; at < path.length && children; ) {
    const slash = path.indexOf("/", at);
    const end = slash < 0 ? path.length : slash;
    children = children.get(path.slice(at, end))?.children;
    at = end + 1;
  }
  return children;
}

/** Calls `visit` with everything in a folder that is none itself, or with what is no folder. */
function eachLeaf(path: string, node: Node, visit: (path: string, node: Node) => void): void {
  const waiting: (readonly [string, Node])[] = [[path, node]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [at, { children }] = next;
    if (!children) visit(at, next[1]);
    else for (const [name, child] of children) waiting.push([joined(at, name), child]);
  }
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

/** Where a path leads once the symbolic links on its way are followed; undefined when they go round in a circle, or `work` is used up. */
function realPath(root: Node, path: string, followLast: boolean, work?: Work): readonly string[] | undefined {
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
      if (links > MAX_LINKS || (work && (work.left -= target.length) < 0)) return undefined;
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
