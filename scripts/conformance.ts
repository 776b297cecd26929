/**
 * `npm run conformance -- FOLDER`: runs our rules over cases of peers' test suites and says, per source, how many come out
 * as the peer has it. A case belongs to the rules whose `sameAs` names its peer's code. Differences we stand by are in
 * test/conformance/differences.md, each with its reason; any other wrong case makes the exit code 1. Then the recorded outputs of
 * scanners and SBOM tools in ../fixtures/scanners beside that folder: what our parsers read in each, and whether that is what is in it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lint, type Result } from "../server/src/core/lint.ts";
import { shippedStages } from "../server/src/core/model/dockerfile/facts.ts";
import { type Document, type Language, parseDocument } from "../server/src/core/model/document.ts";
import {
  type Answer,
  type Finding,
  keyOf,
  type OptionValue,
  type Policy,
  type Question,
  type Rule,
} from "../server/src/core/rule.ts";
import { finalStage } from "../server/src/core/model/dockerfile/stages.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { contains } from "../server/src/core/text/edit.ts";
import { shellcheckFinders } from "../server/src/effects/shellcheck/shellcheck.ts";
import { fixAll } from "../server/src/core/findings/fix-all.ts";
import { checkRecordings } from "./conformance/recordings.ts";
import { alone } from "./corpus/alone.ts";
import { everything, type FixReport } from "./check-fixes.ts";
import { inThreads } from "./threads.ts";
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
    /** BuildKit: which stages are built. */
    readonly targets?: string;
    /** BUILDKIT_DOCKERFILE_CHECK. */
    readonly check?: string;
    /** Variables of the base images. */
    readonly baseImageEnv?: Readonly<Record<string, string>> | readonly string[];
    /** dclint: options of the rule, by names that ours have too. */
    readonly [option: string]: unknown;
  };
}

interface FixCase {
  readonly fixed: string;
  /** What the peer's own test wants, where that is more than what it does. */
  readonly expected?: string;
}

const folder = process.argv[2] ?? join(import.meta.dirname, "../../shared/conformance");
if (!existsSync(folder)) {
  console.error(`there is no ${folder}; usage: npm run conformance [-- FOLDER-WITH-JSONL-CASES]`);
  process.exit(2);
}

/** The share of a source's cases that have to come out as the peer has them, in percent. */
const FLOORS: Readonly<Record<string, number>> = { "dockerfile-utils": 97 };
const FLOOR = 98;

const differences = readDifferences();

const byCode = Map.groupBy(
  rules.flatMap((rule) => rule.sameAs.map((code) => ({ code, rule }))),
  ({ code }) => code,
);

const rows = readdirSync(folder)
  .filter((name) => name.endsWith(".jsonl"))
  .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
  .filter((line) => line.trim() !== "")
  .map((line) => JSON.parse(line) as Case & Partial<FixCase>);
const cases = rows.filter(
  ({ text, rule, expect }) => typeof text === "string" && typeof rule === "string" && expect !== undefined,
);
/** What a peer makes of a text with the fix of one rule. */
const fixCases = rows.filter((row): row is Case & FixCase => row.fixed !== undefined);

/** `buildkit-docs`, `kics-dockerfile` and `kics-compose` are cases of BuildKit and KICS. */
const peerOf = (source: string): string => source.replace(/-(docs|dockerfile|compose)$/, "");

interface Tally {
  right: number;
  explained: string[];
  /** By the heading they stand under. */
  notCounted: string[];
  wrong: string[];
  /** Listed as different and not different. */
  stale: string[];
  disputed: number;
}

const { shellcheck: askShellcheck = async () => ({ unknown: "ShellCheck is missing" }) } = shellcheckFinders();
const NEVER = new AbortController().signal;

/** What a peer's code covers of our rule, where that is one kind of instruction only. */
const ONLY_ON: Readonly<Record<string, string>> = { "dockerfilelint:label_invalid": "LABEL" };
/** Codes the peer does not run by default: in a case of `*` they are off. */
const OFF: ReadonlySet<string> = new Set(["hadolint:DL1001", "hadolint:DL3057"]);

/** What the files of the cases are called. */
const NAMES: Readonly<Record<Language, string>> = {
  dockerfile: "Dockerfile",
  compose: "compose.yaml",
  dockerignore: ".dockerignore",
};

const languageOf = ({ kind }: Pick<Case, "kind">): Language => (kind === "compose" ? "compose" : "dockerfile");

const tallies = new Map<string, Tally>();
for (const each of cases) {
  const mine = rulesFor(each);
  if (mine.length === 0) continue;
  const tally = tallyOf(each);
  const verdict = await verdictOf(each, mine);
  const difference = differences.get(each.id);
  if (verdict === each.expect) {
    tally.right++;
    if (difference) tally.stale.push(each.id);
  } else if (each.disputed !== undefined) tally.disputed++;
  else if (difference) tally[difference.counts ? "explained" : "notCounted"].push(`${each.id}: ${difference.reason}`);
  else tally.wrong.push(`${each.id} [${mine.map(({ id }) => id).join(", ")}] expected ${each.expect}`);
}

