import { fieldOf } from "../../model/compose/fields.ts";
import { profilesOf } from "../../model/compose/profiles.ts";
import { defineComposeRule } from "../../rule.ts";
import { severityFor } from "../compose-resources.ts";
import { placeOf, plainText } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-container-name-unique",
  summary: "container name of two services",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["dclint:no-duplicate-container-names"],
  why: `
Compose refuses the file: \`container name "…" is already in use by service\`. Names of containers are unique in an engine. Services of
different profiles run into it as well, when the container of the other one is still there. Often the name came along with \`extends\`
or a merge key.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    container_name: app\n  db:\n    image: postgres:17\n    container_name: app\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    container_name: app-web\n  db:\n    image: postgres:17\n    container_name: app-db\n",
    },
  ],
  check({ project, report }) {
    const owners = new Map<string, (typeof project.services)[number]>();
    for (const service of project.services) {
      const field = fieldOf(service.map, "container_name");
      const name = plainText(field?.value);
      if (!field || name === undefined) continue;
      const owner = owners.get(name);
      if (!owner) owners.set(name, service);
      if (!owner || !service.isHere) continue;
      report(placeOf(service, field, field.value.span), {
        message: `${service.name} has the container name ${name}, which ${owner.name} has already`,
        ...severityFor(profilesOf(owner).length > 0 ? owner : service),
      });
    }
  },
});
