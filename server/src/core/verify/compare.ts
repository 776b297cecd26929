/** Two runs' facts → a table and what it comes to: does the result behave as the original does? */
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { bytesText, shareText } from "../text/bytes.ts";
import { behaviourRows } from "./behaviour.ts";
import { configurationRows } from "./configuration.ts";
import type { Facts, ImageFacts, RunFacts } from "./facts.ts";
import { ownOf } from "./own.ts";
import { listed, type Row, row, type Subject } from "./rows.ts";

export interface Comparison {
  /** `unverifiable`: nothing can be said, because of the original or of where it was run. */
  readonly outcome: "same" | "differs" | "unverifiable";
  /** Why it is unverifiable, a clause without a full stop. */
  readonly why?: string;
  readonly rows: readonly Row[];
}

/**
 * @param original the Dockerfile `before` was built from: what it sets has to stay, what its base image set need not
 * @param declared subjects the change is meant to alter: their differences are expected
 */
export function compare(
  original: Dockerfile,
  before: Facts,
  after: Facts,
  declared: ReadonlySet<Subject> = new Set(),
): Comparison {
  const rows = [
    ...configurationRows(before.image.configuration, after.image.configuration, ownOf(original)),
    ...behaviourRows(before.run, after.run),
    ...sizeRows(before.image, after.image),
  ].map((each) => asDeclared(each, declared));
  if (rows.some(({ verdict }) => verdict === "different")) return { outcome: "differs", rows };
  const why = whyNothingIsShown(before.run);
  return why === undefined ? { outcome: "same", rows } : { outcome: "unverifiable", why, rows };
}

/** The original was built and the result was not. */
export const notBuilt = (said: string): Comparison => ({
  outcome: "differs",
  rows: [row("build", "builds", ["yes", "no"], ["different", said])],
});

const asDeclared = (each: Row, declared: ReadonlySet<Subject>): Row =>
  each.verdict === "different" && declared.has(each.subject)
    ? { ...each, verdict: "expected", why: each.why === undefined ? "declared" : `declared: ${each.why}` }
    : each;

/** The same failure twice shows nothing of how it works. */
function whyNothingIsShown({ end, port, tried, listening, exitCode, stdout, lastWords }: RunFacts): string | undefined {
  if (port !== undefined || end === "cut off") return undefined;
  if (end === "stopped" && tried.length > 0) return `the original does not answer on port ${listed(tried.map(String))}`;
  if (end === "stopped") {
    if (stdout.length > 0 || listening?.length === 0) return undefined;
    return listening
      ? `the original listens on port ${listed(listening.map(String))}, which nobody can ask in this network`
      : "the original keeps running, prints nothing and exposes no port; name the port it answers on";
  }
  const said = lastWords.length === 0 ? "" : `: ${lastWords.at(-1)}`;
  if (NOT_STARTED.has(exitCode ?? 0)) return `the original cannot be started${said}`;
  if (tried.length > 0) return `the original ends with exit code ${exitCode ?? "unknown"} before it answers${said}`;
  return exitCode !== 0 && stdout.length === 0
    ? `the original ends with exit code ${exitCode ?? "unknown"}${said}`
    : undefined;
}

/** What engines say instead of an exit code: its program is not there, may not be run, or is none. */
const NOT_STARTED: ReadonlySet<number> = new Set([125, 126, 127, 128]);

function sizeRows(before: ImageFacts, after: ImageFacts): readonly Row[] {
  const layers = [String(before.layers), String(after.layers)] as const;
  const layerRow = row("layers", "layers", layers, before.layers === after.layers ? ["same"] : ["expected"]);
  if (before.bytes === undefined || after.bytes === undefined) return [layerRow];
  const less = before.bytes - after.bytes;
  const share = before.bytes === 0 ? "" : `${shareText(Math.abs(less) / before.bytes)} `;
  const sizes = [bytesText(before.bytes), bytesText(after.bytes)] as const;
  return [
    row("size", "size", sizes, less === 0 ? ["same"] : ["expected", `${share}${less > 0 ? "smaller" : "larger"}`]),
    layerRow,
  ];
}
