/** What scans found in images, as the client tells it: shown when somebody hovers over the image, never as a squiggle. */
import type { ImageUse } from "../core/model/dockerfile/images.ts";
import { parseImageRef } from "../core/model/image-ref.ts";
import { escaped } from "../core/text/markdown.ts";
import type { ScanSummary } from "./messages.ts";
import { fieldsOf, numberOf, stringOf } from "./read.ts";

const SEVERITIES = ["critical", "high", "medium", "low", "negligible", "unknown"] as const;
const MAX_SUMMARIES = 500;

/** One name however it is written: `node` and `docker.io/library/node:latest`. */
export type ScanSummaries = ReadonlyMap<string, ScanSummary>;

export const noSummaries: ScanSummaries = new Map();

export function summariesIn(params: unknown): ScanSummaries {
  const list = fieldsOf(params)?.["summaries"];
  const summaries = new Map<string, ScanSummary>();
  for (const value of Array.isArray(list) ? list.slice(0, MAX_SUMMARIES) : []) {
    const summary = read(value);
    if (summary) summaries.set(nameOf(summary.image), summary);
  }
  return summaries;
}

function read(value: unknown): ScanSummary | undefined {
  const fields = fieldsOf(value);
  const counts = fieldsOf(fields?.["counts"]);
  const [image, scanner, scanned] = ["image", "scanner", "scanned"].map((key) => stringOf(fields?.[key]));
  if (image === undefined || scanner === undefined || scanned === undefined || !counts) return undefined;
  const database = stringOf(fields?.["database"]);
  return {
    image,
    scanner,
    scanned,
    counts: Object.fromEntries(SEVERITIES.map((severity) => [severity, numberOf(counts[severity]) ?? 0])),
    secrets: numberOf(fields?.["secrets"]) ?? 0,
    misconfigurations: numberOf(fields?.["misconfigurations"]) ?? 0,
    fixable: numberOf(fields?.["fixable"]) ?? 0,
    ...(database !== undefined && { database }),
  };
}

/** One name, however it is written. */
export function nameOf(image: string): string {
  const parsed = parseImageRef(image);
  if (!parsed.ok) return image;
  const { domain, path, tag, digest } = parsed.ref;
  return `${domain}/${path}${digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`}`;
}

export const summaryFor = (summaries: ScanSummaries, { reference }: ImageUse): ScanSummary | undefined =>
  summaries.get(nameOf(reference));

/** Markdown of one paragraph. */
export function summaryText(
  { image, scanner, scanned, counts, secrets = 0, misconfigurations = 0, fixable, database }: ScanSummary,
  link: string | undefined,
): string {
  const parts = [
    ...SEVERITIES.map((severity) => [counts[severity] ?? 0, severity] as const),
    [secrets, secrets === 1 ? "secret" : "secrets"] as const,
    [misconfigurations, misconfigurations === 1 ? "misconfiguration" : "misconfigurations"] as const,
  ].flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  const found = parts.length === 0 ? "nothing found" : parts.join(", ");
  const fixes = fixable > 0 ? `; ${fixable} with a fix` : "";
  const basis = database === undefined ? "" : `, database of ${escaped(database)}`;
  const show = link === undefined ? "" : `\n\n[Show findings](${link})`;
  return `**Scan of ${code(image)}**: ${found}${fixes}\n\n${escaped(scanner)}, ${escaped(scanned)}${basis}${show}`;
}

const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``;
