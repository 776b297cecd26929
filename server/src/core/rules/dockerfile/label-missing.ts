import { insertBelow, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import { lineage, sourceStage } from "../../model/dockerfile/stages.ts";
import { defineRule, unsafeFix } from "../../rule.ts";
import { type Label, labelsOf } from "../labels.ts";

export default defineRule({
  id: "label-missing",
  summary: "a label of the schema is missing",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3049"],
  why: `
The project's schema says which labels its images have. Without one, the image drops out of whatever is found by it: who owns it,
which commit it is, what it may be used for. Looked at are the stages that nothing else in the file is built on or copies from:
they are the images people get. Labels of a stage below count. Silent without a schema, and where a variable names a label.`,
  fixSafety: "Unsafe: it writes the names with empty values, and only a person knows the values.",
  examples: [
    {
      bad: 'FROM alpine:3.22\nLABEL version="1.0.0"\n',
      fixed: 'FROM alpine:3.22\nLABEL version="1.0.0"\nLABEL maintainer=""\n',
      policy: { labels: { version: "semver", maintainer: "email" } },
    },
    {
      good: 'FROM golang:1.25 AS build\nFROM alpine:3.22\nLABEL version="1.0.0"\nCOPY --from=build /app /app\n',
      policy: { labels: { version: "semver" } },
    },
  ],
  check({ dockerfile, policy: { labels }, report }) {
    const wanted = Object.keys(labels);
    if (wanted.length === 0) return;
    const byStage = Map.groupBy(labelsOf(dockerfile), ({ instruction }) => instruction.stage);
    const used = usedStages(dockerfile);
    for (const stage of dockerfile.stages) {
      if (used.has(stage.index)) continue;
      const present = lineage(dockerfile, stage).flatMap(({ index }) => byStage.get(index) ?? []);
      if (present.some(({ name }) => name === undefined)) continue;
      const names = new Set(present.map(({ name }) => name));
      const missing = wanted.filter((name) => !names.has(name));
      if (missing.length === 0) continue;
      const list = missing.join(", ");
      report(stage.from.args.span, {
        message: `The image has no label ${list}, which the schema asks for`,
        ...remedy(dockerfile, stage, missing, byStage.get(stage.index) ?? []),
      });
    }
  },
});

function remedy(
  dockerfile: Dockerfile,
  stage: Stage,
  missing: readonly string[],
  labels: readonly Label[],
): { fixes: [ReturnType<typeof unsafeFix>] } | { refusal: string } {
  const above = dockerfile.instructions[labels.at(-1)?.instruction.index ?? stage.from.index] ?? stage.from;
  if (above.open) return { refusal: `the file ends in the middle of ${above.name}` };
  const keyword = keywordLike(dockerfile, "LABEL");
  const lines = missing.map((name) => `${keyword} ${/^[\w./-]+$/.test(name) ? name : JSON.stringify(name)}=""`);
  return { fixes: [unsafeFix(`Add ${missing.join(", ")}`, insertBelow(dockerfile, above, lines))] };
}

/** Stages that another one is built on or takes files from. */
function usedStages(dockerfile: Dockerfile): ReadonlySet<number> {
  const used = new Set<number>();
  const use = (before: number, value: string | undefined): void => {
    const stage = value === undefined ? undefined : sourceStage(dockerfile, before, value);
    if (stage) used.add(stage.index);
  };
  for (const { index, base, instructions } of dockerfile.stages) {
    if (base.kind === "stage") used.add(base.stage);
    for (const each of instructions) {
      if (each.name === "COPY") use(index, each.flags.find(({ name }) => name === "--from")?.value?.text);
      if (each.name !== "RUN") continue;
      for (const { flag } of mountsOf(dockerfile, each))
        use(index, flag.fields.find(({ key }) => key === "from")?.value);
    }
  }
  return used;
}
