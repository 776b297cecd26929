import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { type ContextSource, contextSources } from "../../model/dockerfile/copies.ts";
import { defineRule, type Fix, safeFix } from "../../rule.ts";
import { remove, replace, type Span } from "../../text/edit.ts";

export default defineRule({
  id: "copy-outside-context",
  summary: "a source that begins with .. or /",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["dockerfilelint:add_src_invalid"],
  why: `
The builder sees the build context and nothing above it. \`COPY ../lib .\` does not take the folder beside: BuildKit looks for \`lib\`
in the context, the classic builder stops. What is meant needs another context: \`docker build -f app/Dockerfile .\` in the
folder above, or \`--build-context lib=../lib\` with \`COPY --from=lib\`. A source with \`/\` in front is taken from the context as
well, not from the machine; that is harmless and often known, so it is shown in the \`strict\` profile only.`,
  fixSafety: "Safe: a leading slash means the context's root, so the same files are copied without it.",
  examples: [
    { bad: "FROM node:22\nCOPY ../shared /app/shared\n" },
    { bad: "FROM node:22\nCOPY /src /app/src\n", fixed: "FROM node:22\nCOPY src /app/src\n" },
    { good: "FROM node:22\nCOPY ./src /app/src\nCOPY --from=build /out /app\n" },
  ],
  check({ dockerfile, report }) {
    for (const source of contextSources(dockerfile)) {
      const { instruction, word, text, path } = source;
      if (path === ".." || path.startsWith("../"))
        report(word.span, {
          message: `${text} leads out of the build context: ${instruction.name} looks for ${path.replace(/^(?:\.\.\/?)+/, "") || "the context itself"} instead`,
          refusal: "only another build context can bring these files",
        });
      else if (text.startsWith("/")) {
        const fix = fixFor(dockerfile, source);
        report(word.span, {
          severity: "info",
          profile: "strict",
          message: `${text} is taken from the build context, not from the machine's ${text === "/" ? "root" : "folders"}`,
          ...(fix ? { fixes: [fix] } : { refusal: "a variable, a flag or a continuation decides the path" }),
        });
      }
    }
  },
});

/** Removes the slashes in front, quotes kept; `/` becomes `.`. */
function fixFor({ text }: Dockerfile, { instruction, word }: ContextSource): Fix | undefined {
  // With --parents the path is also what the target is made of.
  if (instruction.flags.some(({ name }) => name === "--parents")) return undefined;
  const source = text.slice(word.span.start, word.span.end);
  const found = /^(["']?)(\/+)([^"'\n]*)/.exec(source);
  if (!found) return undefined;
  const start = word.span.start + (found[1] ?? "").length;
  const span: Span = { start, end: start + (found[2] ?? "").length };
  const edit = found[3] === "" ? replace(span, ".") : remove(span);
  return safeFix(found[3] === "" ? "Write . for the build context" : "Remove the slash in front", edit);
}
