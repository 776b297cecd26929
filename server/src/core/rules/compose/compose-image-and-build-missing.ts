import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { severityFor } from "../compose-resources.ts";
import { knownContainers } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-image-and-build-missing",
  summary: "service with neither image nor build",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service "web" has neither an image nor a build context specified\`. What a service only adds to another one
belongs into an override file, or into one that is extended.`,
  examples: [
    { bad: "services:\n  web:\n    ports: ['80:80']\n" },
    { good: "services:\n  web:\n    image: nginx:1.29\n    ports: ['80:80']\n" },
    { good: "services:\n  web:\n    extends: base\n  base:\n    build: .\n" },
  ],
  check({ project, report }) {
    for (const service of knownContainers(project)) {
      const { map, name, nameSpan } = service;
      // An empty text builds from the file's folder.
      if (fieldOf(map, "build") || (textOf(fieldOf(map, "image")?.value) ?? "") !== "") continue;
      if (!project.standsAlone()) return;
      report(nameSpan, {
        message: `${name} has neither image nor build, so compose refuses the file`,
        ...severityFor(service),
      });
    }
  },
});
