/** `textDocument/foldingRange` in compose files and Dockerfiles. */
import { type FoldingRange, FoldingRangeKind, type FoldingRangeParams } from "vscode-languageserver/node";
import { foldsOf } from "../../core/features/compose/folding.ts";
import { foldsOf as foldsOfDockerfile } from "../../core/features/dockerfile/folding.ts";
import { openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import type { Span } from "../../core/text/edit.ts";
import type { Lines } from "../../core/text/lines.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function foldingRange(
  session: Session,
  { textDocument }: FoldingRangeParams,
): Promise<FoldingRange[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "folding");
  if (own) return rangesOf(session, own.opened.lines, foldsOfDockerfile(own.dockerfile));
  const open = await openCompose(session, textDocument.uri, "symbols");
  return open ? rangesOf(session, open.checked.lines, foldsOf(open.compose)) : null;
}

interface Fold {
  readonly span: Span;
  readonly kind: keyof typeof KINDS;
}

/** `marked`: by `#region`, which editors can fold all at once. */
const KINDS = { region: undefined, comment: FoldingRangeKind.Comment, marked: FoldingRangeKind.Region } as const;

function rangesOf(session: Session, lines: Lines, folds: readonly Fold[]): FoldingRange[] {
  const ranges = new Map<number, FoldingRange>();
  for (const { span, kind } of folds) {
    const { start, end } = toRange(lines, span);
    // Of several that begin on one line the first is the widest.
    if (start.line >= end.line || ranges.has(start.line)) continue;
    const said = KINDS[kind];
    ranges.set(start.line, {
      startLine: start.line,
      endLine: end.line,
      ...(!session.abilities.lineFolds && { endCharacter: end.character }),
      ...(said && { kind: said }),
    });
  }
  return [...ranges.values()];
}
