/** The image as one bar: a segment for each layer, the base image's as one, small neighbours together. */
import type { LayerRow, OpenedImage } from "../../../../../server/src/lsp/messages.ts";
import { element } from "./dom.ts";
import { shadeOf } from "./shades.ts";
import { count, percent, plain, size } from "./words.ts";

interface Segment {
  readonly bytes: number;
  readonly shade: string;
  readonly label: string;
  /** In the segment, where there is room. */
  readonly word: string;
  readonly short: string;
  /** Layers in it, from the lowest. */
  readonly layers: readonly number[];
}

/** Shares below this go together with such neighbours, and so do those narrower than this many pixels. */
const SMALL = 0.012;
const NARROW = 10;

/** At most as many as fit: each has its share, or is a run of small ones. */
function segmentsOf({ layers, totals, base }: OpenedImage, width: number): readonly Segment[] {
  const least = totals.bytes * Math.max(SMALL, NARROW / Math.max(width, 1));
  const found: Segment[] = [];
  const share = (bytes: number): string => percent(totals.bytes > 0 ? bytes / totals.bytes : 0);
  const sum = (rows: readonly LayerRow[]): number => rows.reduce((bytes, row) => bytes + row.bytes, 0);
  const numbers = (rows: readonly LayerRow[]): readonly number[] => rows.map(({ layer }) => layer);
  const below = layers.filter(({ ofBase }) => ofBase);
  const own = layers.filter(({ ofBase }) => !ofBase);
  if (below.length > 0 && own.length > 0) {
    const bytes = sum(below);
    const name = base?.image === undefined ? "Base image" : `Base image ${plain(base.image)}`;
    found.push({
      ...{ bytes, shade: "base", word: "", short: "base", layers: numbers(below) },
      label: `${name}, ${count(below.length, "layer")}, ${size(bytes)}, ${share(bytes)}`,
    });
  }
  let small: LayerRow[] = [];
  const together = (): void => {
    const bytes = sum(small);
    if (small.length === 1) found.push(alone(small[0] as LayerRow, share));
    else if (bytes > 0)
      found.push({
        ...{ bytes, shade: "small", word: "", short: "", layers: numbers(small) },
        label: `${count(small.length, "small layer")}, ${size(bytes)}, ${share(bytes)}`,
      });
    small = [];
  };
  for (const row of own.length > 0 ? own : below) {
    if (row.bytes < least) small.push(row);
    else {
      together();
      found.push(alone(row, share));
    }
  }
  together();
  return found.filter(({ bytes }) => bytes > 0);
}

const alone = (row: LayerRow, share: (bytes: number) => string): Segment => ({
  bytes: row.bytes,
  shade: shadeOf(row),
  label: [`Layer ${row.layer + 1}`, plain(row.text), size(row.bytes), share(row.bytes)]
    .filter((part) => part !== "")
    .join(", "),
  ...(row.line === undefined
    ? { word: "layer ", short: String(row.layer + 1) }
    : { word: "line ", short: String(row.line + 1) }),
  layers: [row.layer],
});

export interface Bar {
  readonly element: HTMLElement;
  readonly show: (image: OpenedImage) => void;
  readonly mark: (layer: number | undefined) => void;
}

export function createBar(onChoose: (layers: readonly number[]) => void): Bar {
  const bar = element("div", {
    class: "bar",
    role: "toolbar",
    "aria-label": "The image by layer",
    "aria-orientation": "horizontal",
  });
  let segments: readonly Segment[] = [];
  const buttons = (): readonly HTMLButtonElement[] => [...bar.querySelectorAll("button")];
  const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
    ArrowRight: (at, last) => Math.min(at + 1, last),
    ArrowLeft: (at) => Math.max(at - 1, 0),
    Home: () => 0,
    End: (_, last) => last,
  };
  bar.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const all = buttons();
    const at = all.findIndex((each) => each === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = all[step(at, all.length - 1)];
    for (const each of all) each.tabIndex = each === next ? 0 : -1;
    next?.focus();
  });
  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const segment = button && segments[buttons().indexOf(button)];
    if (segment) onChoose(segment.layers);
  });
  let shown: OpenedImage | undefined;
  let marked: number | undefined;
  let width = 0;
  const draw = (): void => {
    if (!shown) return;
    width = bar.clientWidth;
    segments = segmentsOf(shown, width);
    bar.replaceChildren(
      ...segments.map(({ bytes, shade, label, word, short }, index) => {
        const button = element(
          "button",
          {
            class: `segment ${shade}`,
            type: "button",
            "aria-label": label,
            title: label,
            tabindex: index === 0 ? 0 : -1,
          },
          element("span", { "aria-hidden": "true" }, element("i", {}, word), short),
        );
        button.style.flexGrow = String(bytes);
        return button;
      }),
    );
    mark();
  };
  const mark = (): void => {
    for (const [index, button] of buttons().entries()) {
      const isMarked = marked !== undefined && segments[index]?.layers.includes(marked) === true;
      button.classList.toggle("marked", isMarked);
    }
  };
  new ResizeObserver(() => {
    // A person may be on one of them.
    if (bar.clientWidth !== width && !bar.contains(document.activeElement)) draw();
  }).observe(bar);
  return {
    element: bar,
    show(image) {
      shown = image;
      draw();
    },
    mark(layer) {
      marked = layer;
      mark();
    },
  };
}
