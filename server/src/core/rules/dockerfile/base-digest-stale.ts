import { defineRule } from "../../rule.ts";
import { reportStaleDigests } from "../stale-digests.ts";

const [OLD, NEW] = ["5", "6"].map((digit) => `sha256:${digit.repeat(64)}`);

export default defineRule({
  id: "base-digest-stale",
  summary: "digest that its tag no longer points at",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
A digest stays on the image it was written for, while the tag in front of it goes on to images with the latest fixes of security. The
build takes the digest and says nothing. Images in \`FROM\`, \`COPY --from\`, \`RUN --mount=from=\` and \`# syntax=\` that have a tag and
a digest are looked at; where a variable decides, the rule is silent. Registries are asked only where looking images up is switched on:
\`dockwright check --online\`. \`dockwright pin --update\` renews all digests at once.

A digest may also be that of the image for one platform, as a machine shows it that pulled it: such a file cannot be built for
other platforms, which is a hint in the profile \`strict\`.`,
  fixSafety: `
Unsafe: another digest is another image, however alike the two are meant to be. The fix names both, with the days they were made
on where the registry says them.`,
  examples: [
    {
      bad: `FROM node:22@${OLD}\n`,
      fixed: `FROM node:22@${NEW}\n`,
      answers: {
        "digest-today:node:22": `${NEW}`,
        [`platform-digests:node:22@${NEW}`]: "",
        [`created:node:22@${OLD}`]: "2026-01-02T03:04:05.000Z",
        [`created:node:22@${NEW}`]: "2026-11-01T03:04:05.000Z",
      },
    },
    { good: `FROM node:22@${OLD}\n`, answers: { "digest-today:node:22": `${OLD}` } },
    { good: `FROM node:22@${OLD}\n` },
  ],
  check({ dockerfile, ...context }) {
    reportStaleDigests(dockerfile, context);
  },
});
