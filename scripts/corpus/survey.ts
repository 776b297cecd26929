/**
 * Every rule over real files: how often each fires, whether all fixes hold, whether other ways to write a file change what is found,
 * and which share of the time each rule takes.
 */
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { defaultSettings } from "../../server/src/core/findings/settings.ts";
import { lint } from "../../server/src/core/lint.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import type { Rule } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { checkFixes, everything } from "../check-fixes.ts";
import type { CorpusFile } from "./files.ts";
import { variantFaults } from "./variants.ts";

export interface Survey {
  readonly faults: readonly string[];
  /** Rule → number of findings, of files, and of findings the recommended profile shows. */
  readonly counts: Readonly<Record<string, readonly [findings: number, files: number, recommended: number]>>;
  /** Of each official file: how many findings the recommended profile shows. */
  readonly official: readonly number[];
}

export function survey(files: readonly CorpusFile[]): Survey {
  const faults: string[] = [];
  const counts: Record<string, [number, number, number]> = {};
  const official: number[] = [];
  for (const file of files) {
    const { findings, crashes } = inspect(file.text, rules, everything, new Map());
    const seen = new Set<string>();
    for (const { rule, error } of crashes) faults.push(`${file.name}: ${rule} threw ${String(error)}`);
    for (const { rule, profile } of findings) {
      const count = (counts[rule] ??= [0, 0, 0]);
      count[0]++;
      if (!seen.has(rule)) count[1]++;
      if (profile === "recommended") count[2]++;
      seen.add(rule);
    }
    if (file.official) official.push(inspect(file.text, rules, defaultSettings, new Map()).findings.length);
    for (const fault of checkFixes(file.text).faults) faults.push(`${file.name}: ${fault}`);
    for (const fault of variantFaults(file.text, rules, everything, new Map())) faults.push(`${file.name}: ${fault}`);
  }
  return { faults, counts, official };
}

/** Passes over the files: the first warms up, and of the others each rule's best counts, because other programs run too. */
const PASSES = 6;

/**
 * Rule → milliseconds, `parse` is the model. What several rules need is worked out by the first that asks: another order for each file
 * shares that among them. Fixes are not worked out, as while somebody types.
 */
export function timesOf(files: readonly CorpusFile[]): Record<string, number> {
  const best: Record<string, number> = {};
  const shuffled = createShuffle();
  for (let pass = 0; pass < PASSES; pass++) {
    const times: Record<string, number> = {};
    const add = (what: string, since: bigint): void => {
      times[what] = (times[what] ?? 0) + Number(process.hrtime.bigint() - since) / 1e6;
    };
    for (const { text } of files) {
      const start = process.hrtime.bigint();
      const dockerfile = parseDockerfile(text);
      add("parse", start);
      for (const rule of shuffled()) {
        const before = process.hrtime.bigint();
        lint(dockerfile, [rule], new Map(), everything);
        add(rule.id, before);
      }
    }
    if (pass > 0) for (const [what, ms] of Object.entries(times)) best[what] = Math.min(best[what] ?? ms, ms);
  }
  return best;
}

/** Another order of the rules at each call, the same orders at each run. */
function createShuffle(): () => readonly Rule[] {
  const order = [...rules];
  let seed = 1;
  return () => {
    for (let at = order.length - 1; at > 0; at--) {
      seed = (seed * 48271) % 2147483647;
      const other = seed % (at + 1);
      const [one, two] = [order[at], order[other]];
      if (one && two) [order[at], order[other]] = [two, one];
    }
    return order;
  };
}
