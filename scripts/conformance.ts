/**
 * `npm run conformance -- FOLDER`: runs our rules over cases of peers' test suites and says, per source, how many come out
 * as the peer has it. A case belongs to the rules whose `sameAs` names its peer's code. Differences we stand by are in
 * test/conformance/differences.json, each with its reason; any other wrong case makes the exit code 1.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lint } from "../server/src/core/lint.ts";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { type Answer, type Answers, keyOf, type Policy, type Question, type Rule } from "../server/src/core/rule.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { checkFixes } from "./check-fixes.ts";
import { suppress } from "../server/src/core/findings/suppress.ts";

interface Case {
  readonly id: string;
  readonly source: string;
  readonly rule: string;
  readonly kind?: string;
  readonly text: string;
  readonly expect: "fires" | "clean";
  readonly lines?: readonly number[];
  readonly disputed?: unknown;
  /** Files beside the Dockerfile. */
  readonly auxfiles?: Readonly<Record<string, string>>;
  readonly config?: {
    readonly trustedRegistries?: readonly string[];
    readonly "label-schema"?: Policy["labels"];
    readonly "strict-labels"?: boolean;
    /** Variables of the base images. */
    readonly baseImageEnv?: Readonly<Record<string, string>> | readonly string[];
  };
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: npm run conformance -- FOLDER-WITH-JSONL-CASES [--lines]");
  process.exit(2);
}

const differences = new Map(
  Object.entries(
    JSON.parse(readFileSync(join(import.meta.dirname, "../test/conformance/differences.json"), "utf8")) as Record<
      string,
      string
    >,
  ),
);

const byCode = Map.groupBy(
  rules.flatMap((rule) => rule.sameAs.map((code) => ({ code, rule }))),
  ({ code }) => code,
);

const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".jsonl"))
  .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
  .filter((line) => line.trim() !== "")
  .map((line) => JSON.parse(line) as Case)
  .filter(({ text, rule, expect }) => typeof text === "string" && typeof rule === "string" && expect !== undefined);

/** `buildkit-docs` and `kics-dockerfile` are cases of BuildKit and KICS. */
const peerOf = (source: string): string => source.replace(/-(docs|dockerfile)$/, "");

interface Tally {
  right: number;
  explained: string[];
  wrong: string[];
  disputed: number;
}

const tallies = new Map<string, Tally>();
for (const each of cases) {
  const mine = (byCode.get(`${peerOf(each.source)}:${each.rule}`) ?? []).map(({ rule }) => rule);
  if (mine.length === 0) continue;
  const tally = tallies.get(each.source) ?? { right: 0, explained: [], wrong: [], disputed: 0 };
  tallies.set(each.source, tally);
  const verdict = verdictOf(each, mine);
  const reason = differences.get(each.id);
  if (verdict === each.expect) tally.right++;
  else if (each.disputed !== undefined) tally.disputed++;
  else if (reason !== undefined) tally.explained.push(`${each.id}: ${reason}`);
  else tally.wrong.push(`${each.id} [${mine.map(({ id }) => id).join(", ")}] expected ${each.expect}`);
}

function verdictOf(each: Case, mine: readonly Rule[]): Case["expect"] {
  const dockerfile = parseDockerfile(each.text);
  const wishes = { policy: policyOf(each), options: {} };
  let answers: Answers = new Map();
  let { findings, crashes, questions } = lint(dockerfile, mine, answers, wishes);
  if (questions.length > 0) {
    answers = new Map(questions.map((question) => [keyOf(question), answerTo(question, each)]));
    ({ findings, crashes } = lint(dockerfile, mine, answers, wishes));
  }
  for (const { rule, error } of crashes) throw new Error(`${rule} threw`, { cause: error });
  return suppress(dockerfile, findings, rules).left.length > 0 ? "fires" : "clean";
}

const policyOf = ({ config }: Case): Policy => ({
  trustedRegistries: config?.trustedRegistries ?? [],
  labels: config?.["label-schema"] ?? {},
  strictLabels: config?.["strict-labels"] ?? false,
});

/** What the case says of the world around the Dockerfile; a case without files says nothing about files. */
function answerTo(question: Question, { auxfiles, config }: Case): Answer {
  const env = config?.baseImageEnv;
  if (question.ask === "environment" && env !== undefined)
    return (Array.isArray(env) ? env : Object.keys(env)).join(" ");
  if (auxfiles === undefined) return { unknown: "the case has no files" };
  if (question.ask === "list") return Object.keys(auxfiles).join("\n");
  if (question.ask === "exists") return question.path in auxfiles ? "yes" : "no";
  if (question.ask === "read") return auxfiles[question.path] ?? { unknown: "no such file" };
  return { unknown: "the case does not say" };
}

let right = 0;
let judged = 0;
let wrong = 0;
for (const [source, tally] of [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  const total = tally.right + tally.explained.length + tally.wrong.length;
  right += tally.right;
  judged += total;
  wrong += tally.wrong.length;
  console.log(
    `${source}: ${tally.right} of ${total} as the peer has it, ${tally.explained.length} different on purpose, ${tally.wrong.length} wrong${tally.disputed ? `, ${tally.disputed} disputed left out` : ""}`,
  );
  for (const line of tally.wrong) console.log(`  wrong ${line}`);
  for (const line of tally.explained) console.log(`  different ${line}`);
}
console.log(`all: ${right} of ${judged} (${((100 * right) / Math.max(1, judged)).toFixed(1)} %) as the peers have it`);

let tried = 0;
let faulty = 0;
const texts = new Set(cases.filter(({ kind }) => kind !== "compose").map(({ text }) => text));
for (const text of texts) {
  const report = checkFixes(text);
  tried += report.tried;
  faulty += report.faults.length;
  for (const fault of report.faults) console.log(`  fix: ${fault}\n    ${JSON.stringify(text).slice(0, 300)}`);
}
console.log(`fixes: ${tried} tried on ${texts.size} texts, ${faulty} faults`);
process.exitCode = wrong > 0 || faulty > 0 ? 1 : 0;