for (const each of fixCases) {
  const mine = rulesFor(each);
  if (mine.length === 0) continue;
  const tally = tallyOf({ source: `${each.source}-fixes` });
  const kind = { language: languageOf(each), name: NAMES[languageOf(each)] };
  const settings = { ...everything, options: optionsOf(each, mine) };
  const { text } = fixAll(each.text, { rules: mine, settings, answers: new Map(), allow: ["safe", "unsafe"], kind });
  const difference = differences.get(each.id);
  if (collapsed(text) === collapsed(each.expected ?? each.fixed)) {
    tally.right++;
    if (difference) tally.stale.push(each.id);
  } else if (difference) tally[difference.counts ? "explained" : "notCounted"].push(`${each.id}: ${difference.reason}`);
  else tally.wrong.push(`${each.id} [${mine.map(({ id }) => id).join(", ")}] gives ${JSON.stringify(text)}`);
}

/** Layout is no part of what a peer's test of a fix compares. */
function collapsed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function tallyOf({ source }: Pick<Case, "source">): Tally {
  const tally = tallies.get(source) ?? { right: 0, explained: [], notCounted: [], wrong: [], stale: [], disputed: 0 };
  tallies.set(source, tally);
  return tally;
}

/** Whether the peer has a code for this finding of a rule. */
function isTheirs(each: Case, finding: Finding, document: Document): boolean {
  const codes = rules
    .find(({ id }) => id === finding.rule)
    ?.sameAs.filter((code) => code.startsWith(`${peerOf(each.source)}:`));
  const instruction =
    document.language === "dockerfile"
      ? document.all.findLast(({ span }) => span.start <= finding.span.start)
      : undefined;
  return (codes ?? []).some(
    (code) =>
      !(each.rule === "*" && OFF.has(code)) && (ONLY_ON[code] === undefined || ONLY_ON[code] === instruction?.name),
  );
}

/** BuildKit builds what the last stage needs, where a case says so; its lint looks at all stages, as we do. */
function isBuilt({ config }: Case, { span }: Finding, dockerfile: Document): boolean {
  if (dockerfile.language !== "dockerfile") return true;
  const last = finalStage(dockerfile);
  if (config?.targets !== "last" || !last) return true;
  const stage = dockerfile.stages.find((each) => contains(each.span, { start: span.start, end: span.start }));
  return stage === undefined || shippedStages(dockerfile, last).has(stage.index);
}

/** The rules with the case's code; `*` is every code of the peer, `SC*` every one that begins so. */
function rulesFor(each: Case): readonly Rule[] {
  const { source, rule: code } = each;
  const peer = peerOf(source);
  const mine = rules.filter(({ language }) => language === languageOf(each));
  if (code !== "*")
    return (byCode.get(`${peer}:${code}`) ?? []).map(({ rule }) => rule).filter((rule) => mine.includes(rule));
  return mine.filter(({ sameAs }) => sameAs.some((one) => one.startsWith(`${peer}:`)));
}

interface Difference {
  readonly reason: string;
  /** False where the expectation was true of an older Docker, and where another peer's case has the opposite. */
  readonly counts: boolean;
}

