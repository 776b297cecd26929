import { defineComposeRule } from "../../rule.ts";
import { reportStaleDigests } from "../stale-digests.ts";

const [OLD, NEW] = ["5", "6"].map((digit) => `sha256:${digit.repeat(64)}`);

export default defineComposeRule({
  id: "compose-image-digest-stale",
  summary: "digest that its tag no longer points at",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
A digest stays on the image it was written for, while the tag in front of it goes on to images with the latest fixes of security.
Compose takes the digest and says nothing. Images that have a tag and a digest are looked at; what is built here and what a variable
decides is not. Registries are asked only where looking images up is switched on: \`dockwright check --online\`.
\`dockwright pin --update\` renews all digests at once. Dockerfiles have base-digest-stale.`,
  fixSafety: `
Unsafe: another digest is another image, however alike the two are meant to be. The fix names both, with the days they were made
on where the registry says them.`,
  examples: [
    {
      bad: `services:\n  db:\n    image: postgres:18.1@${OLD}\n`,
      fixed: `services:\n  db:\n    image: postgres:18.1@${NEW}\n`,
      answers: { "digest-today:postgres:18.1": `${NEW}` },
    },
    {
      good: `services:\n  db:\n    image: postgres:18.1@${OLD}\n`,
      answers: { "digest-today:postgres:18.1": `${OLD}` },
    },
    { good: `services:\n  db:\n    image: postgres:18.1@${OLD}\n` },
  ],
  check({ compose, ...context }) {
    reportStaleDigests(compose, context);
  },
});
