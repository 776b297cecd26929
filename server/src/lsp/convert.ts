/** Between our offsets and the protocol's positions, ranges, severities and edits. The only place that knows both. */
import {
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Position,
  type Range,
  type SnippetTextEdit,
  StringValue,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import type { Problem } from "../core/model/dockerfile/model.ts";
import { unruledProblems } from "../core/model/document.ts";
import type { Finding, Fix, Severity } from "../core/rule.ts";
import type { Edit, Span } from "../core/text/edit.ts";
import type { Lines } from "../core/text/lines.ts";
import type { Abilities } from "./abilities.ts";
import { rulePage } from "../core/rules/page.ts";
import { fieldsOf, numberOf, stringOf } from "./read.ts";
import type { Checked } from "./session.ts";

export const SOURCE = "dockwright";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A rule's id names the bad pattern, and some patterns have a look of their own in editors. */
const TAGS: readonly (readonly [RegExp, DiagnosticTag])[] = [
  [/-deprecated$/, DiagnosticTag.Deprecated],
  [/-redundant$/, DiagnosticTag.Unnecessary],
];

/** What a diagnostic carries so that its finding can be found again. */
export interface FindingData {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  readonly version: number;
}

function toPosition(lines: Lines, offset: number): Position {
  const { line, column } = lines.position(offset);
  return { line, character: column };
}

export const toRange = (lines: Lines, { start, end }: Span): Range => ({
  start: toPosition(lines, start),
  end: toPosition(lines, end),
});

export const toSpan = (lines: Lines, { start, end }: Range): Span => ({
  start: lines.offset({ line: start.line, column: start.character }),
  end: lines.offset({ line: end.line, column: end.character }),
});

export const toOffset = (lines: Lines, { line, character }: Position): number =>
  lines.offset({ line, column: character });

export const toTextEdit = (lines: Lines, { span, text }: Edit): TextEdit => ({
  range: toRange(lines, span),
  newText: text,
});

/** Tokens in order, each on one line, as five numbers each: line and column from the one before, length, type, modifiers. */
export function toTokenData(
  lines: Lines,
  tokens: readonly (Span & { readonly type: number; readonly modifiers: number })[],
): number[] {
  const data: number[] = [];
  let line = 0;
  let column = 0;
  let lineStart = 0;
  let next = lines.count > 1 ? lines.start(1) : Number.POSITIVE_INFINITY;
  let at = 0;
  for (const { start, end, type, modifiers } of tokens) {
    while (start >= next) {
      at++;
      lineStart = next;
      next = at + 1 < lines.count ? lines.start(at + 1) : Number.POSITIVE_INFINITY;
    }
    const character = start - lineStart;
    data.push(at - line, at === line ? character - column : character, end - start, type, modifiers);
    line = at;
    column = character;
  }
  return data;
}

/** All diagnostics of a document: what BuildKit could not read, then the findings. */
export function toDiagnostics(checked: Checked, abilities: Abilities): Diagnostic[] {
  if (checked.notChecked !== undefined) return [notCheckedDiagnostic(checked.notChecked)];
  return [
    ...unruledProblems(checked.inspection.document).map((problem) => problemDiagnostic(checked.lines, problem)),
    ...checked.inspection.findings.map((finding) => toDiagnostic(checked, finding, abilities)),
  ];
}

export function toDiagnostic(checked: Checked, finding: Finding, abilities: Abilities): Diagnostic {
  const { rule, span, message, severity, related } = finding;
  const tags = TAGS.filter(([pattern]) => pattern.test(rule)).map(([, tag]) => tag);
  const data: FindingData = { rule, start: span.start, end: span.end, version: checked.version };
  return {
    range: toRange(checked.lines, span),
    severity: SEVERITIES[severity],
    code: rule,
    codeDescription: { href: rulePage(rule) },
    source: SOURCE,
    message,
    ...(tags.length > 0 && { tags }),
    ...(abilities.relatedInformation &&
      related.length > 0 && {
        relatedInformation: related.map((other) => ({
          location: { uri: checked.uri, range: toRange(checked.lines, other.span) },
          message: other.message,
        })),
      }),
    data,
  };
}

/** What a diagnostic said about its finding, if it is one of ours. */
export function findingDataOf(diagnostic: Diagnostic): FindingData | undefined {
  const fields = diagnostic.source === SOURCE ? fieldsOf(diagnostic.data) : undefined;
  const rule = stringOf(fields?.["rule"]);
  const start = numberOf(fields?.["start"]);
  const end = numberOf(fields?.["end"]);
  const version = numberOf(fields?.["version"]);
  if (rule === undefined || start === undefined || end === undefined || version === undefined) return undefined;
  return { rule, start, end, version };
}

const problemDiagnostic = (lines: Lines, { kind, span, message }: Problem): Diagnostic => ({
  range: toRange(lines, span),
  severity: DiagnosticSeverity.Error,
  code: kind,
  source: SOURCE,
  message,
});

const notCheckedDiagnostic = (message: string): Diagnostic => ({
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
  severity: DiagnosticSeverity.Information,
  code: "not-checked",
  source: SOURCE,
  message,
});

/** An edit of one document, bound to the version it was computed for where the client can tell. */
export function toWorkspaceEdit(
  { uri, version, lines }: Pick<Checked, "uri" | "version" | "lines">,
  edits: readonly Edit[],
  { versionedEdits }: Abilities,
): WorkspaceEdit {
  const textEdits = edits.map((edit) => toTextEdit(lines, edit));
  if (!versionedEdits) return { changes: { [uri]: textEdits } };
  return { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] };
}

/** The fix with its tab stops where the client takes them, without them elsewhere. */
export function fixToWorkspaceEdit(checked: Checked, fix: Fix, abilities: Abilities): WorkspaceEdit {
  if (!fix.snippet || !abilities.snippetEdits) return toWorkspaceEdit(checked, fix.edits, abilities);
  const edits = fix.snippet.map(
    ({ span, text }): SnippetTextEdit => ({
      range: toRange(checked.lines, span),
      snippet: StringValue.createSnippet(text),
    }),
  );
  return { documentChanges: [{ textDocument: { uri: checked.uri, version: checked.version }, edits }] };
}
