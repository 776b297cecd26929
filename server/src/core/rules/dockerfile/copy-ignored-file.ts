import { contextUses, hiddenBy } from "../../model/dockerfile/context-uses.ts";
import { parseIgnoreFile } from "../../model/ignore.ts";
import { lineThatLetsIn } from "../../assists/dockerignore/let-in.ts";
import { defineRule, type FileChange, type Fix, known } from "../../rule.ts";
import { applyEdits } from "../../text/edit.ts";
import { ownIgnoreFile } from "../../assists/build-context.ts";

export default defineRule({
  id: "copy-ignored-file",
  summary: "a source that .dockerignore keeps out",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["buildkit:CopyIgnoredFile"],
  why: `
What \`.dockerignore\` keeps out is not sent to the builder, so the build stops and says that the file is not there, while everybody
can see it in the folder. Lines with \`!\` are followed: BuildKit's own check is silent as soon as there is one, this one looks
whether it can bring the source back. \`COPY .\` with a pattern that keeps out everything copies nothing. The Dockerfile's own ignore
file, \`NAME.dockerignore\` beside it, is read where there is one, else the \`.dockerignore\` of the build context. The same is told at
the pattern by ignore-pattern-hides-copied.`,
  fixSafety: `
A \`!\` line at the end of the ignore file lets the path in for every Dockerfile it holds for, also those that copy the whole folder. So it
is unsafe; where it is a pattern that is copied, there is no fix.`,
  examples: [
    {
      bad: "FROM node:22\nCOPY dist/app.js /app/\n",
      answers: { "read:.dockerignore": "node_modules\ndist\n" },
    },
    {
      good: "FROM node:22\nCOPY dist/app.js /app/\n",
      answers: { "read:.dockerignore": "dist\n!dist/app.js\n" },
    },
    { good: "FROM node:22\nCOPY --from=build dist/app.js /app/\n", answers: { "read:.dockerignore": "dist\n" } },
  ],
  check(context) {
    const { dockerfile, lookup, report } = context;
    const sources = contextUses(dockerfile);
    if (sources.length === 0) return;
    // Both at once: an answer less to wait for where there is no file of its own, which is nearly everywhere.
    const shared = known(lookup({ ask: "read", path: ".dockerignore" }));
    const own = ownIgnoreFile(context);
    const text = own === "none" ? shared : own?.text;
    if (text === undefined) return;
    const place = own === "none" || !own ? ({ in: "context", path: ".dockerignore" } as const) : own;
    const name = place.path;
    const file = parseIgnoreFile(text);
    if (!file || file.patterns.length === 0) return;
    for (const use of sources) {
      const { instruction, path, span } = use;
      const by = hiddenBy(file, use)?.text;
      if (!by) continue;
      if (path === ".")
        report(span, {
          severity: "warning",
          message: `${instruction.name} takes nothing: the pattern ${by} in ${name} keeps everything out`,
        });
      else
        report(span, {
          message: `${path} is not in the build context: the pattern ${by} in ${name} keeps it out`,
          fixes: use.pattern ? [] : letIn({ in: place.in, path: name, before: text }, path),
        });
    }
  },
});

function letIn(file: Omit<FileChange, "text"> & { readonly before: string }, path: string): readonly Fix[] {
  const edit = lineThatLetsIn(file.before, path);
  if (!edit) return [];
  const files = [{ ...file, text: applyEdits(file.before, [edit]) }];
  return [{ title: `Let ${path} in with a line in ${file.path}`, safety: "unsafe", edits: [], files }];
}
