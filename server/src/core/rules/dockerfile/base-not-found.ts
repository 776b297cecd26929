import { imageUses } from "../../model/dockerfile/images.ts";
import { defineRule } from "../../rule.ts";
import { absenceOf } from "../missing-images.ts";

export default defineRule({
  id: "base-not-found",
  summary: "image that its registry does not have",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
The registry answers that there is no such tag, or no such image: the build stops there, on every machine that does not happen to have
an image of that name. Mostly it is a slip, or a version that is not published in that variant, so the nearest tags there are come
with the finding. The registry is asked only where looking images up is switched on: \`dockwright check --online\`. A registry that
refuses access, as Docker Hub does for images that do not exist, or that cannot be reached, has not said so.`,
  fixSafety: "Unsafe: which image was meant, only a person knows; the nearest tag is a guess.",
  examples: [
    {
      bad: "FROM node:22-alpin\n",
      fixed: "FROM node:22-alpine\n",
      answers: { "existence:node:22-alpin": "no 22-alpine 22-alpine3.22", "existence:node:22-alpine": "yes" },
    },
    { bad: "FROM ghcr.io/acme/shop:1\n", answers: { "existence:ghcr.io/acme/shop:1": "no" } },
    { good: "FROM node:22-alpine\n", answers: { "existence:node:22-alpine": "yes" } },
    { good: "FROM node:22-alpin\n" },
  ],
  check({ dockerfile, report, lookup }) {
    for (const { word, reference, ref, computed } of imageUses(dockerfile)) {
      const absence =
        ref &&
        absenceOf(lookup, reference, ref, (edit) =>
          computed
            ? { refusal: "a part of it comes from a variable: change its default" }
            : { edits: [edit(word.span.start)] },
        );
      if (absence) report(word.span, absence);
    }
  },
});
