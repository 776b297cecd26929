import { fieldOf } from "../../model/compose/fields.ts";
import { CONTAINER_NAME_FORM, isContainerName } from "../../model/compose/names.ts";
import { setValue } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, plainText, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-container-name-chars",
  summary: "container name with characters that are not allowed",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:service-container-name-regex"],
  why: `
The engine takes ${"`[a-zA-Z0-9][a-zA-Z0-9_.-]+`"} for the name of a container and nothing else. Compose looks less closely: it lets
\`my app\` and \`-web\` pass, and the container cannot be made.`,
  fixSafety: `
Unsafe: others may know the container by another name than the one that comes out.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    container_name: shop@web\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n    container_name: shop-web\n",
    },
    { good: "services:\n  web:\n    image: nginx:1.29\n    container_name: shop_web.1\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const field = fieldOf(service.map, "container_name");
      const name = plainText(field?.value);
      if (!field || name === undefined || isContainerName(name)) continue;
      const better = name.replaceAll(/[^a-zA-Z0-9_.-]+/g, "-").replaceAll(/^[^a-zA-Z0-9]+|-+$/g, "");
      report(placeOf(service, field, field.value.span), {
        message: `${JSON.stringify(name)} cannot be the name of a container: it has to be ${CONTAINER_NAME_FORM}`,
        remedy: () =>
          isContainerName(better)
            ? remedyOf(`Name it ${better}`, setValue(compose, field.value, better))
            : { refusal: "only you know a name that is allowed" },
      });
    }
  },
});
