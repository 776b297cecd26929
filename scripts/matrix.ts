/**
 * `npm run matrix [-- [--write] PROJECT …]`: the projects of test/projects built and run as they are and as Dockwright converts them.
 * Prints what does not hold and the table; `--write` puts the table into docs/benchmarks.md. The last line is `N passed, N failed`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesText, shareText } from "../server/src/core/text/bytes.ts";
import type { Outcome } from "../test/matrix/measure.ts";
import { runMatrix } from "../test/matrix/run.ts";
import { Unavailable } from "./setup/debian.ts";

const DOCUMENT = join(import.meta.dirname, "../docs/benchmarks.md");
const START = "<!-- matrix -->\n";
const END = "<!-- end of matrix -->";
/** Much of a measurement is waiting. */
const WORKERS = 3;
/** EX_TEMPFAIL: it cannot run on this machine. */
const NOT_HERE = 75;

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
const seconds = (value: number): string => `${value.toFixed(1)} s`;

function table(outcomes: readonly Outcome[]): string {
  const head = ["project", "before", "after", "smaller by", "rebuild before", "rebuild after", "user", "health"];
  const rows = outcomes.flatMap(({ label, measured }) => {
    if (!measured) return [];
    const { bytes, rebuild, user, health } = measured;
    const cut = shareText(1 - bytes.after / bytes.before);
    const times = [seconds(rebuild.before), seconds(rebuild.after)];
    return [row([label, bytesText(bytes.before), bytesText(bytes.after), cut, ...times, user, health])];
  });
  return `${row(head)}|${"---|".repeat(head.length)}\n${rows.join("")}`;
}

function meanCut(outcomes: readonly Outcome[]): string {
  const cuts = outcomes.flatMap(({ measured }) => (measured ? [1 - measured.bytes.after / measured.bytes.before] : []));
  return cuts.length === 0 ? "" : shareText(cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length);
}

const section = (outcomes: readonly Outcome[]): string => `${START}
Projects with a Dockerfile of one stage, and what \`dockwright refactor multi-stage\` makes of it: both built by BuildKit and run, with
the same pages. Their base images are made of Debian's packages and smaller than the official ones. A rebuild follows a change of one
source file, and is timed without the packing of the image. Written by \`npm run matrix -- --write\`.

${table(outcomes)}
Smaller by ${meanCut(outcomes)} on average.

${END}`;

function write(outcomes: readonly Outcome[]): void {
  const text = readFileSync(DOCUMENT, "utf8");
  const from = text.indexOf(START);
  const to = text.indexOf(END);
  const next =
    from === -1 || to === -1
      ? `${text.trimEnd()}\n\n## Converted to several stages\n\n${section(outcomes)}\n`
      : text.slice(0, from) + section(outcomes) + text.slice(to + END.length);
  writeFileSync(DOCUMENT, next);
}

const args = process.argv.slice(2);
const isWritten = args.includes("--write");
try {
  const outcomes = await runMatrix(
    args.filter((arg) => arg !== "--write"),
    isWritten ? 1 : WORKERS,
  );
  const checks = outcomes.flatMap((outcome) => outcome.checks);
  const failed = checks.filter(({ wrong }) => wrong !== undefined);
  for (const { what, wrong } of failed) console.log(`not ok: ${what}\n${wrong ?? ""}\n`);
  console.log(table(outcomes));
  if (isWritten) {
    if (failed.length > 0) console.log("nothing is written: something does not hold");
    else write(outcomes);
  }
  console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  console.error(error.message);
  process.exitCode = NOT_HERE;
}
