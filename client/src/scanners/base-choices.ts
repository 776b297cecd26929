/** Tags a base image could go to, the one that removes most first. */
import { contentsText, countsOf, type Finding, SEVERITIES } from "./report.ts";

export interface Choice {
  readonly tag: string;
  readonly description: string;
  readonly detail: string;
}

export type Scanned = { readonly findings: readonly Finding[] } | { readonly failure: string };

/** @param scanned of the image as it is, then of each tag; empty where nothing was scanned */
export function choicesOf(tags: readonly string[], scanned: readonly Scanned[]): readonly Choice[] {
  const [now, ...others] = scanned;
  const before = now && "findings" in now ? now.findings : undefined;
  const all = tags.map((tag, at) => {
    const result = others[at];
    const after = result && "findings" in result ? result.findings : undefined;
    return { tag, after, failure: result && "failure" in result ? result.failure : undefined };
  });
  const sorted = all.toSorted((a, b) => compare(a.after, b.after));
  return sorted.map(({ tag, after, failure }) => ({
    tag,
    description: after ? difference(before, after) : "not scanned",
    detail: after ? contentsText(after) : (failure ?? ""),
  }));
}

/** What was scanned first; then fewer of the gravest, of the next, and so on. */
function compare(a: readonly Finding[] | undefined, b: readonly Finding[] | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  const [left, right] = [countsOf(a), countsOf(b)];
  for (const severity of SEVERITIES) if (left[severity] !== right[severity]) return left[severity] - right[severity];
  return 0;
}

/** `removes 12, adds 1`: by id and package, for versions differ. */
function difference(before: readonly Finding[] | undefined, after: readonly Finding[]): string {
  if (!before) return "";
  const names = (findings: readonly Finding[]): ReadonlySet<string> =>
    new Set(findings.map(({ id, package: of, path }) => JSON.stringify([id, of?.source ?? of?.name ?? path])));
  const [old, now] = [names(before), names(after)];
  const removed = [...old].filter((name) => !now.has(name)).length;
  const added = [...now].filter((name) => !old.has(name)).length;
  const parts = [removed > 0 ? `removes ${removed}` : "removes nothing", added > 0 ? `adds ${added}` : ""];
  return parts.filter((part) => part !== "").join(", ");
}
