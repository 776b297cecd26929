/** `textDocument/semanticTokens`, full, what changed since, and of a range: in Dockerfiles. */
import type {
  SemanticTokens,
  SemanticTokensDelta,
  SemanticTokensDeltaParams,
  SemanticTokensParams,
  SemanticTokensRangeParams,
} from "vscode-languageserver/node";
import {
  type SemanticToken,
  semanticTokensOf,
  TOKEN_MODIFIERS,
  TOKEN_TYPES,
} from "../../core/features/dockerfile/semantic-tokens.ts";
import type { Lines } from "../../core/text/lines.ts";
import { toSpan, toTokenData } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export const SEMANTIC_TOKENS_LEGEND = { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] };

const TYPE_NUMBERS = new Map(TOKEN_TYPES.map((type, at) => [type, at]));
const MODIFIER_BITS = new Map(TOKEN_MODIFIERS.map((modifier, at) => [modifier, 1 << at]));

const encoded = (lines: Lines, tokens: readonly SemanticToken[]): number[] =>
  toTokenData(
    lines,
    tokens.map(({ start, end, type, modifier }) => ({
      start,
      end,
      type: TYPE_NUMBERS.get(type) ?? 0,
      modifiers: (modifier && MODIFIER_BITS.get(modifier)) ?? 0,
    })),
  );

/** What each open document was answered last. */
const answered = new WeakMap<Session, Map<string, SemanticTokens & { readonly resultId: string }>>();
let answers = 0;

function remember(session: Session, uri: string, data: number[]): SemanticTokens & { readonly resultId: string } {
  const known = answered.get(session) ?? new Map<string, SemanticTokens & { readonly resultId: string }>();
  answered.set(session, known);
  const open = new Set(session.uris());
  for (const each of known.keys()) if (!open.has(each)) known.delete(each);
  const result = { resultId: String(++answers), data };
  known.set(uri, result);
  return result;
}

export async function semanticTokens(
  session: Session,
  { textDocument }: SemanticTokensParams,
): Promise<SemanticTokens> {
  const open = await openDockerfile(session, textDocument.uri, "semanticTokens");
  if (!open) return noTokens();
  return remember(session, textDocument.uri, encoded(open.opened.lines, semanticTokensOf(open.dockerfile)));
}

/** One edit, from the first number that differs to the last. */
export async function semanticTokensDelta(
  session: Session,
  { textDocument, previousResultId }: SemanticTokensDeltaParams,
): Promise<SemanticTokens | SemanticTokensDelta> {
  const before = answered.get(session)?.get(textDocument.uri);
  const now = await semanticTokens(session, { textDocument });
  if (before?.resultId !== previousResultId || now.resultId === undefined) return now;
  const [a, b] = [before.data, now.data];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  if (head === a.length && head === b.length) return { resultId: now.resultId, edits: [] };
  const data = b.slice(head, b.length - tail);
  return { resultId: now.resultId, edits: [{ start: head, deleteCount: a.length - tail - head, data }] };
}

export async function semanticTokensRange(
  session: Session,
  { textDocument, range }: SemanticTokensRangeParams,
): Promise<SemanticTokens> {
  const open = await openDockerfile(session, textDocument.uri, "semanticTokens");
  if (!open) return noTokens();
  const { lines } = open.opened;
  const within = toSpan(lines, range);
  const tokens = semanticTokensOf(open.dockerfile).filter(({ start, end }) => start < within.end && end > within.start);
  return { data: encoded(lines, tokens) };
}

export const noTokens = (): SemanticTokens => ({ data: [] });
