/** Names under which SBOMs are saved and looked for. */

/** The names tools and people give them: `bom.json`, `app.cdx.json`, `app.spdx.json`, `sbom.json`, `sbom-app.json`. */
export const SBOM_FILES = "**/{bom.json,*.bom.json,*.cdx.json,*.spdx.json,*sbom*.json,*cyclonedx*.json}";
export const NOT_LOOKED_INTO = "**/{node_modules,.git,.venv,vendor}/**";

/** `ghcr.io/team/app:1.2` → `ghcr.io-team-app-1.2.cdx.json`. */
export function sbomFileName(label: string, format: "cyclonedx" | "spdx"): string {
  const base = label
    .replace(/\.json$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 100);
  return `${base === "" ? "image" : base}.${format === "spdx" ? "spdx" : "cdx"}.json`;
}
