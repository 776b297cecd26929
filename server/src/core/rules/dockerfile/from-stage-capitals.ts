import { defineRule, safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "from-stage-capitals",
  summary: "FROM names a stage with capital letters",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
BuildKit keeps stages under their names in lower case. \`COPY --from=\` and mounts look for them without case, \`FROM\` does not: it takes
\`FROM Base\` for an image, and the build stops with "repository name (library/Base) must be lowercase", even where the stage is
called \`Base\` (addState in dockerfile2llb/convert.go). Written in lower case, \`FROM\` finds the stage however its own name is written.`,
  fixSafety: "Safe: as it stands nothing is built, and no image can have a name with capital letters.",
  examples: [
    {
      bad: 'FROM alpine:3.22 AS Base\nFROM Base\nCMD ["sh"]\n',
      fixed: 'FROM alpine:3.22 AS Base\nFROM base\nCMD ["sh"]\n',
    },
    { good: "FROM alpine:3.22 AS Base\nFROM base\nCOPY --from=Base /a /b\n" },
  ],
  check({ dockerfile, report }) {
    for (const { base, image } of dockerfile.stages) {
      if (base.kind !== "stage" || !image) continue;
      const lower = image.text.toLowerCase();
      // What a variable decides is written elsewhere.
      const isWritten = dockerfile.stages[base.stage]?.name?.text.toLowerCase() === lower;
      if (!isWritten || image.text === lower) continue;
      report(image.span, {
        message: `FROM finds stages by their names in lower case alone: ${image.text} is taken for an image, and no image is called so`,
        fixes: [safeFix(`Write ${lower}`, replace(image.span, lower))],
      });
    }
  },
});
