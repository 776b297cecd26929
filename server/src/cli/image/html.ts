/** An image as one HTML page that needs nothing else: its layers as a picture, in a table, what could go and what is wasted. */
import { createHash } from "node:crypto";
import type { LayerRow } from "../../core/image/rows.ts";
import { bytesText, shareText } from "../../core/text/bytes.ts";
import { plural } from "../plural.ts";
import { type Account, HOW, MEANING, originOf, placeOf } from "./account.ts";

const MOST = 500;
/** Of the picture, in its own units. */
const WIDTH = 1_000;
const HEIGHT = 44;
/** Thinner segments cannot be told apart. */
const MIN_SEGMENT = 0.5;

const STYLE = `:root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --page: #fff; --bad: #b42318; --good: #1a7f37; --waste: #b42318 }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9198a1; --line: #3d444d; --page: #0d1117; --bad: #ff7b72; --good: #56d364; --waste: #ff7b72 } }
body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1.5rem }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0 } .quiet { color: var(--quiet) } .bad { color: var(--bad) } .good { color: var(--good) }
svg { display: block; height: 3rem; margin: 1rem 0; width: 100% }
rect { stroke: var(--page); stroke-width: 1 }
.c0 { fill: #8c959f } .c1 { fill: #218bff } .c2 { fill: #0a7f8c } .c3 { fill: #8250df } .c4 { fill: #bf8700 } .c5 { fill: #2da44e } .c6 { fill: #bc4c00 }
.waste { fill: var(--waste) }
table { border-collapse: collapse; width: 100% } th { color: var(--quiet); font-weight: 600; text-align: left } th.n { text-align: right }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; vertical-align: top }
.n { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap }
code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere } .key { border-radius: 3px; display: inline-block; height: .8rem; width: .8rem }
.key svg { height: 100%; margin: 0 }
.scroll { overflow-x: auto }`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

export function htmlPage(account: Account): string {
  const { image, layers, suggestions, wasted, duplicates, overBudget, dive, against } = account;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${STYLE_HASH}'">
<title>Layers of ${escaped(image)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(image)}</h1>
<p>${escaped(factsOf(account).join(" · "))}</p>
<p class="quiet">Sizes are ${MEANING[account.sizeMeaning]}${account.digest === undefined ? "" : ` · <code>${escaped(account.digest)}</code>`}</p>
${picture(layers)}
${verdicts(overBudget, layers)}${(dive ?? []).map(({ rule, ok, message }) => `<p class="${ok ? "good" : "bad"}">${ok ? "Pass" : "Fail"}: ${escaped(rule)}: ${escaped(message)}</p>\n`).join("")}
${layerTable(layers)}
${section(
  "What could go",
  ["Bytes", "Where", "What", "What helps"],
  suggestions.length,
  suggestions.map(({ bytes, layer, title, advice }) => [
    number(bytesText(bytes)),
    cell(placeOf(layers, layer)),
    cell(title),
    cell(advice),
  ]),
)}
${section(
  `Stored and not visible: ${bytesText(wasted.bytes)}`,
  ["Bytes", "File", "Stored by", "What happened"],
  wasted.count,
  wasted.rows.map(({ bytes, path, storedBy, hiddenBy, how }) => [
    number(bytesText(bytes)),
    codeCell(`/${path}`),
    cell(placeOf(layers, storedBy)),
    cell(`${HOW[how]} by ${placeOf(layers, hiddenBy)}`),
  ]),
)}
${section(
  `The same content more than once: ${bytesText(duplicates.bytes)}`,
  ["Bytes", "Copies", "Files"],
  duplicates.count,
  duplicates.rows.map(({ wastedBytes, count, paths }) => [
    number(bytesText(wastedBytes)),
    number(String(count)),
    codeCell(paths.map(({ path }) => `/${path}`).join("\n")),
  ]),
)}
${
  against
    ? section(
        `Against ${against.image}: ${signed(against.changes.bytes)}`,
        ["Before", "Now", "Change", "Instruction"],
        against.changes.layers.length,
        against.changes.layers.map(({ bytesA, bytesB, text }) => [
          number(bytesText(bytesA)),
          number(bytesText(bytesB)),
          number(signed(bytesB - bytesA)),
          codeCell(text),
        ]),
      )
    : ""
}
</body>
</html>
`;
}

function factsOf({ platform, bytes, compressedBytes, layers, wastedBytes, files }: Account): readonly string[] {
  return [
    ...(platform === undefined ? [] : [platform]),
    `${bytesText(bytes)} in ${plural(layers.length, "layer")}`,
    ...(compressedBytes === undefined ? [] : [`${bytesText(compressedBytes)} to download`]),
    ...(files === undefined ? [] : [plural(files, "file")]),
    ...(wastedBytes === undefined
      ? []
      : [`${bytesText(wastedBytes)} wasted${bytes > 0 ? ` (${shareText(wastedBytes / bytes)})` : ""}`]),
  ];
}

/** Columns of numbers: their titles stand above the last digit. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...["Size", "Share", "Total", "Wasted", "Files", "Bytes", "Copies", "Before", "Now", "Change"],
]);

/** Grey for the base image, then six colours in turn: neighbours never have the same one. */
const colorOf = ({ ofBase, layer }: LayerRow): string => (ofBase ? "c0" : `c${(layer % 6) + 1}`);

/** One bar: a segment for each layer, what is wasted of it as a stripe below. */
function picture(layers: readonly LayerRow[]): string {
  const total = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total === 0) return "";
  let x = 0;
  const segments = layers.flatMap((row) => {
    const width = (row.bytes / total) * WIDTH;
    const at = x;
    x += width;
    if (width < MIN_SEGMENT) return [];
    const title = `<title>${escaped(`${bytesText(row.bytes)}, ${shareText(row.share)}, ${originOf(row)}: ${row.text}`)}</title>`;
    const waste = ((row.wastedBytes ?? 0) / Math.max(1, row.bytes)) * width;
    const stripe =
      waste < MIN_SEGMENT
        ? ""
        : `<rect class="waste" x="${at.toFixed(2)}" y="${HEIGHT - 8}" width="${waste.toFixed(2)}" height="8"></rect>`;
    return [
      `<g>${title}<rect class="${colorOf(row)}" x="${at.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="${HEIGHT}"></rect>${stripe}</g>`,
    ];
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escaped(`${plural(layers.length, "layer")} by size, from the lowest; the table below has them all`)}">${segments.join("")}</svg>${layers.some(({ wastedBytes = 0 }) => wastedBytes > 0) ? '\n<p class="quiet">The stripe below a layer is what of it is not visible in the end.</p>' : ""}`;
}

