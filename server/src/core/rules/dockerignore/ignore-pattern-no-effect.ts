import type { Dockerignore, IgnoreLine } from "../../model/dockerignore/model.ts";
import { covers, coversItself, type IgnorePattern, mayMeet } from "../../model/ignore.ts";
import { defineDockerignoreRule, type Fix, type Report, safeFix, unsafeFix } from "../../rule.ts";
import { type Edit, insert, remove } from "../../text/edit.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-no-effect",
  summary: "a pattern of .dockerignore that another one makes useless",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.5.0",
  sameAs: [],
  why: `
The last line that fits a path decides. A pattern is undone when a \`!\` below lets all of it in again, a \`!\` does nothing when
what it lets in is kept out further down or was never kept out, and a pattern adds nothing below one that keeps out the same. What was
meant to stay out is then in the image, or the other way round. Only what follows from the patterns themselves is shown: two
wildcards that happen to fit the same files are not compared.`,
  fixSafety: `
To remove a line that adds nothing, or a \`!\` that finds nothing to let in, changes no build, and is safe. Where one line undoes
another, one of the two is a mistake and only a person knows which: these fixes are unsafe.`,
  examples: [
    { bad: "node_modules\ndist\nnode_modules/.cache\n", fixed: "node_modules\ndist\n" },
    { bad: "!README.md\n*\n", fixed: "*\n!README.md\n" },
    { bad: "dist\n!src\n", fixed: "dist\n" },
    { good: "*\n!src\n!package.json\nsrc/**/*.test.ts\n" },
  ],
  check({ dockerignore, report }) {
    const lines = dockerignore.lines.filter(hasPattern);
    for (const [at, line] of lines.entries()) {
      const found = findingAt(dockerignore, lines, at);
      if (found) report(line.span, found);
    }
  },
});

type PatternLine = IgnoreLine & { readonly pattern: IgnorePattern };

const hasPattern = (line: IgnoreLine): line is PatternLine => line.pattern !== undefined;

/**
 * A pattern is not asked about a folder where it could change nothing, and then does not hold for what is in it (model/ignore.ts). So
 * one that covers another by a folder above counts only where nothing of the other kind stands before it.
 */
function findingAt(file: Dockerignore, lines: readonly PatternLine[], at: number): Report | undefined {
  const line = lines[at];
  if (!line) return undefined;
  const { pattern, text } = line;
  const above = lines.slice(0, at);
  const removed = safeFix("Remove the line", remove(line.line));

  const meeting = above.filter((each) => mayMeet(each.pattern, pattern));
  const opposite = meeting.filter((each) => each.pattern.exclusion !== pattern.exclusion);
  const same = meeting.findLast(
    (each) =>
      each.pattern.exclusion === pattern.exclusion &&
      (opposite.length === 0
        ? covers(each.pattern, pattern)
        : coversItself(each.pattern, pattern) && !opposite.some(({ span }) => span.start > each.span.start)),
  );
  if (same)
    return {
      severity: "info",
      message: `${text} adds nothing: ${same.text} above ${pattern.exclusion ? "lets all of it in" : "keeps all of it out"} already`,
      related: [{ span: same.span, message: "this pattern" }],
      fixes: [removed],
    };

  const later = lines
    .slice(at + 1)
    .find(
      (each) =>
        each.pattern.exclusion !== pattern.exclusion &&
        (coversItself(each.pattern, pattern) ||
          (pattern.exclusion && opposite.length === 0 && covers(each.pattern, pattern))),
    );
  if (later)
    return {
      message: pattern.exclusion
        ? opposite.length === 0
          ? `${text} lets nothing in: it stands above ${later.text}, and no pattern above it keeps that out`
          : `${text} lets nothing in: ${later.text} below keeps all of it out again`
        : `${text} keeps nothing out: ${later.text} below lets all of it in again`,
      related: [{ span: later.span, message: "the last line that fits decides" }],
      fixes: undoneFixes(file, lines, line, later),
    };

  if (pattern.exclusion && opposite.length === 0)
    return { message: `${text} lets nothing in: no pattern above it keeps that out`, fixes: [removed] };
  return undefined;
}

function undoneFixes(
  file: Dockerignore,
  lines: readonly PatternLine[],
  line: PatternLine,
  later: PatternLine,
): readonly Fix[] {
  const removed = unsafeFix("Remove the line", remove(line.line));
  // Behind a line that says the same, it would undo that one.
  if (line.pattern.exclusion)
    return coversItself(line.pattern, later.pattern) ? [removed] : [moved(file, line, later), removed];
  const before = lines.slice(0, lines.indexOf(later)).filter((each) => each !== line && !each.pattern.exclusion);
  return before.some((each) => mayMeet(each.pattern, later.pattern))
    ? [removed]
    : [unsafeFix("Remove both lines", remove(line.line), remove(later.line))];
}

/** The line behind the one that undoes it. */
function moved({ text, eol }: Dockerignore, line: PatternLine, later: PatternLine): Fix {
  const ends = text.slice(later.line.start, later.line.end).endsWith("\n");
  const put: Edit = ends ? insert(later.line.end, `${line.text}${eol}`) : insert(later.line.end, `${eol}${line.text}`);
  return unsafeFix(`Move ${line.text} below ${later.text}`, remove(line.line), put);
}
