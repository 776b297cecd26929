/** The tree on the page: only rows near what is looked at are elements, and the keyboard moves over all of them. */
import { element, set } from "./dom.ts";
import { type Item, labelOf, type Row } from "./items.ts";
import {
  type Branch,
  close,
  isSame,
  lineOf,
  linesOf,
  nextRow,
  open,
  openBelow,
  previousRow,
  rowOf,
  rowsBetween,
  spotAt,
} from "./tree.ts";

/** Pixels of a line, as in the stylesheet. */
export const LINE = 22;
/** Chromium places nothing beyond 33 million device pixels; what is higher is scrolled in larger steps. */
const MAX_HEIGHT = 10_000_000;
/** What is drawn above and below what can be seen, in parts of it: scrolling is ahead of scripts. */
const OVERSCAN = 1.25;
const TYPING_MS = 700;
/** Rows that letters are looked for in, and rows that `*` opens. */
const SEARCHED = 3_000;
const OPENED_AT_ONCE = 60;

export interface List {
  readonly element: HTMLElement;
  /** The rows are others now. */
  readonly show: (root: Branch<Item>) => void;
  /** The rows are the same, and some have come or changed. */
  readonly refresh: () => void;
  readonly active: () => Row | undefined;
  /** Makes it the row that keys act on, and brings it into sight; takes no focus. */
  readonly choose: (row: Row) => void;
  readonly scroll: () => number;
  /** As soon as there is so much to scroll, unless somebody scrolls before. */
  readonly scrollTo: (pixels: number) => void;
}

interface Options {
  readonly label: string;
  readonly draw: (item: Item, row: Row, isOpen: boolean) => HTMLElement;
  /** Enter and a click on what is not the twistie. */
  readonly onAct: (item: Item, row: Row) => void;
  readonly onActive: (item: Item) => void;
  /** A row was opened or closed, by its key. */
  readonly onFold: (item: Item, isOpen: boolean) => void;
  readonly onScroll: () => void;
}

interface Drawn {
  readonly element: HTMLElement;
  readonly item: Item;
  readonly isOpen: boolean;
  readonly size: number;
}

