/** An image as text: its layers in a table, what breaks its budget, what could go, what is wasted. */
import type { HistoryRow } from "../../core/image/history-rows.ts";
import type { ChangedFile, ImageChanges, LayerRow, Top } from "../../core/image/rows.ts";
import { bytesText, shareText } from "../../core/text/bytes.ts";
import type { Colors } from "../colors.ts";
import { plural } from "../plural.ts";
import { printable } from "../printable.ts";
import type { Evidence, EvidenceKind } from "../../effects/registry/evidence.ts";
import { type Account, type RegistryAccount, HOW, MEANING, originOf, placeOf } from "./account.ts";

/** More than that nobody reads in a terminal; the other formats have all. */
const MOST = 10;
const MAX_INSTRUCTION = 100;

export function tableText(account: Account, color: Colors): string {
  const { layers, suggestions, wasted, duplicates, overBudget, dive, against } = account;
  const blocks: readonly (readonly string[])[] = [
    [color.bold(headline(account)), color.dim(`Sizes are ${MEANING[account.sizeMeaning]}`)],
    layerTable(layers, color),
    withoutLayer(account.history),
    account.registry ? registryText(account.registry, color) : [],
    overBudget === undefined
      ? []
      : overBudget.length === 0
        ? [color.green("Within its budget")]
        : [
            color.red("Over its budget"),
            ...overBudget.map(({ layer, message }) => `  ${placeOf(layers, layer)}: ${message}`),
          ],
    dive === undefined
      ? []
      : dive.map(({ rule, ok, message }) => `${ok ? color.green("pass") : color.red("FAIL")} ${rule}: ${message}`),
    listed(
      "What could go",
      suggestions,
      suggestions.length,
      ({ title, advice, line }) => `${line === undefined ? "" : `line ${line + 1}: `}${title}. ${advice}`,
    ),
    listed(
      `Stored and not visible: ${bytesText(wasted.bytes)}`,
      wasted.rows,
      wasted.count,
      ({ path, bytes, storedBy, hiddenBy, how }) =>
        `${bytesText(bytes).padStart(8)}  ${oneLine(path)}  stored by ${placeOf(layers, storedBy)}, ${HOW[how]} by ${placeOf(layers, hiddenBy)}`,
    ),
    listed(
      `The same content more than once: ${bytesText(duplicates.bytes)}`,
      duplicates.rows,
      duplicates.count,
      ({ paths, count, wastedBytes }) =>
        `${bytesText(wastedBytes).padStart(8)}  ${paths
          .slice(0, 3)
          .map(({ path }) => oneLine(path))
          .join(", ")}${count > 3 ? `, ${count - 3} more` : ""}`,
    ),
    against ? changesText(against.image, against.changes, color) : [],
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function headline({ image, platform, bytes, compressedBytes, layers, wastedBytes, files }: Account): string {
  const base = layers.reduce((sum, layer) => sum + (layer.ofBase ? layer.bytes : 0), 0);
  const facts = [
    ...(platform === undefined ? [] : [platform]),
    `${bytesText(bytes)} in ${plural(layers.length, "layer")}${base > 0 ? `, ${bytesText(base)} of it base` : ""}`,
    ...(compressedBytes === undefined ? [] : [`${bytesText(compressedBytes)} to download`]),
    ...(files === undefined ? [] : [plural(files, "file")]),
    ...(wastedBytes === undefined
      ? []
      : [`${bytesText(wastedBytes)} wasted${bytes > 0 ? ` (${shareText(wastedBytes / bytes)})` : ""}`]),
  ];
  return `${printable(image)}: ${facts.join(", ")}`;
}

/** Labels that say where an image comes from (OCI image specification, annotations). */
const ORIGINS: readonly string[] = ["source", "revision", "version"].map((key) => `org.opencontainers.image.${key}`);

function registryText(registry: RegistryAccount, color: Colors): readonly string[] {
  const { digest, created, labels, platforms, evidence } = registry;
  const width = Math.max(...platforms.map(({ platform }) => platform.length));
  const labelled = ORIGINS.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [`  ${key.slice(key.lastIndexOf(".") + 1)}: ${shortened(value)}`];
  });
  return [
    color.bold(`In its registry: ${printable(digest)}`),
    ...(created === undefined ? [] : [`  created ${shortened(created)}`]),
    ...labelled,
    ...platforms.map(({ platform, bytes, layers }) => {
      const size = bytes === undefined ? "" : `${bytesText(bytes).padStart(9)} in ${plural(layers ?? 0, "layer")}`;
      return `  ${printable(platform.padEnd(width))}  ${size}`.trimEnd();
    }),
    ...(evidence ? evidenceText(evidence) : []),
  ];
}

