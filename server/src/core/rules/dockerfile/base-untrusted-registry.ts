import type { Dockerfile, Word } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule } from "../../rule.ts";
import { placeOfImage, trustOf } from "../trusted-registries.ts";

export default defineRule({
  id: "base-untrusted-registry",
  summary: "image from a registry that is not on the project's list",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3026"],
  why: `
Whoever can write to a registry decides what runs in the images built from it. The rule is silent until \`trustedRegistries\` in the
configuration names those a project relies on; then every \`FROM\`, \`COPY --from\` and \`RUN --mount=from=\` has to name one of
them. \`*\` stands for any text: \`*.example.com\`, \`registry.*\`. An entry with a slash is compared with registry and path, so that
\`ghcr.io/example/*\` trusts one owner. Images without a registry come from \`docker.io\`. There is no fix: where else the image is
to be had, only the project knows.`,
  examples: [
    { bad: "FROM registry.example.net/base:4\n", policy: { trustedRegistries: ["docker.io", "*.example.com"] } },
    { good: "FROM registry.example.com/base:4\n", policy: { trustedRegistries: ["docker.io", "*.example.com"] } },
  ],
  check({ dockerfile, policy, report }) {
    if (policy.trustedRegistries.length === 0) return;
    const trusted = policy.trustedRegistries.map(trustOf);
    for (const { word, text } of imagesNamed(dockerfile)) {
      const place = placeOfImage(text);
      if (!place || trusted.some((isTrusted) => isTrusted(place))) continue;
      report(word.span, { message: `${place.domain} is not among the registries this project trusts` });
    }
  },
});

/** With variables put in where they are known; stages and scratch left out. */
function imagesNamed(dockerfile: Dockerfile): readonly { readonly word: Word; readonly text: string }[] {
  const bases = dockerfile.stages.flatMap(({ base, image, from }) => {
    if (!image || base.kind === "stage" || base.kind === "scratch") return [];
    return [{ word: image, text: unquote(expandIn(dockerfile, from, image.text).text, dockerfile.escape) }];
  });
  const sources = fromReferences(dockerfile).flatMap(({ word, source }) =>
    // A plain word may be a build context given on the command line.
    source.kind === "other" && /[/:@]/.test(source.reference) ? [{ word, text: source.reference }] : [],
  );
  return [...bases, ...sources].sort((a, b) => a.word.span.start - b.word.span.start);
}
