import { imageUses } from "../../model/dockerfile/images.ts";
import { tagEdit } from "../../model/image-ref.ts";
import { defineRule, known, listOf, unsafeFix } from "../../rule.ts";

/** Tags whose publishers move them with every release, by what they are called. */
const FLOATING = /^(?:latest(?:-.*)?|nightly|edge|canary|rolling|snapshot|unstable)$/;

export default defineRule({
  id: "base-tag-floating",
  summary: "image with a tag that moves with every release",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3007",
    "trivy:DS-0001",
    "kics:Image Version Using 'latest'",
    "checkov:CKV_DOCKER_7",
    "dockerfilelint:latest_tag",
    "dockle:DKL-DI-0006",
  ],
  why: `
\`latest\`, \`nightly\`, \`edge\` and the like name another image with every release. A build that was green breaks without a
change, and nobody can say which version runs. A digest behind the tag stops that; then the rule is silent.

hadolint and KICS know the word \`latest\` in \`FROM\` alone. Here \`latest-bookworm\` counts too, which is the newest release on a known
distribution, and so do \`COPY --from=tool:latest\`, \`RUN --mount=from=\` and a tag that is the default of an \`ARG\`.`,
  fixSafety: `
Unsafe: the version tag that is the same image today is looked up in the registry and replaces the moving one. From then on
the file stays on it, and moving on is a person's decision.`,
  options: [{ name: "tags", about: "Further tags that move, as `stable` or `lts`.", default: [] }],
  examples: [
    { bad: "FROM node:lts\n", options: { tags: ["lts"] } },
    {
      bad: "FROM python:latest\n",
      fixed: "FROM python:3.14.0-trixie\n",
      answers: { "version-tag:python:latest": "3.14.0-trixie" },
    },
    { bad: "ARG TAG=latest\nFROM app:${TAG}\n" },
    { bad: "FROM scratch\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\n" },
    { good: "FROM python:3.14-slim\n" },
    { good: `FROM python:latest@sha256:${"a".repeat(64)}\n` },
  ],
  check({ dockerfile, report, lookup, option }) {
    const further = listOf(option("tags"));
    for (const { where, word, reference, ref, computed } of imageUses(dockerfile)) {
      const tag = ref?.tag;
      if (
        !ref ||
        tag === undefined ||
        ref.digest !== undefined ||
        !(FLOATING.test(tag) || further.includes(tag)) ||
        where === "syntax"
      )
        continue;
      const question = { ask: "version-tag", image: reference } as const;
      const version = computed ? undefined : known(lookup(question));
      report(word.span, {
        message: `${reference}: the tag ${tag} names another image with every release`,
        ...(version !== undefined && {
          fixes: [unsafeFix(`Replace ${tag} with ${version}`, tagEdit(ref, version, word.span.start))],
        }),
        ...(version === undefined &&
          !computed && { offers: [{ title: `Look up the version behind ${reference}`, question }] }),
        ...(computed && { refusal: "the tag comes from a variable: change its default" }),
      });
    }
  },
});
