/** `textDocument/selectionRange` in compose files: what a selection grows to. */
import type { SelectionRange, SelectionRangeParams } from "vscode-languageserver/node";
import { selectionsAt } from "../../core/features/compose/selection.ts";
import { openCompose } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import type { Session } from "../session.ts";

export async function selectionRange(
  session: Session,
  { textDocument, positions }: SelectionRangeParams,
): Promise<SelectionRange[] | null> {
  const open = await openCompose(session, textDocument.uri, "symbols");
  if (!open) return null;
  const { lines } = open.checked;
  return positions.map((position) => {
    const spans = selectionsAt(open.compose, toOffset(lines, position));
    const grown = spans.reduceRight<SelectionRange | undefined>(
      (parent, span) => ({ range: toRange(lines, span), ...(parent && { parent }) }),
      undefined,
    );
    return grown ?? { range: { start: position, end: position } };
  });
}
