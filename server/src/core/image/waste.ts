/** What layers store and the image does not show in the end: charged to the layer that stored it and to the one that hid it. */
import { type Entry, type Layer, nameOf } from "./image.ts";
import { type Node, treeOf } from "./tree.ts";

export interface WastedFile {
  /** As the layer that stored it has it. */
  readonly path: string;
  readonly bytes: number;
  /** Index of the layer. */
  readonly storedBy: number;
  /** Index of the layer; the same one for an entry that its archive holds twice. */
  readonly hiddenBy: number;
  /** `metadata`: the same content stored again, as chmod, chown and touch do. */
  readonly how: "removed" | "replaced" | "metadata";
}

/** Paths against the layers below: all but folders. */
export interface LayerChanges {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
}

export interface Waste {
  /** Largest first. */
  readonly wasted: readonly WastedFile[];
  /** The entries whose content nothing shows in the end. */
  readonly hidden: ReadonlySet<Entry>;
  /** Of each layer. */
  readonly changes: readonly LayerChanges[];
}

type How = WastedFile["how"];

/** Content with more than one name: it is stored once, and wasted when the last name is gone. */
interface Linked {
  names: number;
  readonly layer: number;
}

/** What was gone in this layer: it may be there again before the layer ends, as a file that was replaced. */
interface Gone {
  readonly node: Node;
  readonly hidden: Entry | undefined;
}

export function wasteOf(layers: readonly Layer[], signal?: Pick<AbortSignal, "throwIfAborted">): Waste {
  const hidden = new Map<Entry, WastedFile>();
  const links = new Map<Entry, Linked>();
  const changes: { added: number; modified: number; removed: number }[] = [];
  let layer = 0;
  let now = { added: 0, modified: 0, removed: 0 };
  let gone = new Map<string, Gone>();

  /** One name less; the entry, where that was the last one. */
  const release = ({ content, layer: of }: Node, how: How): Entry | undefined => {
    if (!content) return undefined;
    const linked = links.get(content);
    if (linked && --linked.names > 0) return undefined;
    hide(content, linked?.layer ?? of, how);
    return content;
  };
  const hide = (content: Entry, storedBy: number, how: How): void => {
    hidden.set(content, { path: content.path, bytes: content.size, storedBy, hiddenBy: layer, how });
  };
  const link = (content: Entry, target: Node): void => {
    const linked = links.get(content);
    if (linked) linked.names++;
    else links.set(content, { names: 2, layer: target.layer });
  };
  const endOfLayer = (): void => {
    for (const { node } of gone.values()) if (node.layer < layer) now.removed++;
    gone = new Map();
  };

  treeOf(
    layers.map(({ entries }) => entries),
    {
      layer(index) {
        signal?.throwIfAborted();
        endOfLayer();
        layer = index;
        now = { added: 0, modified: 0, removed: 0 };
        changes.push(now);
      },
      gone(path, node) {
        gone.set(path, { node, hidden: release(node, "removed") });
      },
      put(folder, node, before, target) {
        if (node.content && target) link(node.content, target);
        const path = before || gone.size === 0 ? undefined : pathIn(folder, node);
        const again = path === undefined ? undefined : gone.get(path);
        const old = before ?? again?.node;
        if (!old) now.added++;
        else if (old.layer < layer) now.modified++;
        if (before) release(before, howReplaced(before, node));
        else if (again && path !== undefined) {
          gone.delete(path);
          const was = again.hidden && hidden.get(again.hidden);
          if (again.hidden && was) hidden.set(again.hidden, { ...was, how: howReplaced(again.node, node) });
        }
      },
      left(entry) {
        if (entry.type === "file") hide(entry, layer, "removed");
      },
    },
  );
  endOfLayer();
  const wasted = [...hidden.values()].filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
  return { wasted, hidden: new Set(hidden.keys()), changes };
}

function pathIn(folder: string, { entry }: Node): string {
  const name = nameOf(entry?.path ?? "");
  return folder === "" ? name : `${folder}/${name}`;
}

function howReplaced({ content: before }: Node, { content: after }: Node): How {
  const same = before?.sha256 !== undefined && before.size === after?.size && before.sha256 === after.sha256;
  return same ? "metadata" : "replaced";
}
