import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "instruction-before-from",
  summary: "something other than ARG stands before the first FROM, or there is no FROM",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.1.0",
  sameAs: ["hadolint:DL3061", "dockerfilelint:from_first", "dockerfile-utils:NO_SOURCE_IMAGE"],
  why: `
An instruction changes the image of its stage, and a stage begins with FROM. Only \`ARG\` may stand before it, for the variables
that FROM lines use. BuildKit stops with "no build stage in current context".`,
  examples: [
    { bad: "LABEL team=web\nFROM alpine:3.22\n" },
    { bad: "RUN make\n" },
    { good: "# The release to build on\nARG RELEASE=3.22\nFROM alpine:$RELEASE\n" },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    const from = dockerfile.stages[0]?.from;
    // An unknown word is not known to be an instruction: unknown-instruction speaks about it.
    const early = dockerfile.instructions.filter(
      ({ name, stage }) => stage === -1 && name !== "ARG" && name !== "FROM" && INSTRUCTIONS.has(name),
    );
    const [first, ...others] = early;
    if (!first) {
      if (from) return;
      const at = dockerfile.instructions[0]?.keyword.span ?? { start: 0, end: 0 };
      if (dockerfile.instructions.every(({ name }) => INSTRUCTIONS.has(name)))
        report(at, { message: "The file has no FROM, so there is no image to build", ...certainty });
      return;
    }
    report(first.keyword.span, {
      ...certainty,
      message: from
        ? `${first.name} stands before the first FROM, where only ARG may stand`
        : `${first.name} has no image to change: the file has no FROM`,
      related: [
        ...others.map(({ keyword }) => ({ span: keyword.span, message: "before the first FROM, too" })),
        ...(from ? [{ span: from.keyword.span, message: "the first FROM" }] : []),
      ],
    });
  },
});
