/** The images a thread keeps, and the views of them somebody looks at: the ones used last, as many as fit. */
import type { WastedFile } from "../../core/image/costs.ts";
import { createBrowser } from "../../core/image/browse.ts";
import type { FolderIndex } from "../../core/image/folder-index.ts";
import type { Entry } from "../../core/image/image.ts";
import { layerAgainst, type LayerMarks, layerView, marksOf, wholeAgainst, wholeView } from "../../core/image/views.ts";

export interface KeptImage {
  readonly layers: readonly (readonly Entry[])[];
  readonly wasted: readonly WastedFile[];
}

export interface View {
  readonly index: FolderIndex;
  readonly page: ReturnType<typeof createBrowser>;
}

export interface KeptImages {
  readonly keep: (id: string, image: KeptImage) => void;
  readonly has: (id: string) => boolean;
  readonly drop: (id: string) => void;
  /** `layer`: null for the whole image. Undefined when the image is not kept. */
  readonly view: (id: string, layer: number | null) => View | undefined;
  /** The same, marked against another image; `other`: its layer, undefined where it has none. */
  readonly against: (
    id: string,
    layer: number | null,
    before: string,
    other: number | null | undefined,
  ) => View | undefined;
}

/** An entry takes some 200 bytes. */
const MOST_ENTRIES = 3_000_000;
const MOST_IMAGES = 8;
/** A row takes some 50 bytes. */
const MOST_ROWS = 4_000_000;
const MOST_VIEWS = 24;

export function createKept(mostEntries: number = MOST_ENTRIES): KeptImages {
  const images = new Map<string, KeptImage>();
  const views = new Map<string, View>();
  const marks = new WeakMap<KeptImage, readonly LayerMarks[]>();

  const drop = (id: string): void => {
    images.delete(id);
    for (const key of views.keys()) if ((JSON.parse(key) as readonly unknown[]).includes(id)) views.delete(key);
  };

  /** Layers that several images share are there once. */
  const entriesOf = (): number => {
    const lists = new Set([...images.values()].flatMap(({ layers }) => layers));
    return [...lists].reduce((sum, { length }) => sum + length, 0);
  };

  const used = (id: string): KeptImage | undefined => {
    const image = images.get(id);
    if (image) {
      images.delete(id);
      images.set(id, image);
    }
    return image;
  };

  const viewed = (key: readonly unknown[], make: () => FolderIndex): View => {
    const name = JSON.stringify(key);
    const index = views.get(name)?.index ?? make();
    const view = views.get(name) ?? { index, page: createBrowser(index) };
    views.delete(name);
    views.set(name, view);
    let rows = [...views.values()].reduce((sum, each) => sum + each.index.count, 0);
    for (const [oldest, { index: old }] of views) {
      if (views.size === 1 || (rows <= MOST_ROWS && views.size <= MOST_VIEWS)) break;
      views.delete(oldest);
      rows -= old.count;
    }
    return view;
  };

  const view = (id: string, layer: number | null): View | undefined => {
    const kept = used(id);
    if (!kept) return undefined;
    if (layer === null) return viewed([id, layer], () => wholeView(kept.layers, kept.wasted));
    return viewed([id, layer], () => {
      const ofImage = marks.get(kept) ?? marksOf(kept.layers);
      marks.set(kept, ofImage);
      return layerView(kept.layers, layer, ofImage, kept.wasted);
    });
  };

  return {
    keep(id, image) {
      images.set(id, image);
      for (const oldest of images.keys()) {
        if (images.size === 1 || (images.size <= MOST_IMAGES && entriesOf() <= mostEntries)) break;
        drop(oldest);
      }
    },
    has: (id) => images.has(id),
    drop,
    view,
    against(id, layer, before, other) {
      const [kept, then] = [used(id), used(before)];
      if (!kept || !then) return undefined;
      if (layer !== null) {
        const entries = typeof other === "number" ? (then.layers[other] ?? []) : [];
        return viewed([id, layer, before, other ?? null], () => layerAgainst(kept.layers, layer, entries));
      }
      const [now, old] = [view(id, null), view(before, null)];
      return now && old && viewed([id, null, before], () => wholeAgainst(now.index, old.index));
    },
  };
}
