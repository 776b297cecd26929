/**
 * `npm run corpus [-- FOLDER] [agree|build-check|compose|format|multi-stage|references] [--rule ID]`: our rules over real files (FOLDER/dockerfiles,
 * FOLDER/compose; `../shared/corpus` when no folder is named).
 *
 * Without a word behind it: how often each rule fires, what share of the time it takes, and what the recommended profile reports on
 * official images; exit code 1 when a rule throws, a fix does not hold, or another way to write a file changes what is found.
 * `agree`: the table of agreement with the peers' answers that are in the folder; exit code 1 below 98 %. `build-check`: whether
 * BuildKit reads every fixed file that it read before. `compose`: compose files
 * beside the real compose, see corpus/compose.ts. `multi-stage`: what becomes of files of one stage, see corpus/multi-stage.ts. `names`: what is named, found and renamed
 * there and back, see corpus/names.ts. `references`: every image that is named, read and
 * printed again, see corpus/references.ts. `format`: every file laid out, see corpus/format.ts. `--rule` prints every finding of one rule, or where we differ from peers.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "../server/src/core/findings/inspect.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { linesOf } from "../server/src/core/text/lines.ts";
import { everything } from "./check-fixes.ts";
import { agreements, printAgreements } from "./corpus/agree.ts";
import { composeSurvey } from "./corpus/compose.ts";
import { buildCheck } from "./corpus/build-check.ts";
import { type CorpusFile, corpusFiles } from "./corpus/files.ts";
import { formatSurvey } from "./corpus/format.ts";
import { multiStageSurvey } from "./corpus/multi-stage.ts";
import { nameSurvey } from "./corpus/names.ts";
import { inThreads } from "./threads.ts";
import { referenceCheck } from "./corpus/references.ts";
import { type Survey, timesOf } from "./corpus/survey.ts";

const TASKS: Readonly<Record<string, () => Promise<number>>> = {
  survey: runSurvey,
  agree,
  "build-check": runBuildCheck,
  compose: () => composeSurvey(folder, shown),
  format: () => formatSurvey(corpusFiles(folder)),
  references: () => referenceCheck(folder),
  names: () => Promise.resolve(nameSurvey(corpusFiles(folder))),
  "multi-stage": () => multiStageSurvey(corpusFiles(folder)),
};
const DEFAULT_FOLDER = join(import.meta.dirname, "../../shared/corpus");
/** The share of the time that one rule should take at most; machines are noisy, so that twice as much is what fails. */
const MOST_OF_THE_TIME = 0.05;

const args = process.argv.slice(2);
const ruleAt = args.indexOf("--rule");
const shown = ruleAt === -1 ? undefined : args[ruleAt + 1];
const words = args.filter((_, at) => ruleAt === -1 || at < ruleAt || at > ruleAt + 1);
const task = TASKS[words.find((word) => word in TASKS) ?? "survey"];
const folder = words.find((word) => !(word in TASKS)) ?? DEFAULT_FOLDER;
if (!existsSync(join(folder, "dockerfiles")) || !task) {
  console.error(
    `${folder} has no folder dockerfiles; usage: npm run corpus [-- FOLDER] [agree|build-check|compose|format|multi-stage|references] [--rule ID]`,
  );
  process.exit(2);
}
process.exitCode = await task();

async function runSurvey(): Promise<number> {
  const files = corpusFiles(folder);
  if (shown !== undefined) return printFindings(files, shown);
  const parts = await inThreads<CorpusFile, Survey>(join(import.meta.dirname, "corpus/survey-thread.ts"), files);
  const faults = parts.flatMap((part) => part.faults);
  for (const fault of faults) console.log(fault);
  const times = timesOf(files);
  const total = Object.values(times).reduce((sum, ms) => sum + ms, 0);
  const share = (rule: string): number => (times[rule] ?? 0) / Math.max(1, total);
  const sum = (rule: string, at: 0 | 1 | 2): number =>
    parts.reduce((so, part) => so + (part.counts[rule]?.[at] ?? 0), 0);
  console.log("rule: findings in files (of them recommended), share of the time");
  for (const { id } of rules
    .filter(({ language }) => language === "dockerfile")
    .toSorted((a, b) => sum(b.id, 0) - sum(a.id, 0)))
    console.log(`  ${id}: ${sum(id, 0)} in ${sum(id, 1)} (${sum(id, 2)}), ${(100 * share(id)).toFixed(1)} %`);
  console.log(`the model alone: ${(100 * share("parse")).toFixed(1)} % of ${total.toFixed(0)} ms`);
  const slow = rules.filter(({ id }) => share(id) > MOST_OF_THE_TIME);
  for (const { id } of slow) console.log(`${id} takes more than ${100 * MOST_OF_THE_TIME} % of the time`);
  const official = parts.flatMap((part) => part.official).sort((a, b) => a - b);
  if (official.length > 0)
    console.log(
      `official images: ${official[official.length >> 1]} findings a file in the median, ${official.length} files`,
    );
  console.log(`${faults.length} faults in ${files.length} files`);
  const tooSlow = rules.some(({ id }) => share(id) > 2 * MOST_OF_THE_TIME);
  return faults.length > 0 || tooSlow ? 1 : 0;
}

function printFindings(files: readonly CorpusFile[], rule: string): number {
  for (const { name, text, official } of files) {
    const lines = linesOf(text);
    for (const finding of inspect(text, rules, everything, new Map()).findings) {
      if (finding.rule !== rule) continue;
      const { line } = lines.position(finding.span.start);
      const fixes = finding.fixes.map(({ title, safety }) => `${safety}: ${title}`).join("; ") || finding.refusal || "";
      console.log(
        `${name}:${line + 1}: ${finding.profile}${official ? " official" : ""}: ${finding.message} [${fixes}]`,
      );
    }
  }
  return 0;
}

async function agree(): Promise<number> {
  return printAgreements(await agreements(folder), shown) ? 0 : 1;
}

async function runBuildCheck(): Promise<number> {
  const { checked, unread, broken } = await buildCheck(corpusFiles(folder));
  for (const fault of broken) console.log(fault);
  console.log(
    `${checked} fixed files read by BuildKit, ${unread} it did not read before either, ${broken.length} broken`,
  );
  return broken.length > 0 ? 1 : 0;
}
