import { removePair } from "../../model/dockerfile/removal.ts";
import { defineRule, unsafeFix } from "../../rule.ts";
import { labelsOf } from "../labels.ts";

export default defineRule({
  id: "label-extra",
  summary: "a label outside the strict schema",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["hadolint:DL3050"],
  why: `
The project says that its schema is strict: what is not in it is a misspelled name, or something that a registry or a policy will
not take. Silent unless the schema is strict.`,
  fixSafety:
    "Unsafe: the label may be the right one under a wrong name, and then its value is needed under the right one.",
  examples: [
    {
      bad: 'FROM alpine:3.22\nLABEL version="1.0.0" versoin="1.0.0"\n',
      fixed: 'FROM alpine:3.22\nLABEL version="1.0.0"\n',
      policy: { labels: { version: "semver" }, strictLabels: true },
    },
    { good: 'FROM alpine:3.22\nLABEL version="1.0.0" note="x"\n', policy: { labels: { version: "semver" } } },
  ],
  check({ dockerfile, policy: { labels, strictLabels }, report }) {
    if (!strictLabels) return;
    for (const { name, pair, instruction } of labelsOf(dockerfile)) {
      if (name === undefined || Object.hasOwn(labels, name)) continue;
      // A trigger cannot be empty: its ONBUILD goes with it.
      const outer = dockerfile.instructions[instruction.index] ?? instruction;
      const edit = removePair(
        dockerfile,
        instruction.pairs.length === 1 ? { ...outer, pairs: [pair] } : instruction,
        pair,
      );
      report(pair.key.span, {
        message: `Label ${name} is not in the schema, which is strict`,
        fixes: [unsafeFix(`Remove the label ${name}`, edit)],
      });
    }
  },
});
