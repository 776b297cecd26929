import { stageReferences } from "../../model/dockerfile/references.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "stage-name-case",
  summary: "stage name with capital letters",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: ["buildkit:StageNameCasing"],
  why: `
BuildKit keeps stages under their names in lower case, so \`Build\` and \`build\` are one stage. Capitals suggest a difference that is
not there, \`FROM\` does not find what is written with them, and registries and tools that use stage names as tags or targets want them in lower case.`,
  fixSafety: `
Safe: BuildKit folds stage names to lower case before it compares them. The name and every reference to it in the file
(\`FROM\`, \`COPY --from\`, \`RUN --mount=from\`) change together.`,
  examples: [
    {
      bad: "FROM alpine:3.22 AS Build\nRUN make\n\nFROM scratch\nCOPY --from=Build /app /app\n",
      fixed: "FROM alpine:3.22 AS build\nRUN make\n\nFROM scratch\nCOPY --from=build /app /app\n",
    },
    { good: "FROM alpine:3.22 AS build-1\n" },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const name = stage.name;
      const lower = name?.text.toLowerCase();
      if (!name || lower === undefined || lower === name.text) continue;
      const uses = stageReferences(dockerfile, stage).filter((use) => use.text !== use.text.toLowerCase());
      report(name.span, {
        message: `Stage name ${name.text} has capital letters`,
        fixes: [
          safeFix(
            `Rename the stage to ${lower}`,
            ...[name, ...uses].map(({ span, text }) => replace(span, text.toLowerCase())),
          ),
        ],
        related: uses.map(({ span }) => ({ span, message: "used here" })),
      });
    }
  },
});
