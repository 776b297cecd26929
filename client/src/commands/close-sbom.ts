/** Takes an SBOM out of the view; its file, if it has one, stays. */
import { sbomOfRow } from "../views/sbom/view.ts";
import type { Parts } from "./command.ts";

export async function closeSbom({ sboms }: Parts, row?: unknown): Promise<void> {
  const open = sbomOfRow(row);
  for (const each of open ? [open] : sboms.opened()) sboms.close(each);
}
