import { expandIn } from "../../model/dockerfile/scope.ts";
import { defineRule } from "../../rule.ts";
import { lackOf } from "../platforms.ts";

export default defineRule({
  id: "base-platform-mismatch",
  summary: "there is no image for the platform that FROM asks for",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["buildkit:InvalidBaseImagePlatform"],
  why: `
\`FROM --platform\` asks for one platform, and the registry has none of the image: the build stops, or takes an image for another
platform, whose programs then do not start. What platforms there are is asked only where looking images up is switched on:
\`dockwright check --online\`. Platforms that a compose file asks for are base-platform-missing's and compose-image-platform's.`,
  examples: [
    {
      bad: "FROM --platform=linux/s390x node:24\n",
      answers: { "platforms:node:24": "linux/amd64 linux/arm64/v8" },
    },
    {
      good: "FROM --platform=linux/arm64 node:24\n",
      answers: { "platforms:node:24": "linux/amd64 linux/arm64/v8" },
    },
    { good: "FROM --platform=$BUILDPLATFORM node:24\n", answers: { "platforms:node:24": "linux/amd64" } },
  ],
  check({ dockerfile, report, lookup }) {
    for (const { base, from, platform } of dockerfile.stages) {
      if (base.kind !== "image" || platform?.value === undefined) continue;
      const { text, known: isKnown } = expandIn(dockerfile, from, platform.value.text);
      const message = isKnown ? lackOf(lookup, base.reference, text) : undefined;
      if (message !== undefined) report(platform.value.span, { message });
    }
  },
});
