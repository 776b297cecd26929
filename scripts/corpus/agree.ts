/**
 * How far we and a peer report the same on real files, code by code, by file and by line of the instruction. FOLDER holds the peers'
 * answers: hadolint.jsonl and buildkit.jsonl.
 */
import { join } from "node:path";
import { findingsOfAll, type OurFinding } from "./findings.ts";
import { baseName, type CorpusFile, corpusFiles, located, rowsOf } from "./files.ts";
import { checkedScripts } from "../../server/src/core/rules/shellcheck/scripts.ts";
import { type Answers, keyOf, type Question } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { shellcheckFinders } from "../../server/src/effects/shellcheck/shellcheck.ts";

type Peer = "hadolint" | "buildkit";

interface PeerFinding {
  readonly code?: string;
  readonly rule?: string;
  readonly line: number;
  /** It depends on a base image's environment that was not known. */
  readonly uncertain?: boolean;
}

interface PeerRow {
  readonly file: string;
  readonly findings?: readonly PeerFinding[];
  readonly warnings?: readonly PeerFinding[];
  /** The peer could not read the file: it says nothing of rules there. */
  readonly parse_error?: unknown;
  readonly error?: unknown;
}

/** Needs a configuration that the peers' answers were made without, or is off unless switched on. */
const NOT_RUN: ReadonlySet<string> = new Set(
  [
    "DL1001",
    "DL3026",
    "DL3049",
    "DL3050",
    "DL3051",
    "DL3052",
    "DL3053",
    "DL3054",
    "DL3055",
    "DL3056",
    "DL3057",
    "DL3058",
  ]
    .map((code) => `hadolint:${code}`)
    .concat(
      ["InvalidDefinitionDescription", "CopyIgnoredFile", "InvalidBaseImagePlatform"].map((code) => `buildkit:${code}`),
    ),
);

export interface Agreement {
  readonly code: string;
  readonly rules: readonly string[];
  /** `file:line` each. */
  readonly both: readonly string[];
  readonly onlyWe: readonly string[];
  readonly onlyThey: readonly string[];
  /**
   * Not counted, because hadolint does not look there: ours in the script of a `sh -c "…"`. ShellCheck's codes: it shows one finding a
   * RUN, looks at no CMD, ENTRYPOINT and HEALTHCHECK, and takes every script for sh, Windows' and those of a bash image too.
   */
  readonly otherRun: readonly string[];
}

export async function agreements(folder: string): Promise<readonly Agreement[]> {
  const result: Agreement[] = [];
  for (const peer of ["hadolint", "buildkit"] as const) {
    const rows = rowsOf<PeerRow>(join(folder, `${peer}.jsonl`)).filter((row) => !row.parse_error && !row.error);
    const judged = new Set(rows.map(({ file }) => baseName(file)));
    const files = corpusFiles(folder).filter(({ name }) => judged.has(name));
    const ours = await findingsOfAll(
      files.map((file) => ({ ...file, text: withoutOthersComments(file.text, peer) })),
      peer === "hadolint" ? askShellcheck : undefined,
    );
    const moved = rows.map(onInstructions(files));
    const compared = compare(peer, moved, ours);
    result.push(...(peer === "hadolint" ? compared.map((each) => withoutOtherRuns(each, files, moved)) : compared));
  }
  return result;
}

const { shellcheck = async () => ({ unknown: "ShellCheck is missing" }) } = shellcheckFinders();

async function askShellcheck(questions: readonly Question[]): Promise<Answers> {
  const where = { folder: undefined, signal: new AbortController().signal };
  const scripts = questions.filter((question) => question.ask === "shellcheck");
  return new Map(
    await Promise.all(scripts.map(async (question) => [keyOf(question), await shellcheck(question, where)] as const)),
  );
}

/** BuildKit names the last line of some, hadolint the first: both become the first of the instruction. */
function onInstructions(files: readonly CorpusFile[]): (row: PeerRow) => PeerRow {
  const places = new Map(files.map(({ name, text }) => [name, located(text)]));
  return (row) => {
    const place = places.get(baseName(row.file));
    if (!place) return row;
    const moved = (row.findings ?? row.warnings ?? []).map((finding) => {
      const offset = place.lines.offset({ line: finding.line - 1, column: 0 });
      const spot = place.dockerfile.instructions.find(({ span }) => span.start <= offset && offset <= span.end);
      return spot ? { ...finding, line: place.lines.position(spot.span.start).line + 1 } : finding;
    });
    return { file: row.file, findings: moved };
  };
}