/** A reason is a paragraph, its cases are the list below it. */
function readDifferences(): ReadonlyMap<string, Difference> {
  const found = new Map<string, Difference>();
  let reason = "";
  let counts = true;
  for (const block of readFileSync(join(import.meta.dirname, "../test/conformance/differences.md"), "utf8").split(
    /\n\n+/,
  )) {
    if (block.startsWith("#")) counts = !/\blore\b|\bopposite\b/i.test(block);
    else if (!block.startsWith("- ")) reason = block.replaceAll("\n", " ").trim();
    else for (const [, id = ""] of block.matchAll(/^- `([^`]+)`/gm)) found.set(id, { reason, counts });
  }
  return found;
}

async function verdictOf(each: Case, mine: readonly Rule[]): Promise<Case["expect"]> {
  const document = parseDocument(withCheckOption(each), languageOf(each), NAMES[languageOf(each)]);
  const wishes = { policy: policyOf(each), options: optionsOf(each, mine) };
  const answers = new Map<string, Answer>();
  if (document.language === "compose" && each.auxfiles === undefined)
    return verdictIn(each, document, lint(document, mine, alone(each.text), wishes));
  let found = lint(document, mine, answers, wishes);
  if (found.questions.length > 0) {
    for (const question of found.questions) answers.set(keyOf(question), await answerTo(question, each));
    found = lint(document, mine, answers, wishes);
  }
  return verdictIn(each, document, found);
}

function verdictIn(each: Case, document: Document, found: Result): Case["expect"] {
  for (const { rule, error } of found.crashes) tallyOf(each).wrong.push(`${each.id}: ${rule} threw ${String(error)}`);
  const left = suppress(document, found.findings, rules).left.filter(
    (finding) => isTheirs(each, finding, document) && isBuilt(each, finding, document),
  );
  return left.length > 0 ? "fires" : "clean";
}

/** The case's own settings of its rule, where ours have options of those names. */
function optionsOf({ config = {} }: Case, mine: readonly Rule[]): Record<string, Record<string, OptionValue>> {
  const wished = mine.map(({ id, options = [] }) => {
    const named = options.filter(({ name }) => config[name] !== undefined);
    // Cases are written by us; a value of another type is left alone by the rule.
    return [id, Object.fromEntries(named.map(({ name }) => [name, config[name] as OptionValue]))] as const;
  });
  return Object.fromEntries(wished);
}

/** BUILDKIT_DOCKERFILE_CHECK takes the place of the file's directive. */
function withCheckOption({ text, config }: Case): string {
  if (config?.check === undefined) return text;
  return `# check=${config.check}\n${text.replace(/^#[ \t]*check[ \t]*=.*\n/im, "")}`;
}

function policyOf({ config }: Case): Policy {
  return {
    trustedRegistries: config?.trustedRegistries ?? [],
    labels: config?.["label-schema"] ?? {},
    strictLabels: config?.["strict-labels"] ?? false,
  };
}

/** What the case says of the world around the Dockerfile; a case without files says nothing about files. */
async function answerTo(question: Question, { auxfiles, config }: Case): Promise<Answer> {
  if (question.ask === "shellcheck") return askShellcheck(question, { folder: undefined, signal: NEVER });
  const env = config?.baseImageEnv;
  if (question.ask === "environment" && env !== undefined)
    return (Array.isArray(env) ? env : Object.keys(env)).join(" ");
  if (auxfiles === undefined) return { unknown: "the case has no files" };
  if (question.ask === "list") return Object.keys(auxfiles).join("\n");
  if (question.ask === "path-kind") return question.path in auxfiles ? "file" : "missing";
  if (question.ask === "exists") return question.path in auxfiles ? "yes" : "no";
  if (question.ask === "read" || question.ask === "text") return auxfiles[question.path] ?? { unknown: "no such file" };
  return { unknown: "the case does not say" };
}

let right = 0;
let judged = 0;
let faults = 0;
for (const [source, tally] of [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  const total = tally.right + tally.explained.length + tally.wrong.length;
  const percent = (100 * tally.right) / Math.max(1, total);
  const low = percent < (FLOORS[source] ?? FLOOR);
  right += tally.right;
  judged += total;
  faults += tally.wrong.length + tally.stale.length + Number(low);
  console.log(
    [
      `${source}: ${tally.right} of ${total} (${percent.toFixed(1)} %) as the peer has it`,
      `${tally.explained.length} different on purpose`,
      `${tally.wrong.length} wrong`,
      ...(tally.notCounted.length > 0
        ? [`${tally.notCounted.length} not counted: Docker 20.10 lore, or another peer has the opposite`]
        : []),
      ...(tally.disputed > 0 ? [`${tally.disputed} not counted: disputed`] : []),
      ...(low ? [`fewer than ${FLOORS[source] ?? FLOOR} %`] : []),
    ].join(", "),
  );
  for (const line of tally.wrong) console.log(`  wrong ${line}`);
  for (const line of tally.stale) console.log(`  listed as different and right: ${line}`);
  for (const line of tally.explained) console.log(`  different ${line}`);
  for (const line of tally.notCounted) console.log(`  not counted ${line}`);
}
console.log(`all: ${right} of ${judged} (${((100 * right) / Math.max(1, judged)).toFixed(1)} %) as the peers have it`);

const texts = [...new Map(cases.map((each) => [each.text, { text: each.text, language: languageOf(each) }])).values()];
const reports = await inThreads<(typeof texts)[number], readonly (FixReport & { readonly text: string })[]>(
  join(import.meta.dirname, "check-fixes-thread.ts"),
  texts,
);
const faulty = reports.flat().filter((report) => report.faults.length > 0);
for (const { faults: found, text } of faulty)
  for (const fault of found) console.log(`  fix: ${fault}\n    ${JSON.stringify(text).slice(0, 300)}`);
const tried = reports.flat().reduce((sum, report) => sum + report.tried, 0);
console.log(`fixes: ${tried} tried on ${texts.length} texts, ${faulty.length} texts with faults`);
const misread = checkRecordings(join(folder, "../fixtures/scanners"));
process.exitCode = faults + faulty.length + misread > 0 ? 1 : 0;
