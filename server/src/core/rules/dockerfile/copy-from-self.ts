import { fromReferences } from "../../model/dockerfile/references.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "copy-from-self",
  summary: "a stage copies from itself",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.1.0",
  sameAs: ["hadolint:DL3023", "trivy:DS-0006", "kics:COPY '--from' References Current FROM Alias"],
  why: `
A stage can copy from stages that are finished, and it is not finished while it copies. BuildKit reports a circular
dependency, or looks for an image of that name in a registry. Within a stage, \`RUN cp\` copies.`,
  examples: [
    { bad: "FROM golang:1.25 AS build\nRUN go build -o /app .\nCOPY --from=build /app /usr/local/bin/\n" },
    { good: "FROM golang:1.25 AS build\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /\n" },
  ],
  check({ dockerfile, report }) {
    for (const { instruction, word, source } of fromReferences(dockerfile)) {
      // What is registered by ONBUILD runs in another build, with stages of its own.
      if (source.kind !== "other" || instruction.triggered) continue;
      const stage = dockerfile.stages[instruction.stage];
      if (!stage) continue;
      const own = stage.name?.text.toLowerCase();
      if (source.reference.toLowerCase() !== own && source.reference !== String(stage.index)) continue;
      report(word.span, {
        message: `${instruction.name} takes files from ${word.text}, the stage it stands in`,
        related: stage.name ? [{ span: stage.name.span, message: "the stage" }] : [],
      });
    }
  },
});