function compare(peer: Peer, rows: readonly PeerRow[], ours: readonly OurFinding[]): Agreement[] {
  const theirs = new Map<string, Set<string>>();
  const doubtful = new Set<string>();
  for (const { file, findings, warnings } of rows)
    for (const { code, rule, line, uncertain } of findings ?? warnings ?? []) {
      const name = `${peer}:${code ?? rule}`;
      const key = `${baseName(file)}:${line}`;
      if (uncertain) doubtful.add(`${name} ${key}`);
      else theirs.set(name, (theirs.get(name) ?? new Set()).add(key));
    }
  const codes = new Set([
    ...theirs.keys(),
    ...rules.flatMap(({ sameAs }) => sameAs.filter((code) => code.startsWith(`${peer}:`))),
  ]);
  return [...codes]
    .filter((code) => !code.endsWith("*") && !NOT_RUN.has(code))
    .sort()
    .map((code) => {
      const plain = code.slice(code.indexOf(":") + 1);
      const mine = rules.filter(({ sameAs }) => sameAs.includes(code)).map(({ id }) => id);
      const found = ours.filter((each) => mine.includes(each.rule) || each.code === plain);
      const placesOf = (some: readonly OurFinding[]): Set<string> =>
        new Set(some.map(({ file, line }) => `${file}:${line}`));
      const outer = placesOf(found.filter((each) => peer === "buildkit" || !each.inner));
      const inner = new Set([...placesOf(found)].filter((key) => !outer.has(key)));
      const we = new Set([...outer, ...[...inner].filter((key) => theirs.get(code)?.has(key))]);
      const they = theirs.get(code) ?? new Set<string>();
      return {
        code,
        rules: mine.length > 0 ? mine : plain.startsWith("SC") ? ["shellcheck"] : [],
        both: [...we].filter((key) => they.has(key)),
        onlyWe: [...we].filter((key) => !they.has(key) && !doubtful.has(`${code} ${key}`)),
        onlyThey: [...they].filter((key) => !we.has(key)),
        otherRun: [...inner].filter((key) => !they.has(key)),
      };
    });
}

function withoutOtherRuns(each: Agreement, files: readonly CorpusFile[], rows: readonly PeerRow[]): Agreement {
  if (!each.code.startsWith("hadolint:SC")) return each;
  const shown = new Set(
    rows.flatMap(({ file, findings = [] }) =>
      findings.filter(({ code }) => code?.startsWith("SC")).map(({ line }) => `${baseName(file)}:${line}`),
    ),
  );
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const isOther = (key: string): boolean => {
    const place = located(texts.get(key.slice(0, key.lastIndexOf(":"))) ?? "");
    const line = Number(key.slice(key.lastIndexOf(":") + 1));
    const run = place.dockerfile.all.find(({ span }) => place.lines.position(span.start).line + 1 === line);
    return !run || run.name !== "RUN" || checkedScripts(place.dockerfile, run).every(({ dialect }) => dialect !== "sh");
  };
  const others = new Set([
    ...each.onlyWe.filter((key) => shown.has(key) || isOther(key)),
    ...each.onlyThey.filter(isOther),
  ]);
  return {
    ...each,
    onlyWe: each.onlyWe.filter((key) => !others.has(key)),
    onlyThey: each.onlyThey.filter((key) => !others.has(key)),
    otherRun: [...each.otherRun, ...others],
  };
}

/** A peer heeds its own comments only. The text keeps its length. */
const withoutOthersComments = (text: string, peer: Peer): string =>
  peer === "hadolint"
    ? text.replace(/^(#[ \t]*)check(?=[ \t]*=)/gim, "$1chick")
    : text.replace(/^([ \t]*#[ \t]*)hadolint(?=[ \t])/gm, "$1hadolunt");

/** One line for each code, and the places where we differ when one is asked for. False when a peer and we agree too little. */
export function printAgreements(all: readonly Agreement[], shown: string | undefined): boolean {
  const percent = (part: number, rest: number): string =>
    part + rest === 0 ? "     –" : `${((100 * part) / (part + rest)).toFixed(1)} %`.padStart(7);
  console.log("code: theirs that are ours too, ours that are theirs too (both, only they, only we) our rules");
  for (const { code, rules: mine, both, onlyWe, onlyThey, otherRun } of all) {
    if (both.length + onlyWe.length + onlyThey.length + otherRun.length === 0) continue;
    console.log(
      `  ${code}: ${percent(both.length, onlyThey.length)} ${percent(both.length, onlyWe.length)} (${both.length}, ${onlyThey.length}, ${onlyWe.length}) ${mine.join(", ")}${otherRun.length > 0 ? `; ${otherRun.length} not counted: hadolint looks in another way` : ""}`,
    );
    if (shown === undefined || (shown !== code && !mine.includes(shown))) continue;
    for (const key of onlyThey) console.log(`    only they ${key}`);
    for (const key of onlyWe) console.log(`    only we ${key}`);
  }
  let enough = true;
  for (const peer of ["hadolint", "buildkit"]) {
    const sum = (pick: (each: Agreement) => readonly string[]): number =>
      all
        .filter(({ code, rules: mine }) => code.startsWith(`${peer}:`) && mine.length > 0)
        .reduce((so, each) => so + pick(each).length, 0);
    const both = sum((each) => each.both);
    const ours = sum((each) => each.onlyWe);
    const theirs = sum((each) => each.onlyThey);
    enough &&= Math.min(both / (both + ours), both / (both + theirs)) >= FLOOR;
    console.log(
      `${peer}: ${percent(both, theirs).trim()} of theirs are ours, ${percent(both, ours).trim()} of ours are theirs`,
    );
  }
  return enough;
}

/** Of a peer's findings that are ours too, and the other way round. */
const FLOOR = 0.98;
