/** The page of the view *Layers*: what the extension says is shown, what is done here is told to it. */
import type { FileRow, ImageLine, LayerRow } from "../../../../../server/src/lsp/messages.ts";
import type { Content, PageQuestion, Sort, Status, ToHost, ToPanel, View } from "../messages.ts";
import { createBar } from "./bar.ts";
import { element, icon } from "./dom.ts";
import { type Item, itemsOf, type PlacedLayer, type Row } from "./items.ts";
import { createList } from "./list.ts";
import type { Page } from "./pages.ts";
import { rowElement } from "./rows.ts";
import { emptyText, facts, statusPart, suggestionList } from "./top.ts";
import { type Branch, linesOf, nextRow, open, spotAt } from "./tree.ts";

declare const acquireVsCodeApi: () => {
  readonly postMessage: (message: ToHost) => void;
  readonly getState: () => View | undefined;
  readonly setState: (view: View) => void;
};

const host = acquireVsCodeApi();
const send = (message: ToHost): void => host.postMessage(message);

const FIRST: View = { sort: "size", onlyWasted: false, search: "", open: [], suggestions: true, scroll: 0, of: "" };
const PAGES_AT_ONCE = 4;
const TYPING_MS = 200;
const KEEPING_MS = 400;
/** Keys that are remembered: a person opens fewer. */
const MAX_OPEN = 300;

let content: Content = {};
let status: Status = { restricted: false };
/** Of this page, as long as it only was hidden; else what the extension has kept. */
const own = host.getState();
let view: View = { ...FIRST, ...own };
let isFresh = own === undefined;
let opened = new Set(view.open);
let root: Branch<Item> | undefined;

// Questions about pages: few at a time, the newest first, and none that nobody waits for any more.
interface Asked {
  readonly question: PageQuestion;
  readonly isWanted: () => boolean;
  readonly answer: PromiseWithResolvers<Page<FileRow>>;
}
const waiting: Asked[] = [];
const underway = new Map<number, Asked>();
let requests = 0;

function ask(question: PageQuestion, isWanted: () => boolean): Promise<Page<FileRow>> {
  const asked: Asked = { question, isWanted, answer: Promise.withResolvers() };
  waiting.push(asked);
  askNext();
  return asked.answer.promise;
}

function askNext(): void {
  while (underway.size < PAGES_AT_ONCE) {
    const asked = waiting.pop();
    if (!asked) return;
    if (!asked.isWanted()) {
      asked.answer.reject(new Error("Not looked at any more"));
      continue;
    }
    requests += 1;
    underway.set(requests, asked);
    send({ kind: "page", request: requests, question: asked.question });
  }
}

function forgetQuestions(): void {
  for (const { answer } of [...waiting.splice(0), ...underway.values()])
    answer.reject(new Error("Another list is shown"));
  underway.clear();
}

const header = element("header", { class: "facts-of-image" });
const empty = element("div", { class: "empty" });
const statusBar = statusPart(
  () => send({ kind: "cancel" }),
  () => send({ kind: "read" }),
);
const bar = createBar((layers) => {
  const [layer] = layers;
  if (layer !== undefined) chooseLayer(layer, true);
});
const suggestions = suggestionList({
  onFix: (suggestion) => send({ kind: "fix", suggestion }),
  onLine: (layer) => send({ kind: "line", layer }),
  onExplain: (rule) => send({ kind: "explain", rule }),
  onFold: (isOpen) => {
    if (isOpen !== view.suggestions) keep({ suggestions: isOpen });
  },
});
const search = element("input", {
  type: "search",
  placeholder: "Search files",
  "aria-label": "Search files",
  spellcheck: "false",
});
const sort = element(
  "select",
  { "aria-label": "Sort files by" },
  ...(["size", "name", "change"] as const).map((each) => element("option", { value: each }, `By ${each}`)),
);
const onlyWasted = element(
  "button",
  { class: "toggle", type: "button", title: "Only what is stored and not visible in the end" },
  "Only wasted",
);
const tools = element(
  "div",
  { class: "tools", role: "search" },
  element("label", { class: "search" }, icon("search"), search),
  sort,
  onlyWasted,
);
const list = createList({
  label: "Layers and files",
  draw: rowElement,
  onAct: (item) => {
    if (item.kind === "layer") send({ kind: "line", layer: item.row.layer });
  },
  onActive: (item) => bar.mark(item.kind === "layer" ? item.row.layer : undefined),
  onFold: (item, isOpen) => {
    if (!("key" in item)) return;
    opened.delete(item.key);
    if (isOpen) opened.add(item.key);
    keep({ open: [...opened].slice(-MAX_OPEN) });
  },
  onScroll: () => keep({ scroll: list.scroll() }),
});
document.body.append(header, statusBar.element, bar.element, suggestions.element, tools, list.element, empty);

let keeping: ReturnType<typeof setTimeout> | undefined;
/** At once for this page, soon for the next window. */
function keep(now: Partial<View>): void {
  if (!content.image) return;
  view = { ...view, ...now, of: nameOf(content) };
  host.setState(view);
  clearTimeout(keeping);
  keeping = setTimeout(() => send({ kind: "view", view }), KEEPING_MS);
}

const nameOf = ({ image }: Content): string => image?.title ?? "";

const layer = (index: number): PlacedLayer | undefined => content.image?.layers[index];

