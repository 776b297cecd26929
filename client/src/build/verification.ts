/** What verifying a refactoring came to, for people: Markdown with a table, the rows that matter first. Pure. */
import type { VerificationRow, VerifiedRefactoring } from "../../../server/src/lsp/messages.ts";
import { code, plain } from "./markdown.ts";

type Verification = NonNullable<VerifiedRefactoring["verification"]>;
type Verdict = VerificationRow["verdict"];

export interface Verified {
  /** As people know it: `api/Dockerfile`. */
  readonly name: string;
  /** What the original was: `as the last commit has it`. */
  readonly original: string;
  readonly engine: string;
  readonly verification: Verification;
}

const HEADINGS: readonly (readonly [verdict: Verdict, heading: string])[] = [
  ["different", "What differs"],
  ["expected", "What is meant to differ"],
  ["not compared", "What was not compared"],
  ["same", "What is the same"],
];

/** One sentence without its full stop. */
export function sentence({ outcome, why, rows }: Verification): string {
  const count = rows.filter(({ verdict }) => verdict === "different").length;
  if (outcome === "same") return "Both behave the same";
  if (outcome === "differs") return `They differ in ${count === 1 ? "one point" : `${count} points`}`;
  return `Nothing can be said: ${why ?? "the log says why"}`;
}

export function verificationText({ name, original, engine, verification }: Verified): string {
  const { rows, said } = verification;
  return `${[
    `# Refactoring of ${plain(name)}`,
    `**${plain(sentence(verification))}.**`,
    [`- Original: ${plain(original)}`, `- Built and run one after the other by ${plain(engine)}`].join("\n"),
    ...HEADINGS.flatMap(([verdict, heading]) =>
      section(
        heading,
        rows.filter((row) => row.verdict === verdict),
      ),
    ),
    ...(said.length === 0 ? [] : ["## Last words", said.map(code).join("  \n")]),
  ].join("\n\n")}\n`;
}

function section(heading: string, rows: readonly VerificationRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const withWhy = rows.some(({ why }) => why !== undefined);
  const columns = ["", "Original", "Result", ...(withWhy ? ["Why"] : [])];
  const lines = rows.map(({ what, before, after, why = "" }) => [what, before, after, ...(withWhy ? [why] : [])]);
  return [
    `## ${heading}`,
    [columns, columns.map(() => "---"), ...lines.map((cells) => cells.map(plain))]
      .map((cells) => `| ${cells.join(" | ")} |`)
      .join("\n"),
  ];
}
