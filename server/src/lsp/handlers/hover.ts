/**
 * `textDocument/hover`: on a squiggle what its rule is about, with the way to the rule's page; on an image what its registry says of it, what
 * the last scan found in it and whether it is signed; in Dockerfiles and compose files what stands there; on a pattern of an ignore file
 * what it fits.
 */
import { type Hover, type HoverParams, type MarkupContent, MarkupKind, type Range } from "vscode-languageserver/node";
import type { Dockerfile } from "../../core/model/dockerfile/model.ts";
import { imageUses } from "../../core/model/dockerfile/images.ts";
import { patternHover } from "../../core/features/dockerignore/hover.ts";
import { hoverAt } from "../../core/features/compose/hover.ts";
import { hoverAt as hoverInDockerfile } from "../../core/features/dockerfile/hover.ts";
import { placeAt } from "../../core/features/images/places.ts";
import type { Rule } from "../../core/rule.ts";
import { rulePage } from "../../core/rules/page.ts";
import type { Span } from "../../core/text/edit.ts";
import { escaped } from "../../core/text/markdown.ts";
import { toRange, toSpan } from "../convert.ts";
import { imageText, ownText } from "../image-facts.ts";
import type { Inspected, Modelled, Session } from "../session.ts";
import { summaryFor, summaryText } from "../scan-summaries.ts";
import { imageAt, noteFor } from "../signature-notes.ts";
import { contextListing } from "../context-listing.ts";
import { withAnswers } from "../with-answers.ts";

/** More rules than this on one word say no more than the first ones. */
const MAX_RULES = 3;
/** The client's. */
const SHOW_FINDINGS = "dockwrightFindings.focus";
const LOOK_UP = "dockwright.lookUpImage";

export async function hover(
  session: Session,
  { textDocument, position }: HoverParams,
  signal: AbortSignal,
): Promise<Hover | null> {
  const opened = await session.model(textDocument.uri);
  if (!opened) return null;
  const { start: at } = toSpan(opened.lines, { start: position, end: position });
  const there = [
    await placeHover(session, opened, at, signal),
    await imageHover(session, opened, at, signal),
    scanHover(session, opened, at),
    signatureHover(session, opened, at),
    await fittingHover(session, opened, at, signal),
  ].filter((each) => each !== undefined);
  // A squiggle that is seen has been worked out: what is said anyway does not wait for the rules.
  const isFast = opened.language === "dockerfile" && there.length > 0;
  const checked = isFast ? session.checkedNow(opened.uri) : await session.check(opened.uri);
  const finding = checked?.inspection && findingHover(session, checked, at);
  const found = finding ? [finding, ...there] : there;
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

/** With compose files what the reference says by itself is said by their own hover. */
async function imageHover(
  session: Session,
  opened: Modelled,
  at: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { document } = opened;
  const place = placeAt(document, at);
  if (!place) return undefined;
  const range = toRange(opened.lines, place.span);
  const link = session.abilities.ownCommands.has(LOOK_UP)
    ? `command:${LOOK_UP}?${encodeURIComponent(JSON.stringify([opened.uri, range.start]))}`
    : undefined;
  const text = await imageText(session, opened, place, link, signal);
  const value = document.language === "dockerfile" ? `${ownText(place)}\n\n${text}` : text;
  return { contents: { kind: MarkupKind.Markdown, value }, range };
}

/** One paragraph, and nothing where nobody scanned the image. */
function scanHover(session: Session, { document, lines }: Modelled, at: number): Found | undefined {
  if (document.language !== "dockerfile" || session.scanSummaries().size === 0) return undefined;
  const use = imageUses(document).find(({ word }) => word.span.start <= at && at <= word.span.end);
  const summary = use && summaryFor(session.scanSummaries(), use);
  if (!summary) return undefined;
  const link = session.abilities.ownCommands.has(SHOW_FINDINGS) ? `command:${SHOW_FINDINGS}` : undefined;
  const contents = { kind: MarkupKind.Markdown, value: summaryText(summary, link) } as const;
  return { contents, range: toRange(lines, use.word.span) };
}

/** One line, and nothing where nobody signed or verified the image. */
function signatureHover(session: Session, { document, lines }: Modelled, at: number): Found | undefined {
  if (session.signatureNotes().size === 0) return undefined;
  const image = imageAt(document, at);
  const line = image && noteFor(session.signatureNotes(), image.reference);
  if (!image || line === undefined) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: escaped(line) }, range: toRange(lines, image.span) };
}

async function placeHover(
  session: Session,
  opened: Modelled,
  at: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { document } = opened;
  if (document.language === "dockerfile") return dockerfileHover(session, opened, document, at);
  if (document.language !== "compose" || !opened.config.compose.hover) return undefined;
  const { result } = await withAnswers(session, opened, signal, (look) => hoverAt(document, at, look));
  if (!result) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: result.text }, range: toRange(opened.lines, result.span) };
}

function dockerfileHover(
  { rules }: Session,
  { config, lines }: Modelled,
  document: Dockerfile,
  at: number,
): Found | undefined {
  const found = config.dockerfile.hover ? hoverInDockerfile(document, at, rules) : undefined;
  return found && { contents: { kind: MarkupKind.Markdown, value: found.text }, range: toRange(lines, found.span) };
}

async function fittingHover(
  session: Session,
  opened: Modelled,
  at: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const { document } = opened;
  if (document.language !== "dockerignore") return undefined;
  const paths = await contextListing(session, opened, signal);
  const found = paths && patternHover(document, at, paths);
  if (!found) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: found.text }, range: toRange(opened.lines, found.span) };
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
