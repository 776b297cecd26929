/**
 * Rows that open, of which there may be millions, by their place on the whole: heights are counted in lines, and a branch whose
 * rows are all closed costs nothing however many it has. Pure.
 */
export interface Branch<Item> {
  readonly id: number;
  /** The branch its row is in, and where; undefined for the outermost. */
  readonly parent: Branch<Item> | undefined;
  readonly at: number;
  /** From 1. */
  readonly level: number;
  /** Lines that each row of it has. */
  readonly height: number;
  count: number;
  readonly item: (index: number) => Item;
  /** What opens below a row; undefined for what does not open. */
  readonly below: (index: number) => Branch<Item> | undefined;
  /** Rows that are looked at, so that they can be asked for. */
  readonly want?: (from: number, to: number) => void;
  /** Its open rows, from above. */
  readonly opened: Branch<Item>[];
  lines: number | undefined;
}

/** A row. */
export interface Spot<Item> {
  readonly branch: Branch<Item>;
  readonly index: number;
}

let ids = 0;

export const branch = <Item>(
  own: Pick<Branch<Item>, "count" | "item"> & Partial<Pick<Branch<Item>, "below" | "want" | "height">>,
  place?: Spot<Item>,
): Branch<Item> => ({
  below: () => undefined,
  height: 1,
  ...own,
  id: (ids += 1),
  parent: place?.branch,
  at: place?.index ?? 0,
  level: (place?.branch.level ?? 0) + 1,
  opened: [],
  lines: undefined,
});

export function linesOf<Item>(of: Branch<Item>): number {
  of.lines ??= of.count * of.height + of.opened.reduce((sum, each) => sum + linesOf(each), 0);
  return of.lines;
}

/** Has to be said of a branch whose number of rows is another now. */
export function changed<Item>(of: Branch<Item>): void {
  for (let each: Branch<Item> | undefined = of; each; each = each.parent) each.lines = undefined;
}

export const openBelow = <Item>({ branch: of, index }: Spot<Item>): Branch<Item> | undefined =>
  of.opened.find(({ at }) => at === index);

/** False when it does not open, or is open. */
export function open<Item>(spot: Spot<Item>): boolean {
  if (openBelow(spot)) return false;
  const below = spot.branch.below(spot.index);
  if (!below) return false;
  const { opened } = spot.branch;
  const after = opened.findIndex(({ at }) => at > spot.index);
  opened.splice(after < 0 ? opened.length : after, 0, below);
  changed(spot.branch);
  return true;
}

export function close<Item>(spot: Spot<Item>): boolean {
  const { opened } = spot.branch;
  const at = opened.findIndex((each) => each.at === spot.index);
  if (at < 0) return false;
  opened.splice(at, 1);
  changed(spot.branch);
  return true;
}

/** The row that an opened branch belongs to. */
export const rowOf = <Item>(of: Branch<Item>): Spot<Item> | undefined =>
  of.parent && { branch: of.parent, index: of.at };

/** On the whole, from 0. */
export function lineOf<Item>({ branch: of, index }: Spot<Item>): number {
  const own = of.opened.reduce((sum, each) => (each.at < index ? sum + linesOf(each) : sum), index * of.height);
  const row = rowOf(of);
  return row ? lineOf(row) + row.branch.height + own : own;
}

/** The rows that have lines from `from` up to, and without, `to`; their first lines with them. */
export function rowsBetween<Item>(
  root: Branch<Item>,
  from: number,
  to: number,
): readonly { readonly spot: Spot<Item>; readonly line: number }[] {
  const found: { spot: Spot<Item>; line: number }[] = [];
  const visit = (of: Branch<Item>, first: number): void => {
    let line = first;
    let index = 0;
    const closedUpTo = (end: number): void => {
      const skipped = Math.max(0, Math.min(Math.floor((from - line) / of.height), end - index));
      line += skipped * of.height;
      index += skipped;
      while (index < end && line < to) {
        found.push({ spot: { branch: of, index }, line });
        index += 1;
        line += of.height;
      }
      line += (end - index) * of.height;
      index = end;
    };
    for (const below of of.opened) {
      if (line >= to) return;
      closedUpTo(below.at + 1);
      if (line < to && line + linesOf(below) > from) visit(below, line);
      line += linesOf(below);
    }
    if (line < to) closedUpTo(of.count);
  };
  visit(root, 0);
  return found;
}

/** The row that has this line; the last one beyond the end. */
export function spotAt<Item>(root: Branch<Item>, line: number): Spot<Item> | undefined {
  const most = linesOf(root) - 1;
  const wanted = Math.max(0, Math.min(line, most));
  return rowsBetween(root, wanted, wanted + 1)[0]?.spot;
}

export function nextRow<Item>(root: Branch<Item>, spot: Spot<Item>): Spot<Item> | undefined {
  const line = lineOf(spot) + spot.branch.height;
  return line < linesOf(root) ? spotAt(root, line) : undefined;
}

export function previousRow<Item>(root: Branch<Item>, spot: Spot<Item>): Spot<Item> | undefined {
  const line = lineOf(spot);
  return line === 0 ? undefined : spotAt(root, line - 1);
}

export const isSame = <Item>(a: Spot<Item> | undefined, b: Spot<Item> | undefined): boolean =>
  a?.branch === b?.branch && a?.index === b?.index;
