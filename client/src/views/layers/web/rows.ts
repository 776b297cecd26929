/** How one row looks. */
import { element, icon } from "./dom.ts";
import { type Delta, deltaText, type Item, spoken } from "./items.ts";
import { shadeOf } from "./shades.ts";
import { difference, percent, plain, size } from "./words.ts";

const LETTERS = { added: "A", modified: "M", removed: "R" } as const;
/** As the words of Git views are: what a letter stands for is said on the row. */
const CHANGES = { added: "Added", modified: "Changed", removed: "Removed" } as const;

export function rowElement(item: Item): HTMLElement {
  const label = spoken(item);
  const row = element("div", {
    class: `row ${item.kind}`,
    "aria-label": label,
    ...(item.kind !== "note" && { title: tip(item) }),
  });
  row.append(twistie(item.opens), ...DRAW[item.kind](item as never));
  if (item.kind === "file" && item.row.change) row.classList.add(item.row.change);
  if (item.kind === "layer") row.dataset["layer"] = String(item.row.layer);
  return row;
}

type Kind = Item["kind"];
const DRAW: { readonly [K in Kind]: (item: Extract<Item, { kind: K }>) => readonly Node[] } = {
  layer({ row, delta }) {
    const { keyword } = row;
    const text = plain(row.text);
    const rest = keyword !== "" && text.toUpperCase().startsWith(keyword) ? text.slice(keyword.length).trim() : text;
    return [
      shade(shadeOf(row)),
      element(
        "span",
        { class: "two" },
        element(
          "span",
          { class: "first" },
          element(
            "span",
            { class: "what", role: "gridcell" },
            keyword !== "" && element("b", {}, keyword, rest === "" ? "" : " "),
            keyword === "" && rest === "" ? element("i", {}, "no instruction known") : rest,
          ),
          cell("size", size(row.bytes)),
        ),
        element(
          "span",
          { class: "second" },
          element(
            "span",
            { class: "where", role: "gridcell" },
            row.line !== undefined && element("span", { class: "more" }, `layer ${row.layer + 1} · `),
            row.line === undefined ? `layer ${row.layer + 1}` : `line ${row.line + 1}`,
            row.stale === true && " · changed",
          ),
          delta && cell(`delta ${trendOf(delta)}`, deltaShort(delta)),
          row.wastedBytes ? cell("wasted", `${size(row.wastedBytes)} wasted`) : undefined,
          meter(row.share, shadeOf(row)),
          cell("share", percent(row.share)),
          cell("total", `Σ ${size(row.cumulative)}`),
        ),
      ),
    ];
  },
  group: ({ title, note, size: bytes, share, key }) => [
    shade(key === "base" ? "base" : "none"),
    element(
      "span",
      { class: "two" },
      element(
        "span",
        { class: "first" },
        element("span", { class: "what", role: "gridcell" }, title),
        bytes !== undefined && cell("size", bytes),
      ),
      element(
        "span",
        { class: "second" },
        cell("where", note),
        ...(share === undefined ? [] : [meter(share, "base"), cell("share", percent(share)), cell("total", "")]),
      ),
    ),
  ],
  file: ({ row, share, isFlat }) => [
    ...mark(row.change),
    element(
      "span",
      { class: `what${isFlat ? " path" : ""}`, role: "gridcell" },
      ...(isFlat ? pathParts(plain(row.path)) : [plain(row.name)]),
      row.kind === "directory" && element("span", { class: "dim" }, "/"),
      row.link !== undefined && element("span", { class: "note dim" }, ` → ${plain(row.link)}`),
    ),
    ...(row.wastedBytes ? [cell("wasted", `${size(row.wastedBytes)} wasted`)] : []),
    meter(share, "file"),
    cell("size", row.change === "removed" && row.bytes === 0 ? "" : size(row.bytes)),
  ],
  line: ({ title, note, size: bytes, mark: change }) => [
    ...mark(change),
    element(
      "span",
      { class: "what path", role: "gridcell" },
      ...pathParts(title),
      note !== "" && element("span", { class: "note dim" }, `  ${note}`),
    ),
    cell("size", bytes),
  ],
  note: ({ text }) => [element("span", { class: "what dim", role: "gridcell" }, text)],
  waiting: () => [element("span", { class: "bone", role: "gridcell" })],
};

