/** What builders said about Dockerfiles, in Problems: why a build failed, and checks that are not ours. */
import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from "vscode";
import type { BuildWarning, Place } from "../build/events.ts";
import type { BuildFailure } from "../build/failure.ts";
import { moved } from "../build/moved.ts";

const collection = languages.createDiagnosticCollection("dockwright-build");

export const clearProblems = (dockerfile: Uri): void => collection.delete(dockerfile);

/** Undefined where no line is to blame. */
export function showFailure(
  document: TextDocument,
  { place, message, advice, lastLines }: BuildFailure,
  source: string,
  how = "The build failed here",
): Range | undefined {
  if (!place) return undefined;
  const range = rangeOf(document, place);
  const text = [`${how}: ${message}`, ...(advice === undefined ? [] : [advice]), ...lastLines].join("\n");
  add(document.uri, [problem(range, text, DiagnosticSeverity.Error, source)]);
  return range;
}

export function showWarnings(document: TextDocument, warnings: readonly BuildWarning[], source: string): void {
  const problems = warnings.flatMap(({ code, message, url, place }) => {
    if (!place) return [];
    const found = problem(rangeOf(document, place), message, DiagnosticSeverity.Warning, source);
    if (code !== undefined) found.code = url === undefined ? code : { value: code, target: Uri.parse(url) };
    return [found];
  });
  add(document.uri, problems);
}

const add = (uri: Uri, problems: readonly Diagnostic[]): void =>
  collection.set(uri, [...(collection.get(uri) ?? []), ...problems]);

function problem(range: Range, message: string, severity: DiagnosticSeverity, source: string): Diagnostic {
  const found = new Diagnostic(range, message, severity);
  found.source = source;
  return found;
}

/** From the first word to the end of the last line. */
function rangeOf(document: TextDocument, { line, endLine }: Place): Range {
  const first = document.lineAt(Math.min(line, document.lineCount - 1));
  const last = document.lineAt(Math.min(endLine, document.lineCount - 1));
  return new Range(
    first.lineNumber,
    first.firstNonWhitespaceCharacterIndex,
    last.lineNumber,
    last.text.trimEnd().length,
  );
}

/** Edits above a problem move it, edits of its lines end it. */
export const followEdits = (): Disposable =>
  Disposable.from(
    collection,
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const before = collection.get(document.uri) ?? [];
      if (before.length === 0 || contentChanges.length === 0) return;
      const after = before.flatMap((each) => {
        let place: Place | undefined = { line: each.range.start.line, endLine: each.range.end.line };
        // Those of one edit come from the end of the text to its beginning.
        for (const { range, text } of contentChanges)
          place &&= moved(place, {
            line: range.start.line,
            endLine: range.end.line,
            added: text.split("\n").length - 1,
          });
        if (!place) return [];
        const copy = problem(
          new Range(place.line, each.range.start.character, place.endLine, each.range.end.character),
          each.message,
          each.severity,
          each.source ?? "",
        );
        if (each.code !== undefined) copy.code = each.code;
        return [copy];
      });
      collection.set(document.uri, after);
    }),
  );
