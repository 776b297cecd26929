import { elsewhere } from "../../model/compose/editable.ts";
import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { removeKey } from "../../model/compose/patch.ts";
import { parseInteger } from "../../model/compose/scalars.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, placeOfKey, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-container-name-replicas",
  summary: "container name although there are several containers",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
A name belongs to one container. With \`scale\` or \`deploy.replicas\` above 1 compose refuses the file. Other containers find the service by
its service name, whatever the containers are called.`,
  fixSafety: `
Unsafe: scripts may know the container by its name.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    container_name: web\n    deploy:\n      replicas: 3\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n    deploy:\n      replicas: 3\n",
    },
    { good: "services:\n  web:\n    image: nginx:1.29\n    container_name: web\n    deploy:\n      replicas: 1\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const { map } = service;
      const name = fieldOf(map, "container_name");
      const count = [fieldOf(map, "scale"), fieldOf(map, "deploy", "replicas")]
        .map((field) => parseInteger(textOf(field?.value) ?? ""))
        .find((number) => number !== undefined && number > 1);
      if (!name || textOf(name.value) === undefined || count === undefined) continue;
      report(placeOfKey(service, name), {
        message: `${service.name} runs ${count} times, and only one container can have the name ${textOf(name.value)}`,
        remedy: () =>
          name.via
            ? { refusal: elsewhere(name.via) }
            : remedyOf(
                "Delete container_name",
                changeOf(compose, service, (own) => removeKey(compose, own, "container_name")),
              ),
      });
    }
  },
});
