import { imageUses } from "../../model/dockerfile/images.ts";
import { tagEdit } from "../../model/image-ref.ts";
import { defineRule, known, unsafeFix } from "../../rule.ts";

export default defineRule({
  id: "base-tag-missing",
  summary: "image without tag and digest",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3006",
    "trivy:DS-0001",
    "kics:Image Version Not Explicit",
    "checkov:CKV_DOCKER_7",
    "dockerfilelint:missing_tag",
  ],
  why: `
Without a tag Docker takes \`latest\`: whatever its publisher pushed last. The same Dockerfile builds another image tomorrow,
with another major version of the language or another distribution, and nobody changed a line.

\`COPY --from=\` and \`RUN --mount=from=\` pull images as well, and an \`ARG\` before \`FROM\` has the value of its default: both are looked
at, hadolint looks at neither. It reports \`base-$TARGETARCH\` and \`team/$IMAGE\`, of which the first names a stage and the
second may bring its tag along: where a variable hides the reference, the rule is silent.`,
  fixSafety: `
Unsafe: the version tag that is the same image today is looked up in the registry and written down. From then on the file
stays on it, and moving on is a person's decision.`,
  examples: [
    {
      bad: "FROM node\n",
      fixed: "FROM node:24.11.1-bookworm\n",
      answers: { "version-tag:node": "24.11.1-bookworm" },
    },
    { bad: "FROM registry.example.com:5000/team/app AS app\n" },
    { good: "FROM node:24 AS build\nFROM build\nFROM scratch\n" },
    { good: "ARG IMAGE\nFROM ${IMAGE}\n" },
  ],
  check({ dockerfile, report, lookup }) {
    for (const { where, word, reference, ref, computed } of imageUses(dockerfile)) {
      if (reference.includes("@") || where === "syntax") continue;
      if (ref ? ref.tag !== undefined : /:[^/]*$/.test(reference)) continue;
      const question = { ask: "version-tag", image: reference } as const;
      const tag = ref && !computed ? known(lookup(question)) : undefined;
      report(word.span, {
        message: `${reference} has no tag: the build takes whatever latest is on that day`,
        ...(ref &&
          tag !== undefined && { fixes: [unsafeFix(`Write the tag ${tag}`, tagEdit(ref, tag, word.span.start))] }),
        ...(ref &&
          !computed &&
          tag === undefined && { offers: [{ title: `Look up the version tag of ${reference}`, question }] }),
        ...(computed && { refusal: "the reference is put together from variables: give them a default with a tag" }),
      });
    }
  },
});
