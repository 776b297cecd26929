/** The module's findings → what `shellcheck -f json1` prints, compact and without what nobody reads. */

interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Json1Comment extends Place {
  readonly level: string;
  readonly code: number;
  readonly message: string;
  readonly fix: { readonly replacements: readonly (Place & { readonly replacement: string })[] } | null;
}

interface ModuleFinding extends Place {
  readonly severity: string;
  readonly code: number;
  readonly message: string;
  readonly fix?: {
    readonly replacements: readonly {
      readonly startLine: number;
      readonly startColumn: number;
      readonly endLine: number;
      readonly endColumn: number;
      readonly text: string;
    }[];
  };
}

/** Answers that are kept: what is sent on is only what a rule reads. */
export const json1 = (comments: readonly Json1Comment[]): string => JSON.stringify({ comments });

/** @throws when the module says that it failed */
export function fromModule(script: string, json: string): string {
  const found: unknown = JSON.parse(json);
  if (!Array.isArray(found)) throw new Error(`ShellCheck failed: ${json.slice(0, 200)}`);
  const untabbed = columnsWithoutTabStops(script);
  return json1(
    (found as ModuleFinding[]).map(({ line, column, endLine, endColumn, severity, code, message, fix }) => ({
      line,
      column: untabbed(line, column),
      endLine,
      endColumn: untabbed(endLine, endColumn),
      level: severity,
      code,
      message,
      fix: fix
        ? {
            replacements: fix.replacements.map((each) => ({
              line: each.startLine,
              column: untabbed(each.startLine, each.startColumn),
              endLine: each.endLine,
              endColumn: untabbed(each.endLine, each.endColumn),
              replacement: each.text,
            })),
          }
        : null,
    })),
  );
}

/** @throws when it is not what `shellcheck -f json1` prints */
export function fromProgram(printed: string): string {
  const { comments } = JSON.parse(printed) as { readonly comments?: readonly Json1Comment[] };
  if (!Array.isArray(comments)) throw new Error("the output is not ShellCheck's json1");
  return json1(
    (comments as readonly Json1Comment[]).map(({ line, column, endLine, endColumn, level, code, message, fix }) => ({
      line,
      column,
      endLine,
      endColumn,
      level,
      code,
      message,
      fix: fix && {
        replacements: fix.replacements.map((each) => ({
          line: each.line,
          column: each.column,
          endLine: each.endLine,
          endColumn: each.endColumn,
          replacement: each.replacement,
        })),
      },
    })),
  );
}

const TAB_STOP = 8;

/** The module counts columns with tab stops (its parser does); json1 counts characters. */
function columnsWithoutTabStops(script: string): (line: number, column: number) => number {
  if (!script.includes("\t")) return (_line, column) => column;
  const lines = script.split("\n");
  return (line, column) => {
    let seen = 1;
    let real = 1;
    for (const character of lines[line - 1] ?? "") {
      if (seen >= column) break;
      seen += character === "\t" ? TAB_STOP - ((seen - 1) % TAB_STOP) : 1;
      real++;
    }
    return real + Math.max(0, column - seen);
  };
}
