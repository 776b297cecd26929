import { type ContextSource, contextSources } from "../../model/dockerfile/copies.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import {
  cleanPath,
  ignoredBy,
  ignoresEverything,
  type IgnoreFile,
  mayComeBackBelow,
  parseIgnoreFile,
} from "../../model/ignore.ts";
import { defineRule, known } from "../../rule.ts";
import type { Span } from "../../text/edit.ts";

export default defineRule({
  id: "copy-ignored-file",
  summary: "a source that .dockerignore keeps out",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["buildkit:CopyIgnoredFile"],
  why: `
What \`.dockerignore\` keeps out is not sent to the builder, so the build stops and says that the file is not there, while everybody
can see it in the folder. Lines with \`!\` are followed: BuildKit's own check is silent as soon as there is one, this one looks
whether it can bring the source back. \`COPY .\` with a pattern that keeps out everything copies nothing. The \`.dockerignore\` beside
the Dockerfile is read; one in another folder that is the build context is not known. There is no fix here: the line to change is
in \`.dockerignore\`.`,
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
  check({ dockerfile, lookup, report }) {
    const sources = [...copySources(dockerfile), ...mountSources(dockerfile)].filter(
      ({ instruction }) => !instruction.triggered,
    );
    if (sources.length === 0) return;
    const text = known(lookup({ ask: "read", path: ".dockerignore" }));
    const file = text === undefined ? undefined : parseIgnoreFile(text);
    if (!file || file.patterns.length === 0) return;
    for (const { instruction, path, pattern, span } of sources) {
      const by = path === "." ? rootIgnoredBy(file) : ignored(file, path, pattern);
      if (!by) continue;
      if (path === ".")
        report(span, {
          severity: "warning",
          message: `${instruction.name} takes nothing: the pattern ${by} in .dockerignore keeps everything out`,
        });
      else
        report(span, {
          message: `${path} is not in the build context: the pattern ${by} in .dockerignore keeps it out`,
        });
    }
  },
});

interface Source extends Pick<ContextSource, "instruction" | "path" | "pattern"> {
  readonly span: Span;
}

const rootIgnoredBy = (file: IgnoreFile): string | undefined =>
  file.hasExclusions ? undefined : ignoresEverything(file)?.text;

function ignored(file: IgnoreFile, path: string, pattern: boolean): string | undefined {
  // What a pattern would match may come back by a `!` line in ways nobody can say without the files.
  if ((pattern && file.hasExclusions) || path.startsWith("../") || mayComeBackBelow(file, path)) return undefined;
  return ignoredBy(file, path)?.text;
}

const copySources = (dockerfile: Dockerfile): readonly Source[] =>
  contextSources(dockerfile).map((source) => ({ ...source, span: source.word.span }));

/** `RUN --mount=type=bind,source=x` without `from` takes files of the build context too. */
function mountSources(dockerfile: Dockerfile): readonly Source[] {
  const sources: Source[] = [];
  for (const instruction of dockerfile.all) {
    if (instruction.name !== "RUN") continue;
    for (const { type, source, flag } of mountsOf(dockerfile, instruction)) {
      const field = flag.fields.find(({ key }) => key === "source" || key === "src");
      if (type !== "bind" || source === undefined || source.includes("$") || !field?.valueSpan) continue;
      const path = cleanPath(source).replace(/^\/+/, "");
      if (path === "" || path === "." || flag.fields.some(({ key }) => key === "from")) continue;
      sources.push({ instruction, path, pattern: false, span: field.valueSpan });
    }
  }
  return sources;
}
