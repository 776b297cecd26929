/**
 * Real compose files beside the real compose: what it takes has no error of ours, what it refuses has one on that line; what our fixes,
 * Harden and the formatter make of them it takes as well, and its `config` differs only where the fix says.
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fixAll } from "../../server/src/core/findings/fix-all.ts";
import { inspect, type Kind } from "../../server/src/core/findings/inspect.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import type { ComposeRule } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { linesOf } from "../../server/src/core/text/lines.ts";
import type { YamlEntry, YamlNode } from "../../server/src/core/text/yaml.ts";
import { checkFixes, everything } from "../check-fixes.ts";
import { type Compose, inParallel, missesFile, setUpCompose } from "../setup/compose.ts";
import { changedPaths, isExpected } from "./compose-changes.ts";

const KIND: Kind = { language: "compose", name: "compose.yaml" };
const composeRules = rules.filter((rule): rule is ComposeRule => rule.language === "compose");

interface Counts {
  taken: number;
  refused: number;
  missing: number;
  /** Results of fixes that compose was asked about. */
  asked: number;
  /** Of these, those it had refused before. */
  refusedBefore: number;
}

export async function composeSurvey(folder: string, shown: string | undefined): Promise<number> {
  const files = readdirSync(folder)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  if (shown !== undefined) return printFindings(files, shown);
  await using compose = await setUpCompose();
  const counts: Counts = { taken: 0, refused: 0, missing: 0, asked: 0, refusedBefore: 0 };
  const found = new Map<string, { findings: number; files: number; recommended: number }>();
  const perFile: number[] = [];
  const faults = await inParallel(files, availableParallelism(), async ({ name, text }) => {
    perFile.push(countFindings(text, found));
    return (await lookInto(text, compose, counts)).map((fault) => `${name}: ${fault}`);
  });
  for (const fault of faults.flat()) console.log(fault);
  console.log("rule: findings in files (of them recommended)");
  for (const [id, { findings, files: many, recommended }] of [...found].toSorted((a, b) => b[1].findings - a[1].findings))
    console.log(`  ${id}: ${findings} in ${many} (${recommended})`);
  perFile.sort((a, b) => a - b);
  console.log(`recommended profile: ${perFile[perFile.length >> 1]} findings a file in the median`);
  console.log(
    `${counts.taken} files compose takes, ${counts.refused} it refuses, ${counts.missing} that miss a file; ` +
      `${counts.asked} results of fixes it was asked about`,
  );
  console.log(`${faults.flat().length} faults in ${files.length} files`);
  return faults.flat().length > 0 ? 1 : 0;
}

function countFindings(
  text: string,
  found: Map<string, { findings: number; files: number; recommended: number }>,
): number {
  const { findings } = inspect(text, rules, everything, new Map(), KIND);
  for (const [rule, mine] of Map.groupBy(findings, (finding) => finding.rule)) {
    const before = found.get(rule) ?? { findings: 0, files: 0, recommended: 0 };
    found.set(rule, {
      findings: before.findings + mine.length,
      files: before.files + 1,
      recommended: before.recommended + mine.filter(({ profile }) => profile === "recommended").length,
    });
  }
  return findings.filter(({ profile }) => profile === "recommended").length;
}

async function lookInto(text: string, compose: Compose, counts: Counts): Promise<string[]> {
  const before = await compose.config(text);
  const errors = inspect(text, rules, everything, new Map(), KIND).findings.filter(
    ({ severity }) => severity === "error",
  );
  const lines = linesOf(text);
  const lineOf = (offset: number): number => lines.position(offset).line + 1;
  const faults = [...checkFixes(text, "compose").faults];
  if (before.refusal === "") {
    counts.taken++;
    for (const { rule, span, message } of errors)
      faults.push(`compose takes it, and ${rule} calls line ${lineOf(span.start)} an error: ${message}`);
  } else if (missesFile(before.refusal)) counts.missing++;
  else {
    counts.refused++;
    const wanted = refusedLines(text, before.refusal);
    if (!errors.some(({ span }) => wanted.includes(lineOf(span.start))))
      faults.push(`compose refuses it and no error is on line ${wanted.join(" or ")}: ${before.refusal}`);
  }
  for (const { what, after, touched } of results(text)) {
    counts.asked++;
    const { refusal, config } = await compose.config(after);
    if (refusal !== "") {
      if (before.refusal === "") faults.push(`${what}: compose refuses the result: ${refusal}`);
      else counts.refusedBefore++;
      continue;
    }
    if (before.refusal !== "") continue;
    const unexpected = changedPaths(before.config, config).filter((path) => !touched.some((rule) => isExpected(rule, path)));
    if (unexpected.length > 0) faults.push(`${what}: the configuration differs in ${unexpected.slice(0, 3).join(", ")}`);
  }
  return faults;
}

interface Result {
  readonly what: string;
  readonly after: string;
  /** The rules whose fixes are in it: what may differ. */
  readonly touched: readonly string[];
}

/** What comes of the text: each rule's fixes, all safe ones, all. */
function results(text: string): readonly Result[] {
  const all: Result[] = [];
  const add = (what: string, allow: readonly ("safe" | "unsafe")[], only?: string): void => {
    const fixed = fixAll(text, {
      rules: only === undefined ? rules : composeRules.filter(({ id }) => id === only),
      settings: everything,
      answers: new Map(),
      allow,
      kind: KIND,
    });
    if (fixed.text === text) return;
    all.push({ what, after: fixed.text, touched: fixed.applied.map(({ rule }) => rule) });
  };
  for (const { id, fixable } of composeRules) if (fixable !== "never") add(id, ["safe", "unsafe"], id);
  add("all safe fixes", ["safe"]);
  add("all fixes", ["safe", "unsafe"]);
  return all;
}

/** The lines compose's refusal is about: it names a line, or the way of keys to what it refuses. */
function refusedLines(text: string, refusal: string): readonly number[] {
  const named = [...refusal.matchAll(/\bline (\d+)/g)].map((match) => Number(match[1]));
  if (named.length > 0) return named;
  const { root } = parseCompose(text);
  const lines = linesOf(text);
  const keys = [...refusal.matchAll(/'([^']+)'|\b((?:services|networks|volumes|secrets|configs)(?:\.[\w.[\]-]+)+)/g)];
  return keys.map(([, quoted, path]) => {
    let node: YamlNode | undefined = root;
    let at = 0;
    for (const key of (path ?? quoted ?? "").replaceAll(/\[(\d+)\]/g, "$1").split(".")) {
      if (node?.kind === "map") {
        const entry: YamlEntry | undefined = node.entries.find((each) => each.key === key);
        if (!entry) break;
        at = entry.keySpan.start;
        node = entry.value;
      } else if (node?.kind === "list") {
        node = node.items[Number(key)];
        at = node?.span.start ?? at;
      }
    }
    return lines.position(at).line + 1;
  });
}

function printFindings(files: readonly { readonly name: string; readonly text: string }[], rule: string): number {
  for (const { name, text } of files) {
    const lines = linesOf(text);
    for (const finding of inspect(text, rules, everything, new Map(), KIND).findings) {
      if (finding.rule !== rule) continue;
      const { line } = lines.position(finding.span.start);
      const fixes = finding.fixes.map(({ title, safety }) => `${safety}: ${title}`).join("; ") || finding.refusal || "";
      console.log(`${name}:${line + 1}: ${finding.profile} ${finding.severity}: ${finding.message} [${fixes}]`);
    }
  }
  return 0;
}
