/** `textDocument/foldingRange` in compose files. */
import { type FoldingRange, FoldingRangeKind, type FoldingRangeParams } from "vscode-languageserver/node";
import { foldsOf } from "../../core/features/compose/folding.ts";
import { openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import type { Session } from "../session.ts";

export async function foldingRange(
  session: Session,
  { textDocument }: FoldingRangeParams,
): Promise<FoldingRange[] | null> {
  const open = await openCompose(session, textDocument.uri, "symbols");
  if (!open) return null;
  const ranges = new Map<number, FoldingRange>();
  for (const { span, kind } of foldsOf(open.compose)) {
    const { start, end } = toRange(open.checked.lines, span);
    // Of several that begin on one line the first is the widest.
    if (start.line >= end.line || ranges.has(start.line)) continue;
    const isComment = kind === "comment";
    ranges.set(start.line, {
      startLine: start.line,
      endLine: end.line,
      ...(!session.abilities.lineFolds && { endCharacter: end.character }),
      ...(isComment && { kind: FoldingRangeKind.Comment }),
    });
  }
  return [...ranges.values()];
}
