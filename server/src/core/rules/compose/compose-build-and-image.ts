import { buildOf } from "../../model/compose/build.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import { imageNameOf } from "../../model/compose/known-images.ts";
import { knownBase } from "../../model/dockerfile/bases.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOfKey, plainText, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-build-and-image",
  summary: "service with both build and image",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["dclint:no-build-and-image"],
  why: `
With \`build\`, \`image\` is only the name that the built image gets. That is of use where the image is pushed. Where it is the name of an
official image, what is built here takes its place on this machine: \`docker run nginx\` runs it from then on. dclint reports every
service with both: this does so as a hint in the profile \`all\`. Where \`pull_policy\` says which of the two is meant, nothing is reported.`,
  options: [
    {
      name: "checkPullPolicy",
      about: "A service with `pull_policy` says what it means by both, and is not reported.",
      default: true,
    },
  ],
  examples: [
    { bad: "services:\n  web:\n    build: .\n    image: nginx\n" },
    { good: "services:\n  web:\n    build: .\n    image: nginx\n    pull_policy: build\n" },
    { good: "services:\n  web:\n    build: .\n  db:\n    image: postgres:17\n" },
  ],
  check({ project, option, report }) {
    for (const service of servicesHere(project)) {
      const build = buildOf(service);
      const image = fieldOf(service.map, "image");
      if (!build || !image) continue;
      if (option("checkPullPolicy") === true && fieldOf(service.map, "pull_policy")) continue;
      const name = plainText(image.value);
      const isOfficial = name !== undefined && !imageNameOf(service)?.includes("/") && knownBase(name) !== undefined;
      report(placeOfKey(service, build.field), {
        message: isOfficial
          ? `What ${service.name} builds takes the place of the official image ${name} on this machine`
          : `${service.name} has both build and image: the image is built here, and only called ${name ?? "so"}`,
        ...(!isOfficial && { severity: "hint" as const, profile: "all" as const }),
      });
    }
  },
});
