import type { Instruction } from "../../model/dockerfile/model.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "instruction-case",
  summary: "instruction in another case than the rest of the file",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "buildkit:ConsistentInstructionCasing",
    "dockerfilelint:uppercase_commands",
    "dockerfile-utils:CASING_INSTRUCTION",
  ],
  why: `
Keywords are read in any case, but people find instructions by their look. BuildKit warns about the ones that do not follow the
majority of the file. A file that is in lower case throughout is consistent, and left alone.`,
  fixSafety: "Safe: keywords mean the same in either case.",
  examples: [
    {
      bad: 'FROM alpine:3.22\nrun apk upgrade\nCMD ["sh"]\n',
      fixed: 'FROM alpine:3.22\nRUN apk upgrade\nCMD ["sh"]\n',
    },
    { good: 'from alpine:3.22\nrun apk upgrade\ncmd ["sh"]\n' },
  ],
  check({ dockerfile, report }) {
    const wanted = prefersLower(dockerfile.instructions) ? "lower" : "upper";
    for (const { keyword, name } of dockerfile.all) {
      const written = wanted === "lower" ? name.toLowerCase() : name;
      if (keyword.text === written || !INSTRUCTIONS.has(name)) continue;
      report(keyword.span, {
        message: `${keyword.text} is not in ${wanted} case like the other instructions`,
        fixes: [safeFix(`Write ${written}`, replace(keyword.span, written))],
      });
    }
  },
});

/** As BuildKit counts: instructions of stages, a draw is upper case. */
function prefersLower(instructions: readonly Instruction[]): boolean {
  let lower = 0;
  let upper = 0;
  for (const { keyword, name, stage } of instructions) {
    if (stage === -1) continue;
    if (keyword.text === name) upper++;
    else if (keyword.text === name.toLowerCase()) lower++;
  }
  return lower > upper;
}
