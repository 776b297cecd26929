import { type Dependency, dependenciesOf } from "../../model/compose/dependencies.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { setValue } from "../../model/compose/patch.ts";
import { defineComposeRule, type Remedy } from "../../rule.ts";
import { healthOf } from "../compose-health.ts";
import { placeOf, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-healthy-without-healthcheck",
  summary: "waits for the health of a service that has no healthcheck",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
The dependent service never starts: \`dependency failed to start: container … has no healthcheck configured\`. An image may bring a
healthcheck, so this speaks only where it is certain that there is none: where the service switches it off, where its Dockerfile
is beside the file and has none on a base that has none, and, as a warning, where the image is known to have none.`,
  fixSafety: `
Unsafe: without the condition the dependent one starts before the other is ready. Better give the service a \`healthcheck\`.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: example/web:1.4\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: postgres:17\n    healthcheck:\n      disable: true\n",
      fixed:
        "services:\n  web:\n    image: example/web:1.4\n    depends_on:\n      db:\n        condition: service_started\n  db:\n    image: postgres:17\n    healthcheck:\n      disable: true\n",
    },
    {
      good: "services:\n  web:\n    image: example/web:1.4\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: postgres:17\n    healthcheck:\n      test: [CMD, pg_isready]\n",
    },
  ],
  check({ compose, project, lookup, report }) {
    for (const service of servicesHere(project))
      for (const dependency of dependenciesOf(service)) {
        const { name, condition, conditionNode, span } = dependency;
        const other = condition === "service_healthy" ? project.service(name) : undefined;
        const health = other ? healthOf(other, lookup) : "unknown";
        if (health !== "off" && health !== "none") continue;
        report(placeOf(service, dependency, conditionNode && !conditionNode.via ? conditionNode.span : span), {
          message:
            health === "off"
              ? `${service.name} waits until ${name} is healthy, and the healthcheck of ${name} is switched off: it never starts`
              : `${service.name} waits until ${name} is healthy, and ${name} has no healthcheck: it never starts`,
          ...(health === "none" && { severity: "warning" as const }),
          remedy: () => remedyFor(compose, dependency),
        });
      }
  },
});

function remedyFor(compose: ComposeFile, { name, conditionNode }: Dependency): Remedy {
  if (!conditionNode) return { refusal: "the condition is not written here" };
  return remedyOf(`Wait until ${name} is started`, setValue(compose, conditionNode, "service_started"));
}
