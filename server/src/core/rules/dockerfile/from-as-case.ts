import { defineRule, safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "from-as-case",
  summary: "AS is not written in the case of its FROM",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: ["buildkit:FromAsCasing"],
  why: `
\`FROM … as\` mixes two spellings of keywords in one line. BuildKit builds it and warns about it, in every build of everybody.`,
  fixSafety: "Safe: keywords mean the same in either case.",
  examples: [
    { bad: "FROM debian:13 as builder\n", fixed: "FROM debian:13 AS builder\n" },
    { bad: "from debian:13 AS builder\n", fixed: "from debian:13 as builder\n" },
    { good: "from debian:13 as builder\n" },
  ],
  check({ dockerfile, report }) {
    for (const { as, from } of dockerfile.stages) {
      if (!as) continue;
      const keyword = from.keyword.text;
      // A FROM of mixed case is instruction-case's to mend first.
      const wanted = keyword === "FROM" ? "AS" : keyword === "from" ? "as" : undefined;
      if (wanted === undefined || as.text === wanted) continue;
      report(as.span, {
        message: `${as.text} is not in the case of ${keyword}`,
        fixes: [safeFix(`Write ${wanted}`, replace(as.span, wanted))],
      });
    }
  },
});