/** Each kind with where it was found; that it is there is not that it holds. */
function evidenceText({ items }: Evidence): readonly string[] {
  const kinds = [...Map.groupBy(items, ({ kind }) => kind)];
  if (kinds.length === 0) return ["  no signature, SBOM or provenance"];
  return kinds.map(([kind, found]) => {
    const places = [...new Set(found.map(({ in: where }) => where.replace(/^tag sha256-[0-9a-f]+/, "tag …")))];
    return `  ${WORDS[kind]}, not verified: ${plural(found.length, "statement")} in ${printable(places.join(", "))}`;
  });
}

const WORDS: Readonly<Record<EvidenceKind, string>> = {
  signature: "signature",
  sbom: "SBOM",
  provenance: "provenance",
  attestation: "other attestation",
};

/** The rest of its history: settings, mostly. */
function withoutLayer(history: readonly HistoryRow[]): readonly string[] {
  const rows = history.filter(({ layer, text }) => layer === undefined && text !== "");
  return listed("Without a layer", rows, rows.length, ({ created, text }) =>
    [...(created === undefined ? [] : [printable(created.slice(0, 10))]), shortened(text)].join("  "),
  );
}

function layerTable(layers: readonly LayerRow[], color: Colors): readonly string[] {
  const rows = layers.map((row) => ({
    cells: [
      originOf(row),
      bytesText(row.bytes),
      shareText(row.share),
      bytesText(row.cumulative),
      row.wastedBytes === undefined ? "" : row.wastedBytes === 0 ? "–" : bytesText(row.wastedBytes),
    ],
    text: shortened(row.text),
    ofBase: row.ofBase,
  }));
  const head = ["WHERE", "SIZE", "SHARE", "TOTAL", "WASTED"];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[], text: string): string =>
    `${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ")}  ${text}`;
  return [
    color.bold(line(head, "INSTRUCTION")),
    ...rows.map(({ cells, text, ofBase }) => (ofBase ? color.dim(line(cells, text)) : line(cells, text))),
  ];
}

function changesText(image: string, changes: ImageChanges, color: Colors): readonly string[] {
  const { bytes, layers, added, removed, grown, shrunk } = changes;
  const sum =
    bytes === 0 ? "the same size as" : `${bytesText(Math.abs(bytes))} ${bytes > 0 ? "larger" : "smaller"} than`;
  const changed = layers.filter(({ same, bytesA, bytesB }) => !same && bytesA !== bytesB);
  const files: readonly (readonly [string, Top<ChangedFile> | undefined])[] = [
    ["added", added],
    ["removed", removed],
    ["grown", grown],
    ["shrunk", shrunk],
  ];
  return [
    color.bold(`${sum.charAt(0).toUpperCase()}${sum.slice(1)} ${printable(image)}`),
    ...changed.map(({ bytesA, bytesB, text }) => `  ${signed(bytesB - bytesA).padStart(9)}  ${shortened(text)}`),
    ...files.flatMap(([what, top]) =>
      !top || top.count === 0
        ? []
        : listed(
            `  ${plural(top.count, "file")} ${what}`,
            top.rows,
            top.count,
            ({ path, bytesA, bytesB }) => `${signed(bytesB - bytesA).padStart(9)}  ${oneLine(path)}`,
          ),
    ),
  ];
}

const signed = (bytes: number): string => (bytes > 0 ? `+${bytesText(bytes)}` : bytesText(bytes));

function listed<T>(title: string, items: readonly T[], count: number, row: (item: T) => string): readonly string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MOST);
  const more = count > shown.length ? [`  and ${count - shown.length} more`] : [];
  return [title, ...shown.map((item) => `  ${row(item)}`), ...more];
}

/** A file's name may hold a line break. */
const oneLine = (path: string): string => printable(`/${path}`.replaceAll("\n", "\\n"));

function shortened(text: string): string {
  const line = printable(text.replaceAll(/\s+/g, " "));
  return line.length > MAX_INSTRUCTION ? `${line.slice(0, MAX_INSTRUCTION - 1)}…` : line;
}
