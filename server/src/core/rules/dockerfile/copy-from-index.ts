import { countedStages, named } from "../../assists/dockerfile/name-stage.ts";
import { defineRule, safeFix } from "../../rule.ts";

export default defineRule({
  id: "copy-from-index",
  summary: "COPY --from with a number",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["kics:Using Unnamed Build Stages"],
  why: `
The number counts the \`FROM\` lines above. Put a stage in front or take one out, and the copy silently takes its files from another
stage. A name stays with its stage, and says what is copied.`,
  fixSafety: `
Safe: the stage gets a name that no other stage has, if it has none, and the copies name it. Stages that are only named build the
same. There is no fix where the name would mean another stage, because two have it.`,
  examples: [
    {
      bad: "FROM golang:1.25\nRUN go build -o /app .\n\nFROM alpine:3.22\nCOPY --from=0 /app /app\n",
      fixed: "FROM golang:1.25 AS stage-0\nRUN go build -o /app .\n\nFROM alpine:3.22\nCOPY --from=stage-0 /app /app\n",
    },
    { good: "FROM golang:1.25 AS build\nRUN go build -o /app .\n\nFROM alpine:3.22\nCOPY --from=build /app /app\n" },
  ],
  check({ dockerfile, report }) {
    for (const counted of countedStages(dockerfile)) {
      const made = named(dockerfile, counted);
      for (const span of counted.uses)
        report(span, {
          message: `--from=${counted.stage.index} counts the FROM lines: it means another stage as soon as one comes or goes above`,
          ...("refusal" in made ? made : { fixes: [safeFix(made.title, ...made.edits)] }),
          related: [{ span: counted.stage.from.head, message: "the stage" }],
        });
    }
  },
});
