import { finalStage, lineage } from "../../model/dockerfile/stages.ts";
import { defineRule, known } from "../../rule.ts";

export default defineRule({
  id: "base-vulnerable",
  summary: "the base image has critical or high vulnerabilities",
  severity: "warning",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["docker-dx:critical_high_vulnerabilities", "docker-dx:vulnerabilities"],
  why: `
What is known to be broken in the base is in the image, and in everything built on it. Trivy is asked where it is installed and looking
images up is switched on: \`dockwright check --online\`. Only the image that the shipped stage stands on is asked about. The way out is mostly a newer tag or a
smaller base; which one is a person's choice.`,
  examples: [
    { bad: "FROM debian:11\n", answers: { "vulnerabilities:debian:11": "critical=2 high=5 medium=9" } },
    { good: "FROM debian:13\n", answers: { "vulnerabilities:debian:13": "critical=0 high=0 medium=9" } },
    { good: "FROM debian:13\n" },
  ],
  check({ dockerfile, report, lookup }) {
    const last = finalStage(dockerfile);
    const root = last && lineage(dockerfile, last)[0];
    if (root?.base.kind !== "image" || !root.image) return;
    const counts = known(lookup({ ask: "vulnerabilities", image: root.base.reference }));
    const critical = countOf(counts, "critical");
    const high = countOf(counts, "high");
    if (critical + high === 0) return;
    report(root.image.span, {
      message: `${root.base.reference} has ${critical} critical and ${high} high vulnerabilities that are known`,
      ...(critical === 0 && { severity: "info" as const }),
    });
  },
});

const countOf = (counts: string | undefined, severity: string): number =>
  Number(new RegExp(`\\b${severity}=(\\d+)`).exec(counts ?? "")?.[1] ?? 0);
