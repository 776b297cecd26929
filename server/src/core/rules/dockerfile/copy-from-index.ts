import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { stageNamed } from "../../model/dockerfile/stages.ts";
import { defineRule, type Fix, safeFix } from "../../rule.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import { freeStageName } from "../stage-names.ts";

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
    const numbered = fromReferences(dockerfile).filter(
      ({ source, word, instruction }) => source.kind === "stage" && /^\d+$/.test(word.text) && !instruction.triggered,
    );
    for (const { word, source } of numbered) {
      if (source.kind !== "stage") continue;
      const { stage } = source;
      const uses = numbered.filter((each) => each.source.kind === "stage" && each.source.stage === stage);
      const fix = fixFor(
        dockerfile,
        stage,
        uses.map((each) => each.word.span),
      );
      report(word.span, {
        message: `--from=${word.text} counts the FROM lines: it means another stage as soon as one comes or goes above`,
        ...(typeof fix === "string" ? { refusal: fix } : { fixes: [fix] }),
        related: [{ span: stage.from.head, message: "the stage" }],
      });
    }
  },
});

function fixFor(dockerfile: Dockerfile, stage: Stage, uses: readonly Edit["span"][]): Fix | string {
  if (stage.name) {
    const { text } = stage.name;
    if (stageNamed(dockerfile, text) !== stage) return `another stage is called ${text} too`;
    return safeFix(`Use the name ${text}`, ...uses.map((span) => replace(span, text)));
  }
  if (stage.as || stage.from.words.length !== 1 || stage.from.open) return "its FROM cannot take a name as it stands";
  const name = freeStageName(dockerfile, `stage-${stage.index}`);
  const as = stage.from.keyword.text === "from" ? "as" : "AS";
  return safeFix(
    `Name the stage ${name}`,
    insert(stage.from.args.span.end, ` ${as} ${name}`),
    ...uses.map((span) => replace(span, name)),
  );
}
