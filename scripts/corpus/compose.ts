/**
 * Real compose files beside the real compose: what it takes has no error of ours, what it refuses has one on that line; what our fixes,
 * Harden and the formatter make of them it takes as well, and its `config` differs only where the fix says.
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { linesOf } from "../../server/src/core/text/lines.ts";
import { parseYaml, type YamlEntry, type YamlNode } from "../../server/src/core/text/yaml.ts";
import { everything } from "../check-fixes.ts";
import { type Compose, inParallel, missesFile, setUpCompose } from "../setup/compose.ts";
import { inThreads } from "../threads.ts";
import { changedPaths, isExpected } from "./compose-changes.ts";
import { baseName, rowsOf } from "./files.ts";
import { alone } from "./alone.ts";
import { type ComposeFinding, type ComposeText, kindOf, type Seen } from "./compose-thread.ts";

/** The rules that judge the text as `config --no-interpolate` does. */
const VALIDATION: ReadonlySet<string> = new Set(["compose-yaml", "compose-schema"]);

interface Counts {
  taken: number;
  refused: number;
  missing: number;
  /** Results of fixes that compose was asked about. */
  asked: number;
}

/** `corpus` holds the folder compose, and index.jsonl, which says what the files were called where they come from. */
export async function composeSurvey(corpus: string, shown: string | undefined): Promise<number> {
  const folder = join(corpus, "compose");
  const paths = new Map(
    rowsOf<{ readonly file: string; readonly path?: string }>(join(corpus, "index.jsonl")).map(
      ({ file, path = "" }) => [baseName(file), baseName(path)],
    ),
  );
  const files = readdirSync(folder)
    .sort()
    .map((name) => ({ name, path: paths.get(name) ?? name, text: readFileSync(join(folder, name), "utf8") }));
  if (shown !== undefined) return printFindings(files, shown);
  const seen = (
    await inThreads<ComposeText, readonly Seen[]>(join(import.meta.dirname, "compose-thread.ts"), files)
  ).flat();
  await using compose = await setUpCompose();
  const counts: Counts = { taken: 0, refused: 0, missing: 0, asked: 0 };
  const perFile = await inParallel(seen, availableParallelism(), async (file) =>
    (await lookInto(file, compose, counts)).map((fault) => `${file.name}: ${fault}`),
  );
  const faults = perFile.flat();
  for (const fault of faults) console.log(fault);
  printCounts(seen.map(({ findings }) => findings));
  console.log(
    `${counts.taken} files compose takes, ${counts.refused} it refuses, ${counts.missing} that miss a file; ` +
      `${counts.asked} results of fixes it was asked about`,
  );
  console.log(`${faults.length} faults in ${files.length} files`);
  return faults.length > 0 ? 1 : 0;
}

function printCounts(files: readonly (readonly ComposeFinding[])[]): void {
  const all = Map.groupBy(
    files.flatMap((findings, file) => findings.map((finding) => ({ ...finding, file }))),
    ({ rule }) => rule,
  );
  console.log("rule: findings in files (of them recommended)");
  for (const [id, mine] of [...all].toSorted((a, b) => b[1].length - a[1].length)) {
    const recommended = mine.filter(({ profile }) => profile === "recommended").length;
    console.log(`  ${id}: ${mine.length} in ${new Set(mine.map(({ file }) => file)).size} (${recommended})`);
  }
  const usual = files
    .map((findings) => findings.filter(({ profile }) => profile === "recommended").length)
    .sort((a, b) => a - b);
  console.log(`recommended profile: ${usual[usual.length >> 1]} findings a file in the median`);
}

async function lookInto(file: Seen, compose: Compose, counts: Counts): Promise<readonly string[]> {
  const { text } = file;
  const before = await compose.config(text);
  const errors = file.findings.filter(({ severity }) => severity === "error");
  const faults = [...file.faults];
  if (before.refusal === "") {
    counts.taken++;
    // What is about the text alone it has judged; what has to be there, and what variables come to, it judges before it runs anything.
    const unsaid = errors.some(({ rule }) => !VALIDATION.has(rule)) && !(await compose.wouldRun(text));
    for (const { rule, line, message } of errors)
      if (VALIDATION.has(rule) || !unsaid)
        faults.push(`compose takes it, and ${rule} calls line ${line} an error: ${message}`);
  } else if (missesFile(before.refusal)) counts.missing++;
  else {
    counts.refused++;
    const wanted = refusedLines(text, before.refusal);
    if (!errors.some(({ line }) => wanted.includes(line)))
      faults.push(`compose refuses it and no error is on line ${wanted.join(" or ")}: ${before.refusal}`);
  }
  const comments = commentsIn(text);
  for (const { what, after, touched } of file.results) {
    counts.asked++;
    if (what === "harden" && lost(text, after).length > 0)
      faults.push(`harden: a line is changed: ${lost(text, after)[0]}`);
    if (commentsIn(after) !== comments) faults.push(`${what}: a comment is lost or added`);
    const { refusal, config } = await compose.config(after);
    if (before.refusal !== "") continue;
    if (refusal !== "") faults.push(`${what}: compose refuses the result: ${refusal}`);
    else {
      const unexpected = changedPaths(before.config, config).filter(
        (path) => !touched.some((rule) => isExpected(rule, path)),
      );
      if (unexpected.length > 0)
        faults.push(`${what}: the configuration differs in ${unexpected.slice(0, 3).join(", ")}`);
    }
  }
  return faults;
}

/** Lines that are not there any more. */
function lost(before: string, after: string): readonly string[] {
  const there = new Map<string, number>();
  for (const line of after.split(/\r?\n/)) there.set(line, (there.get(line) ?? 0) + 1);
  return before.split(/\r?\n/).filter((line) => {
    const count = there.get(line) ?? 0;
    there.set(line, count - 1);
    return count <= 0;
  });
}

/** Their texts in alphabetical order: a fix may move them, and loses and adds none. */
const commentsIn = (text: string): string =>
  parseYaml(text, { tolerant: true })
    .comments.map((comment) => comment.text.trimEnd())
    .sort()
    .join("\n");

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

function printFindings(files: readonly ComposeText[], rule: string): number {
  for (const { name, path, text } of files) {
    const lines = linesOf(text);
    for (const finding of inspect(text, rules, everything, alone(text), kindOf(path)).findings) {
      if (finding.rule !== rule) continue;
      const { line } = lines.position(finding.span.start);
      const fixes = finding.fixes.map(({ title, safety }) => `${safety}: ${title}`).join("; ") || finding.refusal || "";
      console.log(`${name}:${line + 1}: ${finding.profile} ${finding.severity}: ${finding.message} [${fixes}]`);
    }
  }
  return 0;
}
