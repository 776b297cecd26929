import { defineRule, unsafeFix } from "../../rule.ts";
import { freeStageName, renameStage } from "../../model/dockerfile/stage-names.ts";

/** `reservedStageNames` in BuildKit's validations.go. */
const RESERVED: Readonly<Record<string, string>> = {
  scratch: "FROM scratch below it is this stage and no longer the empty image",
  context: "it is BuildKit's own name for the build context",
};

export default defineRule({
  id: "stage-name-reserved",
  summary: "a stage is called scratch or context",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["hadolint:DL3063", "buildkit:ReservedStageName"],
  why: `
\`scratch\` is the empty image and \`context\` the folder that is built from. A stage of that name takes the word's meaning away: every
later \`FROM scratch\` is built on the stage, and \`--build-context\` cannot replace it, as it can any other stage.`,
  fixSafety: `
Unsafe: the stage gets another name together with every reference that means it today, so the file builds the same. A later
\`FROM scratch\` that was meant to be the empty image has to be set right by hand, and so has a \`--target\` on a command line.`,
  examples: [
    {
      bad: "FROM golang:1.25 AS context\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=context /app /app\n",
      fixed:
        "FROM golang:1.25 AS context-stage\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=context-stage /app /app\n",
    },
    { good: "FROM scratch AS empty\nCOPY app /app\n" },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const word = stage.name;
      const name = word?.text.toLowerCase() ?? "";
      if (!word || !Object.hasOwn(RESERVED, name)) continue;
      const fresh = freeStageName(dockerfile, `${name}-stage`);
      const edits = renameStage(dockerfile, stage, fresh);
      report(word.span, {
        message: `The stage name ${name} is taken: ${RESERVED[name]}`,
        fixes: [unsafeFix(`Rename the stage to ${fresh}`, ...edits)],
        related: edits
          .filter(({ span }) => span.start !== word.span.start)
          .map(({ span }) => ({ span, message: "means this stage" })),
      });
    }
  },
});
