/**
 * `npm run corpus -- FOLDER`: runs every rule over real Dockerfiles (FOLDER/dockerfiles) and says how often each fires, and,
 * where the folder has peers' answers (hadolint.jsonl, buildkit.jsonl), how often we agree with them by line. Exit code 1
 * when a rule throws, a fix does not settle, or a fixed file has new problems.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "../server/src/core/findings/inspect.ts";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { checkFixes, everything } from "./check-fixes.ts";
import { linesOf } from "../server/src/core/text/lines.ts";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: npm run corpus -- FOLDER [--rule ID]");
  process.exit(2);
}
const wanted = process.argv[process.argv.indexOf("--rule") + 1];
const shown = process.argv.includes("--rule") ? wanted : undefined;

const names = readdirSync(join(folder, "dockerfiles")).sort();
const texts = new Map(names.map((name) => [name, readFileSync(join(folder, "dockerfiles", name), "utf8")]));
const counts = new Map<string, { findings: number; files: number; recommended: number }>();
const ours = new Map<string, Set<string>>();
let broken = 0;

for (const [name, text] of texts) {
  const { findings, crashes } = inspect(text, rules, everything, new Map());
  const seen = new Set<string>();
  const lines = linesOf(text);
  for (const { rule, error } of crashes) complain(`${name}: ${rule} threw ${String(error)}`);
  for (const finding of findings) {
    const count = counts.get(finding.rule) ?? { findings: 0, files: 0, recommended: 0 };
    count.findings++;
    if (finding.profile === "recommended") count.recommended++;
    if (!seen.has(finding.rule)) count.files++;
    seen.add(finding.rule);
    counts.set(finding.rule, count);
    const line = lines.position(finding.span.start).line + 1;
    const key = `${name}:${lineOfInstruction(text, finding.span.start)}`;
    ours.set(finding.rule, (ours.get(finding.rule) ?? new Set()).add(key));
    if (shown === finding.rule)
      console.log(
        `${name}:${line}: ${finding.message} [${finding.fixes.map(({ title, safety }) => `${safety}: ${title}`).join("; ") || finding.refusal || ""}]`,
      );
  }
  for (const fault of checkFixes(text).faults) complain(`${name}: ${fault}`);
}

function complain(message: string): void {
  broken++;
  console.log(message);
}

function lineOfInstruction(text: string, offset: number): number {
  const dockerfile = parseDockerfile(text);
  const instruction = dockerfile.instructions.find(({ span }) => span.start <= offset && offset <= span.end);
  return linesOf(text).position(instruction?.span.start ?? offset).line + 1;
}

console.log("rule: findings in files (of them recommended)");
for (const [rule, { findings, files, recommended }] of [...counts].sort((a, b) => b[1].findings - a[1].findings))
  console.log(`  ${rule}: ${findings} in ${files} (${recommended})`);

interface PeerFinding {
  readonly code?: string;
  readonly rule?: string;
  readonly line: number;
}

for (const peer of ["hadolint", "buildkit"]) {
  const file = join(folder, `${peer}.jsonl`);
  if (!existsSync(file)) continue;
  const theirs = new Map<string, Set<string>>();
  const judged = new Set<string>();
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const row = JSON.parse(line) as {
      file: string;
      findings?: PeerFinding[];
      warnings?: PeerFinding[];
      parse_error?: unknown;
      error?: unknown;
    };
    if (row.parse_error || row.error) continue;
    const name = row.file.slice(row.file.lastIndexOf("/") + 1);
    judged.add(name);
    for (const finding of row.findings ?? row.warnings ?? []) {
      const code = `${peer}:${finding.code ?? finding.rule}`;
      theirs.set(code, (theirs.get(code) ?? new Set()).add(`${name}:${finding.line}`));
    }
  }
  for (const rule of rules)
    for (const code of rule.sameAs.filter((each) => each.startsWith(`${peer}:`))) {
      const a = new Set([...(ours.get(rule.id) ?? [])].filter((key) => judged.has(key.slice(0, key.lastIndexOf(":")))));
      const b = theirs.get(code) ?? new Set<string>();
      const both = [...a].filter((key) => b.has(key)).length;
      console.log(`  ${rule.id} / ${code}: both ${both}, only we ${a.size - both}, only they ${b.size - both}`);
      if (shown === rule.id) {
        for (const key of a) if (!b.has(key)) console.log(`    only we ${key}`);
        for (const key of b) if (!a.has(key)) console.log(`    only they ${key}`);
      }
    }
}
process.exitCode = broken > 0 ? 1 : 0;
