/**
 * `textDocument/hover`: on a squiggle what its rule is about, with the way to the rule's page; on an image what the last scan found in it;
 * in compose files what stands there; on a pattern of an ignore file what it fits.
 */
import { type Hover, type HoverParams, type MarkupContent, MarkupKind, type Range } from "vscode-languageserver/node";
import { imageUses } from "../../core/model/dockerfile/images.ts";
import { patternHover } from "../../core/features/dockerignore/hover.ts";
import { hoverAt } from "../../core/features/compose/hover.ts";
import type { Rule } from "../../core/rule.ts";
import { rulePage } from "../../core/rules/page.ts";
import type { Span } from "../../core/text/edit.ts";
import { toRange, toSpan } from "../convert.ts";
import type { Inspected, Session } from "../session.ts";
import { summaryFor, summaryText } from "../scan-summaries.ts";
import { imageAt, noteFor, noteText } from "../signature-notes.ts";
import { contextListing } from "../context-listing.ts";
import { withAnswers } from "../with-answers.ts";

/** More rules than this on one word say no more than the first ones. */
const MAX_RULES = 3;
/** The client's. */
const SHOW_FINDINGS = "dockwrightFindings.focus";

export async function hover(
  session: Session,
  { textDocument, position }: HoverParams,
  signal: AbortSignal,
): Promise<Hover | null> {
  const checked = await session.check(textDocument.uri);
  if (!checked?.inspection) return null;
  const { start: at } = toSpan(checked.lines, { start: position, end: position });
  const found = [
    findingHover(session, checked, at),
    scanHover(session, checked, at),
    signatureHover(session, checked, at),
    await placeHover(session, checked, at, signal),
    await fittingHover(session, checked, at, signal),
  ].filter((each) => each !== undefined);
  const [first] = found;
  if (!first) return null;
  const value = found.map(({ contents }) => contents.value).join("\n\n---\n\n");
  return { contents: { kind: MarkupKind.Markdown, value }, range: first.range };
}

interface Found {
  readonly contents: MarkupContent;
  readonly range: Range;
}

function findingHover(session: Session, checked: Inspected, at: number): Found | undefined {
  const here = checked.inspection.findings.filter(({ span }) => span.start <= at && at <= span.end);
  const rules = [...new Set(here.map(({ rule }) => rule))].slice(0, MAX_RULES);
  const found = rules.flatMap((id) => session.rules.find((rule) => rule.id === id) ?? []);
  const narrowest = here.map(({ span }) => span).toSorted((a, b) => lengthOf(a) - lengthOf(b))[0];
  if (found.length === 0 || !narrowest) return undefined;
  const value = found.map((rule) => summaryOf(rule, session)).join("\n\n---\n\n");
  return { contents: { kind: MarkupKind.Markdown, value }, range: toRange(checked.lines, narrowest) };
}

/** One paragraph, and nothing where nobody scanned the image. */
function scanHover(session: Session, { inspection, lines }: Inspected, at: number): Found | undefined {
  const { document } = inspection;
  if (document.language !== "dockerfile" || session.scanSummaries().size === 0) return undefined;
  const use = imageUses(document).find(({ word }) => word.span.start <= at && at <= word.span.end);
  const summary = use && summaryFor(session.scanSummaries(), use);
  if (!summary) return undefined;
  const link = session.abilities.ownCommands.has(SHOW_FINDINGS) ? `command:${SHOW_FINDINGS}` : undefined;
  const contents = { kind: MarkupKind.Markdown, value: summaryText(summary, link) } as const;
  return { contents, range: toRange(lines, use.word.span) };
}

/** One line, and nothing where nobody signed or verified the image. */
function signatureHover(session: Session, { inspection, lines }: Inspected, at: number): Found | undefined {
  if (session.signatureNotes().size === 0) return undefined;
  const image = imageAt(inspection.document, at);
  const line = image && noteFor(session.signatureNotes(), image.reference);
  if (!image || line === undefined) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: noteText(line) }, range: toRange(lines, image.span) };
}

async function placeHover(
  session: Session,
  checked: Inspected,
  at: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { document } = checked.inspection;
  if (document.language !== "compose" || !checked.config.compose.hover) return undefined;
  const { result } = await withAnswers(session, checked, signal, (look) => hoverAt(document, at, look));
  if (!result) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: result.text }, range: toRange(checked.lines, result.span) };
}

async function fittingHover(
  session: Session,
  checked: Inspected,
  at: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { document } = checked.inspection;
  if (document.language !== "dockerignore") return undefined;
  const paths = await contextListing(session, checked, signal);
  const found = paths && patternHover(document, at, paths);
  if (!found) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: found.text }, range: toRange(checked.lines, found.span) };
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