function verdicts(overBudget: Account["overBudget"], layers: readonly LayerRow[]): string {
  if (overBudget === undefined) return "";
  if (overBudget.length === 0) return `<p class="good">Within its budget</p>`;
  return overBudget
    .map(
      ({ layer, message }) =>
        `<p class="bad">Over its budget, ${escaped(placeOf(layers, layer))}: ${escaped(message)}</p>`,
    )
    .join("\n");
}

const layerTable = (layers: readonly LayerRow[]): string =>
  section(
    "Layers",
    ["", "Where", "Size", "Share", "Total", "Wasted", "Files", "Instruction"],
    layers.length,
    layers.map((row) => [
      `<td><span class="key"><svg viewBox="0 0 10 10"><rect class="${colorOf(row)}" width="10" height="10"></rect></svg></span></td>`,
      cell(originOf(row)),
      number(bytesText(row.bytes)),
      number(shareText(row.share)),
      number(bytesText(row.cumulative)),
      number(row.wastedBytes === undefined ? "" : bytesText(row.wastedBytes)),
      number(row.files === undefined ? "" : String(row.files)),
      codeCell(row.text),
    ]),
    Number.POSITIVE_INFINITY,
  );

function section(
  title: string,
  head: readonly string[],
  count: number,
  rows: readonly (readonly string[])[],
  most = MOST,
): string {
  if (rows.length === 0) return "";
  const shown = rows.slice(0, most);
  const more = count > shown.length ? `<p class="quiet">and ${count - shown.length} more</p>\n` : "";
  return `<h2>${escaped(title)}</h2>
<div class="scroll"><table>
<thead><tr>${head.map((name) => `<th${NUMBERS.has(name) ? ' class="n"' : ""}>${name}</th>`).join("")}</tr></thead>
<tbody>
${shown.map((cells) => `<tr>${cells.join("")}</tr>`).join("\n")}
</tbody>
</table></div>
${more}`;
}

const cell = (text: string): string => `<td>${escaped(text)}</td>`;
const number = (text: string): string => `<td class="n">${escaped(text)}</td>`;
const codeCell = (text: string): string => `<td><code>${escaped(text)}</code></td>`;

const signed = (bytes: number): string => (bytes > 0 ? `+${bytesText(bytes)}` : bytesText(bytes));

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Names of files and instructions come from the image: no markup, and nothing that turns the writing direction round. */
const escaped = (text: string): string =>
  text
    .replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}\ufeff]/gu, "\ufffd")
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
