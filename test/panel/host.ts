/**
 * In the page: answers the panel as the extension does, from an image that is worked out rather than read: 2,000 layers, and in the
 * last one a folder of 1,000,000 files.
 */
import type { Content, PageQuestion, ToHost, ToPanel } from "../../client/src/views/layers/messages.ts";
import type { FileRow, ImageFolder, LayerRow, OpenedImage } from "../../server/src/lsp/messages.ts";

export const LAYERS = 2_000;
const OF_BASE = 5;
export const FILES = 1_000_000;
export const FOLDER = "srv/many";
/** About what a message to the server and back takes. */
const ANSWER_MS = 8;

export interface Played {
  /** What the panel has said, oldest first. */
  readonly sent: ToHost[];
  readonly violations: string[];
  readonly tell: (message: ToPanel) => void;
  readonly content: (own?: Partial<OpenedImage>) => Content;
  /** Blank places that were seen since the last time it was asked, and rows that were still being read. */
  readonly watch: () => { readonly frames: number; readonly blank: number; readonly waiting: number };
  answerMs: number;
}

declare global {
  var played: Played;
  var acquireVsCodeApi: unknown;
}

const layers: readonly LayerRow[] = (() => {
  let cumulative = 0;
  const bytesOf = (layer: number): number =>
    layer < OF_BASE ? 20_000_000 : layer % 250 === 0 ? 30_000_000 : (layer * 7919) % 60_000;
  const whole = Array.from({ length: LAYERS }, (_, layer) => bytesOf(layer)).reduce((sum, each) => sum + each, 0);
  return Array.from({ length: LAYERS }, (_, layer): LayerRow => {
    const bytes = bytesOf(layer);
    cumulative += bytes;
    const ofBase = layer < OF_BASE;
    return {
      ...{ layer, bytes, cumulative, share: bytes / whole, ofBase },
      text: `RUN step-${layer} --with <b>markup</b> && echo ${layer}`,
      ...{
        keyword: "RUN",
        files: 3,
        added: 2,
        modified: 1,
        removed: 0,
        wastedBytes: layer % 500 === 499 ? 1_000 * layer : 0,
      },
      ...(!ofBase && { line: layer - OF_BASE + 1, endLine: layer - OF_BASE + 1 }),
    };
  });
})();
const total = layers.at(-1)?.cumulative ?? 0;
const wasted = layers.reduce((sum, { wastedBytes = 0 }) => sum + wastedBytes, 0);

const image: OpenedImage = {
  ...{ id: "1", title: "shop:main", digest: `sha256:${"0".repeat(64)}`, platform: "linux/amd64", deep: true },
  sizeMeaning: "content",
  sizeNote: "Bytes of regular files",
  layers,
  totals: { bytes: total, wastedBytes: wasted, files: FILES + 20 },
  suggestions: [
    {
      title: "apt package lists: 41 MB in layer 7",
      advice: "Remove them in the same RUN",
      bytes: 41_000_000,
      layer: 6,
      line: 2,
      rule: "apt-lists",
      fixTitle: "Remove the lists",
    },
    { title: "The same file twice: 3 MB in layer 9", advice: "Copy it once", bytes: 3_000_000, layer: 8, line: 4 },
  ],
  wasted: {
    rows: [{ path: "var/log/install.log", bytes: 499_000, storedBy: 499, hiddenBy: 600, how: "removed" }],
    count: 1,
    bytes: wasted,
  },
  duplicates: { rows: [], count: 0, bytes: 0 },
  base: { image: "node:22", layers: OF_BASE, bytes: 100_000_000 },
};

const row = (own: Pick<FileRow, "name" | "path" | "kind" | "bytes"> & Partial<FileRow>): FileRow => ({
  ...{ files: 1, layer: LAYERS - 1, mode: "-rw-r--r--", owner: "0:0" },
  ...own,
});

const folder = (path: string, bytes: number, files: number): FileRow =>
  row({
    name: path.split("/").at(-1) ?? path,
    path,
    kind: "directory",
    bytes,
    files,
    mode: "drwxr-xr-x",
    change: "modified",
  });

const file = (index: number): FileRow =>
  row({
    ...{
      name: `file-${String(index).padStart(7, "0")}`,
      path: `${FOLDER}/file-${String(index).padStart(7, "0")}`,
      kind: "file",
    },
    bytes: FILES - index,
    change: index % 3 === 0 ? "added" : index % 3 === 1 ? "modified" : "removed",
  });

function answer({ path, search, from, count }: PageQuestion): ImageFolder {
  const page = (all: number, make: (index: number) => FileRow): ImageFolder => ({
    total: all,
    rows: Array.from({ length: Math.max(0, Math.min(count, all - from)) }, (_, at) => make(from + at)),
  });
  if (search !== undefined) return page(search === "file-0000042" ? 1 : 0, () => file(42));
  if (path === FOLDER) return page(FILES, file);
  if (path === "srv") return page(1, () => folder(FOLDER, 9_000_000, FILES));
  if (path !== "") return page(0, file);
  const tops = [
    folder("srv", 9_000_000, FILES),
    folder("usr", 200_000, 12),
    row({ name: "<img src=x>", path: "<img src=x>", kind: "file", bytes: 12, change: "added" }),
  ];
  return page(tops.length, (index) => tops[index] ?? folder("srv", 0, 0));
}

const sent: ToHost[] = [];
let state: unknown;
const tell = (message: ToPanel): void => window.postMessage(message);
let seen = { frames: 0, blank: 0, waiting: 0 };

globalThis.played = {
  sent,
  tell,
  violations: [],
  content: (own) => ({ image: { ...image, ...own }, dockerfile: "shop/Dockerfile" }),
  watch() {
    const before = seen;
    seen = { frames: 0, blank: 0, waiting: 0 };
    return before;
  },
  answerMs: ANSWER_MS,
};
globalThis.acquireVsCodeApi = () => ({
  postMessage(message: ToHost) {
    sent.push(message);
    if (message.kind === "page")
      setTimeout(
        () => tell({ kind: "page", request: message.request, page: answer(message.question) }),
        globalThis.played.answerMs,
      );
  },
  getState: () => state,
  setState(now: unknown) {
    state = now;
  },
});
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  globalThis.played.violations.push(`${violatedDirective} ${blockedURI}`),
);

/** Looks at each frame as it is about to be painted, every half line. */
function look(): void {
  requestAnimationFrame(look);
  const list = document.querySelector<HTMLElement>(".list:not([hidden])");
  if (!list) return;
  const { top, bottom, left, width } = list.getBoundingClientRect();
  const end = Math.min(bottom, top + list.scrollHeight - list.scrollTop);
  seen.frames += 1;
  for (let y = top + 3; y < end - 3; y += 11) {
    const found = document.elementFromPoint(left + width / 2, y)?.closest<HTMLElement>(".row");
    if (!found || (found.textContent === "" && !found.classList.contains("waiting"))) seen.blank += 1;
    else if (found.classList.contains("waiting")) seen.waiting += 1;
  }
}
requestAnimationFrame(look);