function rebuild(scroll: number): void {
  forgetQuestions();
  root = itemsOf({ content, view, layer, ask, onChange: list.refresh }, opened);
  list.show(root);
  list.scrollTo(scroll);
}

function showContent(): void {
  const { image } = content;
  const isShown = image !== undefined;
  header.replaceChildren(...facts(content, (command) => send({ kind: "command", command })));
  for (const part of [header, bar.element, tools, list.element]) part.hidden = !isShown;
  suggestions.show(image?.suggestions ?? [], view.suggestions);
  if (image) bar.show(image);
  tools.hidden = image?.deep !== true;
  sort.value = view.sort;
  search.value = view.search;
  onlyWasted.setAttribute("aria-pressed", String(view.onlyWasted));
  showStatus();
  rebuild(view.of === nameOf(content) ? view.scroll : 0);
}

function showStatus(): void {
  statusBar.show(status);
  empty.hidden = content.image !== undefined;
  empty.replaceChildren(...(content.image ? [] : emptyText(status, (command) => send({ kind: "command", command }))));
}

/** Brings its row into sight; opens the base image's where it is in there. */
function chooseLayer(layer: number, act = false): void {
  const row = content.image?.layers.find((each) => each.layer === layer);
  const found = row && rowOfLayer(row);
  if (!found) return;
  list.choose(found);
  if (act) send({ kind: "line", layer });
}

function rowOfLayer({ layer, ofBase }: LayerRow): Row | undefined {
  if (!root) return undefined;
  const find = (of: Branch<Item>): Row | undefined => {
    for (let index = 0; index < of.count; index += 1) {
      const item = of.item(index);
      if (item.kind === "layer" && item.row.layer === layer) return { branch: of, index };
    }
    return undefined;
  };
  const outside = find(root);
  if (outside || !ofBase) return outside;
  for (let index = 0; index < root.count; index += 1) {
    const item = root.item(index);
    if (item.kind !== "group" || item.key !== "base") continue;
    open({ branch: root, index });
    opened.add(item.key);
    const base = root.opened.find(({ at }) => at === index);
    return base && find(base);
  }
  return undefined;
}

/** The list anew, as it is looked at now. */
function look(now: Partial<View>): void {
  keep({ ...now, scroll: 0 });
  rebuild(0);
}

/** Its key. */
const ALL_FILES = "files";
let openedToSearch = false;
/** The same where nothing has moved. */
function placed(row: PlacedLayer, place: ImageLine | undefined): PlacedLayer {
  if (row.line === place?.line && row.endLine === place?.endLine && (row.stale ?? false) === (place?.stale ?? false))
    return row;
  const { line: _line, endLine: _end, stale: _stale, ...own } = row;
  return place ? { ...own, line: place.line, endLine: place.endLine, stale: place.stale } : own;
}

// Whoever comes to the view by keys is where they are of use.
window.addEventListener("focus", () => {
  if (content.image && document.hasFocus() && document.activeElement === document.body)
    list.element.focus({ preventScroll: true });
});

let typing: ReturnType<typeof setTimeout> | undefined;
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const now = search.value.trim();
    if (now === view.search) return;
    // Where the answers are.
    if (now !== "" && !opened.has(ALL_FILES)) {
      openedToSearch = true;
      opened.add(ALL_FILES);
    } else if (now === "" && openedToSearch) {
      openedToSearch = false;
      opened.delete(ALL_FILES);
    }
    look({ search: now });
  }, TYPING_MS);
});
search.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  list.element.focus();
  const first = root && linesOf(root) > 0 ? spotAt(root, 0) : undefined;
  const below = root && first && nextRow(root, first);
  if (below ?? first) list.choose((below ?? first) as Row);
});
sort.addEventListener("change", () => look({ sort: sort.value as Sort }));
onlyWasted.addEventListener("click", () => {
  const now = !view.onlyWasted;
  onlyWasted.setAttribute("aria-pressed", String(now));
  look({ onlyWasted: now });
});

const RECEIVE: { readonly [K in ToPanel["kind"]]: (message: Extract<ToPanel, { kind: K }>) => void } = {
  content(message) {
    const before = content;
    content = message.content;
    if (message.view && isFresh) {
      view = { ...FIRST, ...message.view };
      opened = new Set(view.open);
    }
    isFresh = false;
    // Its place is kept while the same image is read on.
    const isSame = nameOf(before) === nameOf(content) && before.image !== undefined;
    if (isSame) keep({ scroll: list.scroll() });
    else if (view.of !== nameOf(content)) {
      opened = new Set();
      view = { ...view, open: [], scroll: 0, search: "", of: nameOf(content) };
    }
    showContent();
  },
  status(message) {
    status = message.status;
    showStatus();
  },
  page({ request, page }) {
    underway.get(request)?.answer.resolve(page);
    underway.delete(request);
    askNext();
  },
  select: ({ layer }) => chooseLayer(layer),
  lines({ lines }) {
    if (!content.image) return;
    const places = new Map(lines.map((each) => [each.layer, each]));
    const layers = content.image.layers.map((row) => placed(row, places.get(row.layer)));
    content = { ...content, image: { ...content.image, layers } };
    if (content.image) bar.show(content.image);
    list.refresh();
  },
  said: ({ suggestion, text }) => suggestions.say(suggestion, text),
};

window.addEventListener("message", ({ data }: MessageEvent<ToPanel>) => {
  RECEIVE[data.kind]?.(data as never);
});
showContent();
send({ kind: "ready" });