const trendOf = (delta: Delta): string =>
  delta.is !== "changed" ? delta.is : delta.bytes > 0 ? "grew" : delta.bytes < 0 ? "shrank" : "same";

/** In its column. */
const deltaShort = (delta: Delta): string =>
  delta.is === "changed" && delta.bytes !== 0 ? difference(delta.bytes) : deltaText(delta);

const cell = (name: string, text: string): HTMLElement => element("span", { class: name, role: "gridcell" }, text);

const twistie = (opens: boolean): HTMLElement =>
  element("span", { class: `twistie${opens ? "" : " none"}`, "aria-hidden": "true" }, opens && icon("chevron"));

const shade = (name: string): HTMLElement => element("span", { class: `shade ${name}`, "aria-hidden": "true" });

function meter(share: number, name: string): HTMLElement {
  const filled = element("span", { class: `filled ${name}` });
  filled.style.width = `${Math.min(100, Math.max(share > 0 ? 1 : 0, share * 100))}%`;
  return element("span", { class: "meter", "aria-hidden": "true" }, filled);
}

const mark = (change: keyof typeof LETTERS | undefined): readonly HTMLElement[] => [
  element(
    "span",
    { class: `mark ${change ?? "none"}`, title: change && CHANGES[change], "aria-hidden": "true" },
    change ? LETTERS[change] : "",
  ),
];

/** The folder is quieter than the name in it, and gives way to it. */
function pathParts(path: string): readonly Node[] {
  const at = path.lastIndexOf("/") + 1;
  return [
    ...(at === 0 ? [] : [element("span", { class: "folder dim" }, path.slice(0, at))]),
    element("span", { class: "name" }, path.slice(at)),
  ];
}

function tip(item: Item): string {
  switch (item.kind) {
    case "layer": {
      const { row, delta } = item;
      return [
        plain(row.text),
        "",
        `Layer ${row.layer + 1}${row.line === undefined ? "" : `, line ${row.line + 1}`}${row.ofBase ? ", of the base image" : ""}${row.stale === true ? ", changed since it was built" : ""}`,
        `${size(row.bytes)}, ${percent(row.share)} of the image; ${size(row.cumulative)} up to here`,
        ...(row.compressedBytes === undefined ? [] : [`${size(row.compressedBytes)} as a registry stores it`]),
        ...(row.files === undefined
          ? []
          : [`${row.added ?? 0} added, ${row.modified ?? 0} changed, ${row.removed ?? 0} removed`]),
        ...(row.wastedBytes ? [`${size(row.wastedBytes)} are stored here and not visible in the end`] : []),
        ...(row.hidesBytes ? [`Hides ${size(row.hidesBytes)} of layers below`] : []),
        ...(row.recognised ?? []),
        ...(delta ? [deltaText(delta)] : []),
        ...(row.diffId === undefined ? [] : [row.diffId]),
      ].join("\n");
    }
    case "file": {
      const { row } = item;
      return [
        `/${plain(row.path)}${row.link === undefined ? "" : ` → ${plain(row.link)}`}`,
        `${row.mode} ${row.owner}`,
        ...(row.change ? [`${CHANGES[row.change]} in layer ${row.layer + 1}`] : [`Of layer ${row.layer + 1}`]),
        ...(row.wastedBytes ? [`${size(row.wastedBytes)} are stored and not visible in the end`] : []),
      ].join("\n");
    }
    case "line":
      return [item.title, item.note].filter((part) => part !== "").join("\n");
    default:
      return "";
  }
}
