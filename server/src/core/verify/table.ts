/** A comparison as lines of text, in columns, with the reasons behind. */
import type { Row, Verdict } from "./rows.ts";

const MARKS: Readonly<Record<Verdict, string>> = {
  same: "same",
  different: "DIFFERENT",
  expected: "expected",
  "not compared": "not compared",
};
const MAX_WHAT = 40;
const MAX_VALUE = 44;

export interface TableLine {
  readonly verdict: Verdict;
  readonly text: string;
}

/** A heading, and one line for each row. */
export function tableLines(rows: readonly Row[]): readonly TableLine[] {
  const cells = rows.map(({ verdict, what, before, after, why }) => ({
    verdict,
    columns: [MARKS[verdict], short(what, MAX_WHAT), short(before, MAX_VALUE), short(after, MAX_VALUE)] as const,
    why,
  }));
  const heading = ["", "", "original", "result"];
  const widths = heading.map((head, at) =>
    Math.max(head.length, ...cells.map(({ columns }) => columns[at]?.length ?? 0)),
  );
  const line = (columns: readonly string[], why: string | undefined): string =>
    [...columns.map((cell, at) => cell.padEnd(widths[at] ?? 0)), why ?? ""].join("  ").trimEnd();
  return [
    { verdict: "same", text: line(heading, undefined) },
    ...cells.map(({ verdict, columns, why }) => ({ verdict, text: line(columns, why) })),
  ];
}

const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
