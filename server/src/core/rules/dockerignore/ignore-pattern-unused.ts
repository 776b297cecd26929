import { comesAndGoes } from "../../model/dockerignore/comes-and-goes.ts";
import type { IgnorePattern } from "../../model/ignore.ts";
import { mayMeet, readIgnoreLine } from "../../model/ignore.ts";
import { defineDockerignoreRule, type Fix, unsafeFix } from "../../rule.ts";
import { nearest } from "../../text/nearest.ts";
import { remove, replace } from "../../text/edit.ts";
import { type ContextPaths, contextPaths } from "../ignored-paths.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-unused",
  summary: "a pattern of .dockerignore that fits nothing in the folder",
  severity: "hint",
  profile: "strict",
  fixable: "always",
  since: "0.5.0",
  sameAs: [],
  why: `
A name that is nowhere in the folder is a slip, or about something that was moved away; what it was to keep out is sent. Shown for
patterns without wildcards, once the folder's files are known. What comes and goes is left alone: what builds, tools
and editors make, and every name that begins with a dot.`,
  fixSafety: `
Nothing changes today, yet the file may be made tomorrow; and the name that was meant is a guess. So it is unsafe.`,
  examples: [
    { bad: "docs\ntestdta\n", fixed: "docs\ntestdata\n", answers: { "list:": "Dockerfile\ndocs/\ntestdata/" } },
    { good: "docs\ndist\nnode_modules\n.env\n", answers: { "list:": "Dockerfile\ndocs/" } },
  ],
  check(context) {
    const { dockerignore, report } = context;
    const plain = dockerignore.lines.filter(({ pattern }) => pattern && !/[*?[\]\\#]|^\.\./.test(pattern.text));
    const here = plain.length === 0 ? undefined : contextPaths(context);
    if (!here) return;
    for (const { pattern, span, line, text } of plain) {
      if (!pattern || comesAndGoes(pattern) || isThere(pattern, here)) continue;
      const meant = nearestBeside(pattern.text, here.paths);
      const fixes: readonly Fix[] = [
        ...(meant === undefined
          ? []
          : [unsafeFix(`Write ${meant}`, replace(span, `${pattern.exclusion ? "!" : ""}${meant}`))]),
        unsafeFix("Remove the line", remove(line)),
      ];
      report(span, {
        message: `Nothing in the folder is called ${pattern.text}${meant === undefined ? "" : `; is ${meant} meant?`}`,
        ...(text.startsWith("!") && { severity: "info" as const }),
        fixes,
      });
    }
  },
});

const isThere = (pattern: IgnorePattern, { paths, closed }: ContextPaths): boolean =>
  paths.includes(pattern.text) ||
  closed.some((folder) => {
    const known = readIgnoreLine(folder);
    return known !== undefined && "matches" in known && mayMeet(known, pattern);
  });

/** The name in the same folder that is a slip away. */
function nearestBeside(path: string, paths: readonly string[]): string | undefined {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const names = paths.flatMap((each) =>
    each.startsWith(folder) && !each.includes("/", folder.length) ? [each.slice(folder.length)] : [],
  );
  const name = nearest(path.slice(folder.length), names);
  return name === undefined ? undefined : `${folder}${name}`;
}
