import { tagEdit } from "../../model/image-ref.ts";
import { defineComposeRule, known, unsafeFix } from "../../rule.ts";
import { editOf, imagesOf } from "../compose-images.ts";

export default defineComposeRule({
  id: "compose-image-newer-tag",
  summary: "the registry has a newer tag of the same kind",
  severity: "hint",
  profile: "strict",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
An old image collects known holes, and the step to a new one grows with every release that is left out. Tags are compared as
base-newer-tag does it: the same words around a version of as many parts, so \`18.1-alpine\` is newer than \`17.4-alpine\`, \`17\` stands for
every \`17.x\`, and what comes before a release is never offered. Images that are built here, and those a variable decides, are left
out. The registry is asked only where looking images up is switched on: \`dockwright check --online\`.`,
  fixSafety: `
Unsafe: another version is another image, and a database does not always open what an older one wrote. Where a digest pins the old
one, there is no fix: what is pinned is moved together with its digest.`,
  examples: [
    {
      bad: "services:\n  db:\n    image: postgres:17.4-alpine\n",
      fixed: "services:\n  db:\n    image: postgres:18.1-alpine\n",
      answers: {
        "newer-tag:postgres:17.4-alpine": "18.1-alpine",
        "newer-tag:postgres:18.1-alpine": "18.1-alpine",
      },
    },
    { good: "services:\n  db:\n    image: postgres:18.1\n", answers: { "newer-tag:postgres:18.1": "18.1" } },
    { good: "services:\n  db:\n    image: postgres:17.4\n" },
  ],
  check({ compose, project, report, lookup }) {
    for (const use of imagesOf(project)) {
      const { ref, text, span, isBuilt } = use;
      if (ref?.tag === undefined || isBuilt || !/\d/.test(ref.tag)) continue;
      const newest = known(lookup({ ask: "newer-tag", image: text }));
      if (newest === undefined || newest === ref.tag) continue;
      const change =
        ref.digest === undefined
          ? editOf(compose, use, (at) => tagEdit(ref, newest, at))
          : { refusal: "a digest pins the image: move tag and digest together" };
      report(span, {
        message: `${text}: the registry has ${newest} by now`,
        ...("refusal" in change
          ? change
          : { fixes: [unsafeFix(`Replace ${ref.tag} with ${newest}`, ...change.edits)] }),
      });
    }
  },
});
