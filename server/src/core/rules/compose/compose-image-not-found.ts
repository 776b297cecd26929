import { defineComposeRule } from "../../rule.ts";
import { editOf, imagesOf } from "../compose-images.ts";
import { absenceOf } from "../missing-images.ts";

export default defineComposeRule({
  id: "compose-image-not-found",
  summary: "image that its registry does not have",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
The registry answers that there is no such tag, or no such image: \`up\` stops there, on every machine that does not happen to have an
image of that name. Mostly it is a slip, or a version that is not published in that variant, so the nearest tags there are come with
the finding. The registry is asked only where looking images up is switched on: \`dockwright check --online\`. A registry that refuses
access, as Docker Hub does for images that do not exist, or that cannot be reached, has not said so. What is built here or never
pulled is not asked for. Dockerfiles have base-not-found.`,
  fixSafety: "Unsafe: which image was meant, only a person knows; the nearest tag is a guess.",
  examples: [
    {
      bad: "services:\n  db:\n    image: postgres:81\n",
      fixed: "services:\n  db:\n    image: postgres:18\n",
      answers: { "existence:postgres:81": "no 18 17 16", "existence:postgres:18": "yes" },
    },
    { good: "services:\n  db:\n    image: postgres:18\n", answers: { "existence:postgres:18": "yes" } },
    { good: "services:\n  db:\n    image: postgres:81\n" },
  ],
  check({ compose, project, report, lookup }) {
    for (const use of imagesOf(project)) {
      if (!use.ref || use.isBuilt) continue;
      const absence = absenceOf(lookup, use.text, use.ref, (edit) => editOf(compose, use, edit));
      if (absence) report(use.span, absence);
    }
  },
});
