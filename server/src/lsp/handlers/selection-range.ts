/** `textDocument/selectionRange` in compose files and Dockerfiles: what a selection grows to. */
import type { SelectionRange, SelectionRangeParams } from "vscode-languageserver/node";
import { selectionsAt } from "../../core/features/compose/selection.ts";
import { selectionsAt as selectionsInDockerfile } from "../../core/features/dockerfile/selection.ts";
import { openCompose } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import type { Span } from "../../core/text/edit.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function selectionRange(
  session: Session,
  { textDocument, positions }: SelectionRangeParams,
): Promise<SelectionRange[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "symbols");
  const open = own ? undefined : await openCompose(session, textDocument.uri, "symbols");
  const lines = own?.opened.lines ?? open?.checked.lines;
  const at = (offset: number): readonly Span[] =>
    own ? selectionsInDockerfile(own.dockerfile, offset) : open ? selectionsAt(open.compose, offset) : [];
  if (!lines) return null;
  return positions.map((position) => {
    const spans = at(toOffset(lines, position));
    const grown = spans.reduceRight<SelectionRange | undefined>(
      (parent, span) => ({ range: toRange(lines, span), ...(parent && { parent }) }),
      undefined,
    );
    return grown ?? { range: { start: position, end: position } };
  });
}
