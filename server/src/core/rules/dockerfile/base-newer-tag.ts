import { imageUses } from "../../model/dockerfile/images.ts";
import { tagEdit } from "../../model/image-ref.ts";
import { defineRule, known, unsafeFix } from "../../rule.ts";

export default defineRule({
  id: "base-newer-tag",
  summary: "the registry has a newer tag of the same kind",
  severity: "hint",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["docker-dx:recommended_tag"],
  why: `
An old base collects known holes, and the step to a new one grows with every release that is left out. The tag is compared with those
the registry lists: the same words around a version of as many parts, so \`24-alpine\` is newer than \`22-alpine\`, and
\`24.1.0-slim\` is no answer to either. \`22\` stands for every \`22.x\`, so that \`22.1\` is not newer; dates (\`20240110\`, \`2024.01.10\`,
\`noble-20240605\`) are compared with dates; an older distribution is never offered with a newer version, and what comes before a release
(\`25-rc\`) only to who is on such a tag. The registry is asked only where looking images up is switched on:
\`dockwright check --online\`.`,
  fixSafety:
    "Unsafe: another version is another image. Where a digest pins the old one, there is no fix: what is pinned is moved together with its digest.",
  examples: [
    {
      bad: "FROM node:22-alpine3.22\n",
      fixed: "FROM node:24-alpine3.22\n",
      answers: { "newer-tag:node:22-alpine3.22": "24-alpine3.22", "newer-tag:node:24-alpine3.22": "24-alpine3.22" },
    },
    { good: "FROM node:24-alpine\n", answers: { "newer-tag:node:24-alpine": "24-alpine" } },
    { good: "FROM node:24-alpine\n" },
  ],
  check({ dockerfile, report, lookup }) {
    for (const { where, word, reference, ref, computed } of imageUses(dockerfile)) {
      // The frontend's tags float on purpose.
      if (ref?.tag === undefined || where === "syntax" || !/\d/.test(ref.tag)) continue;
      const newest = known(lookup({ ask: "newer-tag", image: reference }));
      if (newest === undefined || newest === ref.tag) continue;
      report(word.span, {
        message: `${reference}: the registry has ${newest} by now`,
        ...(computed
          ? { refusal: "the tag comes from a variable: change its default" }
          : ref.digest !== undefined
            ? { refusal: "a digest pins the image: move tag and digest together" }
            : { fixes: [unsafeFix(`Replace ${ref.tag} with ${newest}`, tagEdit(ref, newest, word.span.start))] }),
      });
    }
  },
});
