import { fieldOf, itemsOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, plainText, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-platform-not-built",
  summary: "platform that the build does not make",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service.build.platforms MUST include service.platform\`. The service is to run on one platform, and its image
is built for others only.`,
  examples: [
    {
      bad: "services:\n  web:\n    platform: linux/arm64\n    build:\n      context: .\n      platforms: [linux/amd64]\n",
    },
    {
      good: "services:\n  web:\n    platform: linux/arm64\n    build:\n      context: .\n      platforms: [linux/amd64, linux/arm64]\n",
    },
  ],
  check({ project, report }) {
    for (const service of servicesHere(project)) {
      const field = fieldOf(service.map, "platform");
      const platform = plainText(field?.value);
      const built = itemsOf(fieldOf(service.map, "build", "platforms")?.value).map(plainText);
      if (!field || platform === undefined || platform === "" || built.length === 0) continue;
      if (built.includes(platform) || built.includes(undefined)) continue;
      report(placeOf(service, field, field.value.span), {
        message: `${service.name} runs on ${platform}, and its image is built for ${built.join(", ")} only`,
      });
    }
  },
});
