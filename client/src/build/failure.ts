/** Why a build failed, and on which lines of the Dockerfile. Lines count from 0. */
import type { BuildFacts, InstructionFact } from "../../../server/src/lsp/messages.ts";
import type { Outcome } from "../process.ts";
import { type BuildReport, instructionOf, type Place, type Step } from "./events.ts";
import { adviceOn, adviceOnEngine } from "./trouble.ts";

export interface BuildFailure {
  /** One line. */
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly advice?: string;
  /** Absent when no line of the Dockerfile is to blame. */
  readonly place?: Place;
  /** The end of what the failing step printed. */
  readonly lastLines: readonly string[];
}

const LAST_LINES = 10;

export function failureOf(report: BuildReport, facts: BuildFacts | undefined): BuildFailure {
  const failed = failedStep(report);
  const step = failed ?? report.steps.findLast(({ state }) => state === "running");
  const printed = (step ? (report.logs.get(step.id) ?? []) : []).map(plain);
  const reason = reasonIn(report, failed, printed);
  const message = messageOf(reason ?? failed?.error ?? "the engine ended without a word");
  const lastLines = printed.filter((line) => line !== message).slice(-LAST_LINES);
  const ofEngine = adviceOnEngine(reason);
  if (ofEngine !== undefined) return { message, advice: ofEngine, lastLines };
  const place = excerptIn(report.text) ?? parseErrorIn(message) ?? (step && facts && placeOf(step, facts));
  const advice = adviceOn(`${message}\n${report.text}\n${printed.slice(-LAST_LINES).join("\n")}`);
  return { message, lastLines, ...(place && { place }), ...(advice !== undefined && { advice }) };
}

/** A program that was not there, did not start or took too long: the last line of stderr says so, which no reader has seen. */
export const withEnding = (report: BuildReport, { code, stderr }: Pick<Outcome, "code" | "stderr">): BuildReport =>
  code === null ? { ...report, text: `${report.text}${stderr.split("\n").at(-1)}\n` } : report;

/** Steps beside the failing one are cancelled, which is no failure of theirs. Builders that go step by step end in the failing one. */
const failedStep = ({ steps }: BuildReport): Step | undefined =>
  steps.find(({ state, error }) => state === "failed" && !/context cancell?ed/.test(error ?? ""));

const ERROR = /^(?:ERROR|Error|FATA\[\d+\]|Error response from daemon): (.*)$/;
/** What engines put before the reason. */
const PREFIXES =
  /^(?:(?:failed to build|failed to solve|failed to compute cache key|failed to calculate checksum of ref \S+|rpc error: code = Unknown desc = \S*|building at STEP "[\s\S]*?"(?=: )|Error response from daemon|error building at step): )+/i;
const PROCESS = /process "[\s\S]*" did not complete successfully: /;
const RETURNED = /^The command '[\s\S]*' returned a non-zero code: (\d+)$/;

/** The line that says why, as the engine has it; undefined when it has no last word, as buildx when its daemon goes away. */
function reasonIn(report: BuildReport, failed: Step | undefined, printed: readonly string[]): string | undefined {
  const text = report.text.split("\n").map(plain);
  const last = text.findLast((line) => line.trim() !== "");
  return (
    text.findLast((line) => ERROR.test(line) || RETURNED.test(line)) ??
    printed.findLast((line) => ERROR.test(line)) ??
    (last === undefined ? undefined : (failed?.error ?? last))
  );
}

function messageOf(found: string): string {
  const reason = (ERROR.exec(found)?.[1] ?? found).replace(PREFIXES, "").replace(PROCESS, "");
  const code = RETURNED.exec(reason)?.[1];
  return code === undefined ? reason.trim() : `exit code: ${code}`;
}

/** BuildKit prints the lines around the culprit and marks it. */
function excerptIn(text: string): Place | undefined {
  const [, ...excerpts] = text.split(/^\S.*:\d+\n-{10,}\n/m);
  for (const excerpt of excerpts.toReversed()) {
    const marked = [...excerpt.matchAll(/^ *(\d+) \| >>>/gm)].map(([, line]) => Number(line) - 1);
    const [first] = marked;
    if (first !== undefined) return { line: first, endLine: marked.at(-1) ?? first };
  }
  return undefined;
}

function parseErrorIn(message: string): Place | undefined {
  const line = /\bparse error on line (\d+)|^line (\d+): /i.exec(message);
  const at = Number(line?.[1] ?? line?.[2] ?? 0) - 1;
  return at < 0 ? undefined : { line: at, endLine: at };
}

/** What makes a layer: the instructions BuildKit counts. */
const COUNTED: ReadonlySet<string> = new Set(["FROM", "RUN", "COPY", "ADD", "WORKDIR"]);

/** The instruction of a step: the one at its number, when that is of its kind, else the one with its text. */
export function placeOf(step: Pick<Step, "name">, { stages, instructions }: BuildFacts): Place | undefined {
  const written = instructionOf(step.name);
  const keyword = /^[a-z]+/i.exec(written)?.[0].toUpperCase();
  const fits = (found: InstructionFact | undefined): found is InstructionFact => found?.keyword === keyword;
  const inStage = (index: number | undefined): readonly InstructionFact[] =>
    instructions.filter(({ stage }) => stage === index);

  const buildkit = /^\[(?:\S+\/\S+ )?(?:(\S+) )?(\d+)\/\d+\] (?!STEP)/.exec(step.name);
  const buildah = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)\/\d+: /.exec(step.name);
  const classic = /^Step (\d+)\/\d+ : /.exec(step.name);
  let numbered: InstructionFact | undefined;
  if (buildkit) {
    const [, stage = `stage-${stages.length - 1}`, number] = buildkit;
    const index = stages.find(
      ({ name, index: at }) => name?.toLowerCase() === stage.toLowerCase() || stage === `stage-${at}`,
    );
    numbered = inStage(index?.index).filter((each) => COUNTED.has(each.keyword))[Number(number) - 1];
  } else if (buildah) numbered = inStage(Number(buildah[1] ?? 1) - 1)[Number(buildah[2]) - 1];
  else if (classic) numbered = instructions[Number(classic[1]) - 1];

  const same = instructions.filter(
    (each) => fits(each) && squeezed(each.text) === squeezed(written.slice(keyword?.length)),
  );
  const found = fits(numbered) && (same.length === 0 || same.includes(numbered)) ? numbered : same[0];
  return found && { line: found.line, endLine: found.endLine };
}

const squeezed = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-?]*[ -/]*[@-~]`, "g");

/** As a person reads it: without colours, and of a line that was written over the last version. */
const plain = (line: string): string =>
  line
    .replaceAll(ESCAPES, "")
    .split("\r")
    .findLast((part) => part !== "") ?? "";