export function createList({ label, draw, onAct, onActive, onFold, onScroll }: Options): List {
  const rows = element("div", { class: "rows", role: "rowgroup" });
  const space = element("div", { class: "space", role: "presentation" });
  const scroller = element(
    "div",
    { class: "list", role: "treegrid", tabindex: 0, "aria-label": label, "aria-readonly": "true" },
    space,
    rows,
  );
  let root: Branch<Item> | undefined;
  let active: Row | undefined;
  let drawn = new Map<string, Drawn>();
  let pendingScroll: number | undefined;
  let scheduled = 0;
  let letters = "";
  let lettersEnd = 0;

  const keyOf = ({ branch: { id }, index }: Row): string => `${id}:${index}`;
  const itemAt = ({ branch: of, index }: Row): Item => of.item(index);
  const height = (): number => (root ? linesOf(root) * LINE : 0);
  const seen = (): number => scroller.clientHeight;
  /** How many pixels of the whole one pixel of scrolling is. */
  const ratio = (): number => {
    const whole = height();
    return whole <= MAX_HEIGHT ? 1 : (whole - seen()) / Math.max(1, MAX_HEIGHT - seen());
  };
  /** Of the whole, at the upper edge. */
  const top = (): number => scroller.scrollTop * ratio();

  function render(): void {
    scheduled = 0;
    if (!root) return;
    const whole = height();
    const spaceHeight = `${Math.min(whole, MAX_HEIGHT)}px`;
    if (space.style.height !== spaceHeight) space.style.height = spaceHeight;
    if (pendingScroll !== undefined && whole - seen() >= pendingScroll) {
      scroller.scrollTop = pendingScroll / ratio();
      pendingScroll = undefined;
    }
    const above = top();
    const extra = seen() * OVERSCAN;
    const from = Math.max(0, Math.floor((above - extra) / LINE));
    const to = Math.ceil((above + seen() + extra) / LINE);
    const shown = rowsBetween(root, from, to);
    ask(shown);
    const wanted = new Map<string, { readonly row: Row; readonly line: number }>();
    for (const { spot, line } of shown) wanted.set(keyOf(spot), { row: spot, line });
    // Screen readers are at it wherever it is.
    if (active) wanted.set(keyOf(active), { row: active, line: lineOf(active) });
    const shift = scroller.scrollTop - above;
    const next = new Map<string, Drawn>();
    for (const [key, { row, line }] of [...wanted].toSorted(([, a], [, b]) => a.line - b.line)) {
      const each = drawnRow(key, row);
      each.element.style.transform = `translateY(${line * LINE + shift}px)`;
      next.set(key, each);
    }
    for (const [key, { element: gone }] of drawn) if (next.get(key)?.element !== gone) gone.remove();
    putInOrder([...next.values()].map((each) => each.element));
    drawn = next;
    const activeKey = active && keyOf(active);
    set(scroller, "aria-activedescendant", activeKey === undefined ? undefined : `row-${activeKey}`);
  }

  function drawnRow(key: string, row: Row): Drawn {
    const item = itemAt(row);
    const isOpen = openBelow(row) !== undefined;
    const before = drawn.get(key);
    const isActive = isSame(row, active);
    if (before && isAlike(before.item, item) && before.isOpen === isOpen && before.size === row.branch.count) {
      before.element.classList.toggle("active", isActive);
      set(before.element, "aria-selected", String(isActive));
      return before;
    }
    const made = draw(item, row, isOpen);
    made.id = `row-${key}`;
    made.dataset["key"] = key;
    made.classList.toggle("active", isActive);
    set(made, "role", "row");
    set(made, "aria-selected", String(isActive));
    set(made, "aria-level", row.branch.level);
    set(made, "aria-setsize", row.branch.count);
    set(made, "aria-posinset", row.index + 1);
    set(made, "aria-expanded", item.opens ? String(isOpen) : undefined);
    made.style.setProperty("--level", String(row.branch.level - 1));
    before?.element.replaceWith(made);
    return { element: made, item, isOpen, size: row.branch.count };
  }

  /** Those who listen go from one to the next. */
  function putInOrder(elements: readonly HTMLElement[]): void {
    let at = rows.firstElementChild;
    for (const each of elements) {
      if (each === at) at = at.nextElementSibling;
      else rows.insertBefore(each, at);
    }
  }

  const ask = (shown: ReturnType<typeof rowsBetween<Item>>): void => {
    const ranges = new Map<Branch<Item>, { from: number; to: number }>();
    for (const { spot } of shown) {
      const range = ranges.get(spot.branch);
      if (range) range.to = spot.index + 1;
      else ranges.set(spot.branch, { from: spot.index, to: spot.index + 1 });
    }
    for (const [of, { from, to }] of ranges) of.want?.(from, to);
  };

  const schedule = (): void => {
    scheduled ||= requestAnimationFrame(render);
  };

  function bringIntoSight(row: Row): void {
    const begin = lineOf(row) * LINE;
    const end = begin + row.branch.height * LINE;
    const above = top();
    if (begin < above) scroller.scrollTop = begin / ratio();
    else if (end > above + seen()) scroller.scrollTop = (end - seen()) / ratio();
  }

  function choose(row: Row): void {
    active = row;
    pendingScroll = undefined;
    bringIntoSight(row);
    render();
    onActive(itemAt(row));
  }

  function fold(row: Row, wanted?: boolean): boolean {
    const item = itemAt(row);
    const isOpen = openBelow(row) !== undefined;
    if (!item.opens || wanted === isOpen) return false;
    const done = isOpen ? close(row) : open(row);
    if (!done) return false;
    // The rows below go with it.
    if (isOpen && active && active.branch !== row.branch && isWithin(active, row)) active = row;
    onFold(item, !isOpen);
    render();
    return true;
  }

  const KEYS: Readonly<Record<string, (row: Row, of: Branch<Item>) => Row | undefined>> = {
    ArrowDown: (row, of) => nextRow(of, row),
    ArrowUp: (row, of) => previousRow(of, row),
    Home: (_, of) => spotAt(of, 0),
    End: (_, of) => spotAt(of, linesOf(of)),
    PageDown: (row, of) => spotAt(of, lineOf(row) + pageLines()),
    PageUp: (row, of) => spotAt(of, lineOf(row) - pageLines()),
    ArrowRight(row, of) {
      if (fold(row, true)) return undefined;
      return openBelow(row) ? nextRow(of, row) : undefined;
    },
    ArrowLeft: (row) => (fold(row, false) ? undefined : rowOf(row.branch)),
    Enter(row) {
      onAct(itemAt(row), row);
      return undefined;
    },
    " "(row) {
      fold(row);
      return undefined;
    },
    "*"(row) {
      const { branch: of } = row;
      for (let index = 0, done = 0; index < of.count && done < OPENED_AT_ONCE; index += 1)
        if (of.item(index).opens && fold({ branch: of, index }, true)) done += 1;
      choose(row);
      return undefined;
    },
  };
  const pageLines = (): number => Math.max(1, Math.floor(seen() / LINE) - 1);

  function typed(letter: string, now: number): Row | undefined {
    if (!root || !active) return undefined;
    const again = now > lettersEnd;
    letters = again ? letter : letters + letter;
    lettersEnd = now + TYPING_MS;
    const wanted = letters.toLowerCase();
    let row: Row | undefined = again ? (nextRow(root, active) ?? spotAt(root, 0)) : active;
    for (let tries = 0; row && tries < SEARCHED; tries += 1) {
      if (labelOf(itemAt(row)).toLowerCase().startsWith(wanted)) return row;
      row = nextRow(root, row) ?? spotAt(root, 0);
    }
    return undefined;
  }

  scroller.addEventListener("keydown", (event) => {
    if (!root || event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller) return;
    const at = active ?? spotAt(root, 0);
    if (!at) return;
    const act = KEYS[event.key];
    const isLetter = event.key.length === 1 && event.key !== " " && event.key !== "*";
    if (!act && !isLetter) return;
    event.preventDefault();
    const next = act ? act(at, root) : typed(event.key, event.timeStamp);
    if (next) choose(next);
    else if (!active) choose(at);
  });
  scroller.addEventListener("focus", () => {
    if (root && !active && linesOf(root) > 0) {
      active = spotAt(root, Math.floor(top() / LINE));
      render();
    }
  });
  rows.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const row = target && rowOfElement(target);
    if (!row) return;
    scroller.focus({ preventScroll: true });
    choose(row);
    if (target.closest(".twistie") || itemAt(row).kind !== "layer") fold(row);
    else onAct(itemAt(row), row);
  });
  const rowOfElement = (target: Element): Row | undefined => {
    const key = target.closest<HTMLElement>(".row")?.dataset["key"];
    if (key === undefined || !root) return undefined;
    const from = Math.max(0, Math.floor((top() - seen() * OVERSCAN) / LINE));
    const to = Math.ceil((top() + seen() * (1 + OVERSCAN)) / LINE);
    return rowsBetween(root, from, to).find(({ spot }) => keyOf(spot) === key)?.spot;
  };
  scroller.addEventListener(
    "scroll",
    () => {
      render();
      onScroll();
    },
    { passive: true },
  );
  for (const name of ["wheel", "pointerdown"])
    scroller.addEventListener(name, () => (pendingScroll = undefined), { passive: true });
  new ResizeObserver(schedule).observe(scroller);

  return {
    element: scroller,
    show(now) {
      root = now;
      active = undefined;
      for (const { element: gone } of drawn.values()) gone.remove();
      drawn = new Map();
      render();
    },
    refresh: schedule,
    active: () => active,
    choose,
    scroll: top,
    scrollTo(pixels) {
      pendingScroll = pixels;
      schedule();
    },
  };
}

const isWithin = (row: Row, of: Row): boolean => {
  for (let each: Row | undefined = rowOf(row.branch); each; each = rowOf(each.branch))
    if (isSame(each, of)) return true;
  return false;
};

/** Items are made anew whenever they are asked for; what they are of is not. */
function isAlike(a: Item, b: Item): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if ("row" in a && "row" in b) return a.row === b.row && a.opens === b.opens;
  if (a.kind === "note" && b.kind === "note") return a.text === b.text;
  if (a.kind === "line" && b.kind === "line") return a.title === b.title && a.note === b.note && a.size === b.size;
  return a.kind === "waiting";
}
