import { readIgnoreLine } from "../../model/ignore.ts";
import { defineDockerignoreRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import { insert, remove, replace } from "../../text/edit.ts";
import type { IgnoreLine } from "../../model/dockerignore/model.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-invalid",
  summary: "a line of .dockerignore that is no pattern",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
One line that is no pattern, and no build with this folder begins: BuildKit stops before it reads the Dockerfile. \`[\` opens a list of
characters that has to end in \`]\`, a \`\\\` has to be followed by what it takes the meaning from, and a \`!\` needs something to let in. Folders are parted by \`/\`: in \`build\\out\` the \`\\o\` means nothing, unless the build is
started on Windows.`,
  fixSafety: `
A lone \`!\` is removed: it says nothing, and no image was built with it. To write \`\\[\` for \`[\` is unsafe: it says that the
bracket is part of a name, which only its author knows; \`/\` for \`\\\` takes it for the separator of Windows.`,
  examples: [
    { bad: "node_modules\n[draft.md\n", fixed: "node_modules\n\\[draft.md\n" },
    { bad: "dist\n!\n", fixed: "dist\n" },
    { good: "node_modules\n[Dd]raft.md\n!src\n" },
  ],
  check({ dockerignore, report }) {
    for (const line of dockerignore.lines)
      if (line.fault !== undefined)
        report(line.span, { message: `BuildKit stops at ${line.text}: ${line.fault}`, fixes: fixesOf(line) });
  },
});

function fixesOf({ text, span, line, fault }: IgnoreLine): readonly Fix[] {
  if (/^!\s*$/.test(text)) return [safeFix("Remove the line", remove(line))];
  if (/[^\\]\\$/.test(text) || fault?.startsWith("\\")) {
    const meant = text.replace(/\\(?=[\w.@+~ -]|$)/g, "/");
    const read = readIgnoreLine(meant);
    return read && "matches" in read ? [unsafeFix("Write / for \\", replace(span, meant))] : [];
  }
  const open = text.indexOf("[");
  // With one bracket only, and none that is taken already, it is known which one is meant.
  if (open === -1 || text.includes("]") || text.includes("\\") || text.indexOf("[", open + 1) !== -1) return [];
  return [unsafeFix("Write \\[ for the bracket itself", insert(span.start + open, "\\"))];
}
