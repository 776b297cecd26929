import { defineComposeRule } from "../../rule.ts";
import { imagesOf } from "../compose-images.ts";
import { placeOfImage, trustOf } from "../trusted-registries.ts";

export default defineComposeRule({
  id: "compose-image-registry-untrusted",
  summary: "image from a registry that is not on the project's list",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Whoever can write to a registry decides what runs from it. The rule is silent until \`trustedRegistries\` in the configuration
names those a project relies on; then every \`image\` that is pulled has to come from one of them. \`*\` stands for any text:
\`*.example.com\`, \`registry.*\`. An entry with a slash is compared with registry and path, so that \`ghcr.io/example/*\`
trusts one owner. Images without a registry come from \`docker.io\`; what a service builds is its own. There is no fix: where
else the image is to be had, only the project knows. It is the same list as base-untrusted-registry's for Dockerfiles.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: registry.example.net/web:4\n",
      policy: { trustedRegistries: ["docker.io", "*.example.com"] },
    },
    {
      good: "services:\n  web:\n    image: registry.example.com/web:4\n",
      policy: { trustedRegistries: ["docker.io", "*.example.com"] },
    },
  ],
  check({ project, policy, report }) {
    if (policy.trustedRegistries.length === 0) return;
    const trusted = policy.trustedRegistries.map(trustOf);
    for (const { text, span, isBuilt } of imagesOf(project)) {
      const place = isBuilt ? undefined : placeOfImage(text);
      if (!place || trusted.some((isTrusted) => isTrusted(place))) continue;
      report(span, { message: `${place.domain} is not among the registries this project trusts` });
    }
  },
});
