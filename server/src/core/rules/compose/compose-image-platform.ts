import { fieldOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { imagesOf } from "../compose-images.ts";
import { placeOf, plainText } from "../compose-services.ts";
import { lackOf } from "../platforms.ts";

export default defineComposeRule({
  id: "compose-image-platform",
  summary: "there is no image for the platform that a service asks for",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.5.0",
  sameAs: [],
  why: `
\`platform\` asks for one platform, and the registry has none of the image: \`up\` stops with \`no match for platform in manifest\`. What
platforms there are is asked only where looking images up is switched on: \`dockwright check --online\`. The bases of what a service
builds are base-platform-missing's.`,
  examples: [
    {
      bad: "services:\n  db:\n    image: mysql:5.7\n    platform: linux/arm64\n",
      answers: { "platforms:mysql:5.7": "linux/amd64" },
    },
    {
      good: "services:\n  db:\n    image: mysql:5.7\n    platform: linux/amd64\n",
      answers: { "platforms:mysql:5.7": "linux/amd64" },
    },
    { good: "services:\n  db:\n    image: mysql:5.7\n    platform: linux/arm64\n" },
  ],
  check({ project, report, lookup }) {
    for (const { service, ref, text, isBuilt } of imagesOf(project)) {
      const field = fieldOf(service.map, "platform");
      const platform = plainText(field?.value);
      if (!field || !ref || isBuilt || platform === undefined) continue;
      const message = lackOf(lookup, text, platform);
      if (message !== undefined) report(placeOf(service, field, field.value.span), { message });
    }
  },
});
