/** Compares two SBOMs: what came, what went, what has another version or licence, as a text to look at. */
import { compareSboms as compare, comparisonText } from "../sbom/compare.ts";
import { showPreview } from "../preview.ts";
import { sbomOfRow } from "../views/sbom/view.ts";
import { chooseSbom } from "./choose-sbom.ts";
import type { Parts } from "./command.ts";

export async function compareSboms(parts: Parts, row?: unknown): Promise<void> {
  const before = sbomOfRow(row) ?? (await chooseSbom(parts, "Compare which SBOM? The older one first"));
  if (!before) return;
  const after = await chooseSbom(parts, `Compare ${before.label} with which newer one?`, before);
  if (!after) return;
  await showPreview(
    "compared-sboms.diff",
    comparisonText(compare(before.sbom, after.sbom), before.label, after.label),
    "diff",
  );
}
