/** Reads the text of an SBOM, also where it is wrapped: in-toto statements, their signed envelopes, and what buildx prints. */
import { type Fields, fieldsOf, textOf } from "../scanners/json.ts";
import { isCycloneDx, readCycloneDx } from "./cyclonedx.ts";
import { parseJson } from "./json.ts";
import type { Sbom } from "./model.ts";
import { isSpdx, readSpdx } from "./spdx.ts";

/** Larger texts would hold up the editor for seconds. */
export const MAX_SBOM_LENGTH = 200 * 1024 * 1024;

export interface ReadSbom {
  readonly sbom: Sbom;
  /** The SBOM alone, without what it was wrapped in. */
  readonly text: string;
}

/** The SBOMs in the text, one for each platform, or why there is none. */
export function readSboms(text: string): readonly ReadSbom[] | string {
  if (text.length > MAX_SBOM_LENGTH) return "it is larger than 200 MB";
  if (/^\uFEFF?\s*</.test(text)) return "it is XML; export the SBOM as JSON";
  const value = parseJson(text);
  if (value === undefined) return "it is no JSON";
  const whole = fieldsOf(value);
  const read = sbomsIn(whole, 0).map(({ sbom, document }) => ({
    sbom,
    text: document === whole ? text : JSON.stringify(document, undefined, 2),
  }));
  if (read.length > 0) return read;
  return Array.isArray(whole["artifacts"]) && fieldsOf(whole["descriptor"])["name"] === "syft"
    ? "it is Syft's own JSON; ask it for cyclonedx-json or spdx-json"
    : "it is neither CycloneDX nor SPDX 2 JSON";
}

interface Found {
  readonly sbom: Sbom;
  readonly document: Fields;
}

/** How deep a wrapping may be wrapped. */
const DEPTH = 3;
const PLATFORM = /^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/;

function sbomsIn(document: Fields, depth: number): readonly Found[] {
  if (isCycloneDx(document)) return [{ sbom: readCycloneDx(document), document }];
  if (isSpdx(document)) return [{ sbom: readSpdx(document), document }];
  if (depth === DEPTH) return [];
  const inner = wrapped(document);
  if (inner !== undefined) return sbomsIn(inner, depth + 1);
  return Object.entries(document)
    .filter(([platform]) => PLATFORM.test(platform))
    .flatMap(([platform, value]) =>
      sbomsIn(fieldsOf(value), depth + 1).map((found) => ({ ...found, sbom: { ...found.sbom, platform } })),
    );
}

function wrapped(document: Fields): Fields | undefined {
  const payload = textOf(document["payload"]);
  const inside =
    document["predicate"] ??
    document["SPDX"] ??
    (payload === undefined ? undefined : parseJson(Buffer.from(payload, "base64").toString("utf8")));
  return inside === undefined ? undefined : fieldsOf(inside);
}
