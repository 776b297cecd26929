/** `textDocument/hover` on a squiggle: what its rule is about, and the way to the rule's page. */
import { type Hover, type HoverParams, MarkupKind } from "vscode-languageserver/node";
import type { Rule } from "../../core/rule.ts";
import { rulePage } from "../../core/rules/page.ts";
import type { Span } from "../../core/text/edit.ts";
import { toRange, toSpan } from "../convert.ts";
import type { Session } from "../session.ts";

/** More rules than this on one word say no more than the first ones. */
const MAX_RULES = 3;

export async function hover(session: Session, { textDocument, position }: HoverParams): Promise<Hover | null> {
  const checked = await session.check(textDocument.uri);
  if (!checked?.inspection) return null;
  const { start: at } = toSpan(checked.lines, { start: position, end: position });
  const here = checked.inspection.findings.filter(({ span }) => span.start <= at && at <= span.end);
  const rules = [...new Set(here.map(({ rule }) => rule))].slice(0, MAX_RULES);
  const found = rules.flatMap((id) => session.rules.find((rule) => rule.id === id) ?? []);
  const narrowest = here.map(({ span }) => span).toSorted((a, b) => lengthOf(a) - lengthOf(b))[0];
  if (found.length === 0 || !narrowest) return null;
  const value = found.map((rule) => summaryOf(rule, session)).join("\n\n---\n\n");
  return { contents: { kind: MarkupKind.Markdown, value }, range: toRange(checked.lines, narrowest) };
}

const lengthOf = ({ start, end }: Span): number => end - start;

function summaryOf({ id, summary, why }: Rule, { abilities }: Session): string {
  const command = "dockwright.explainRule";
  const page = abilities.ownCommands.has(command)
    ? `command:${command}?${encodeURIComponent(JSON.stringify([id]))}`
    : rulePage(id);
  const [firstParagraph = ""] = why.trim().split(/\n\s*\n/);
  return `**${id}**: ${summary}\n\n${firstParagraph.replaceAll("\n", " ")}\n\n[Explain ${id}](${page})`;
}
