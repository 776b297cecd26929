/** Many places, found again by those that overlap them: a file of thousands of lines asks as often. */
import { overlap, type Place, placeText } from "./place.ts";

interface Entry {
  readonly place: Place;
}

export interface PlaceIndex<T extends Entry> {
  add(entry: T): void;
  remove(entry: T): void;
  /** One that overlaps one of the places. */
  any(places: readonly Place[]): T | undefined;
  /** Those that overlap one of the places, each once, in the order they were added. */
  overlapping(places: readonly Place[]): readonly T[];
}

/** A folder of a path: what is in it, and the folders below. */
interface Folder<T> {
  readonly entries: Set<T>;
  readonly below: Map<string, Folder<T>>;
}

const folder = <T>(): Folder<T> => ({ entries: new Set(), below: new Map() });

export function placeIndex<T extends Entry>(): PlaceIndex<T> {
  const root = folder<T>();
  const order = new Map<T, number>();
  let added = 0;
  return {
    add(entry) {
      let at = root;
      for (const part of partsOf(entry.place)) {
        let next = at.below.get(part);
        if (!next) at.below.set(part, (next = folder()));
        at = next;
      }
      at.entries.add(entry);
      order.set(entry, added++);
    },
    remove(entry) {
      removeFrom(root, partsOf(entry.place), entry);
      order.delete(entry);
    },
    any(places) {
      for (const place of places)
        for (const entry of candidates(root, place)) if (overlap(entry.place, place)) return entry;
      return undefined;
    },
    overlapping(places) {
      const found = new Set<T>();
      for (const place of places)
        for (const entry of candidates(root, place))
          if (!found.has(entry) && overlap(entry.place, place)) found.add(entry);
      return [...found].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    },
  };
}

/** Folders that are empty then go as well. */
function removeFrom<T>(at: Folder<T>, [part, ...rest]: readonly string[], entry: T): void {
  if (part === undefined) {
    at.entries.delete(entry);
    return;
  }
  const next = at.below.get(part);
  if (!next) return;
  removeFrom(next, rest, entry);
  if (next.entries.size === 0 && next.below.size === 0) at.below.delete(part);
}

/** What stands in the folders on the way to a place, and below it where it may be a folder. */
function* candidates<T>(root: Folder<T>, place: Place): Generator<T, void> {
  let at = root;
  yield* at.entries;
  for (const part of partsOf(place)) {
    const next = at.below.get(part);
    if (!next) return;
    at = next;
    yield* at.entries;
  }
  if (isOpen(place)) yield* everythingIn(at);
}

function* everythingIn<T>(at: Folder<T>): Generator<T, void> {
  for (const each of at.below.values()) {
    yield* each.entries;
    yield* everythingIn(each);
  }
}

/** What is below the folder of its parts may be the place's. */
const isOpen = (place: Place): boolean => place.kind === "files" && place.pattern.includes("*");

/** The folders in front of the first one that is not plain; for packages and the like the manager alone: `*` may be any. */
function partsOf(place: Place): readonly string[] {
  if (place.kind === "package") return ["package", place.manager];
  if (place.kind !== "files") return [placeText(place)];
  const star = place.pattern.indexOf("*");
  const fixed = star === -1 ? place.pattern : place.pattern.slice(0, Math.max(place.pattern.lastIndexOf("/", star), 0));
  return [`files ${place.realm}`, ...fixed.split("/").filter((part) => part !== "")];
}
