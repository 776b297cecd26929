import { addHealthcheck, planHealthcheck } from "../../assists/compose/healthcheck.ts";
import { type Dependency, dependenciesOf } from "../../model/compose/dependencies.ts";
import { keysBefore } from "../../model/compose/key-order.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { setValue } from "../../model/compose/patch.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule, type Remedy } from "../../rule.ts";
import { healthOf } from "../compose-health.ts";
import { changeOf, placeOf, remedyOf, servicesHere } from "../compose-services.ts";

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
Unsafe: a healthcheck for a known image asks what is usual, which may not be what tells its health here; without the condition the
dependent one starts before the other is ready.`,
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
          remedy: () => remedyFor(compose, dependency, health === "none" ? other : undefined),
        });
      }
  },
});

/** To give it a healthcheck, where one is known for its image; or not to wait for it. */
function remedyFor(
  compose: ComposeFile,
  { name, conditionNode }: Dependency,
  other: ProjectService | undefined,
): Remedy {
  const waitLess: Remedy = conditionNode
    ? remedyOf(`Wait until ${name} is started`, setValue(compose, conditionNode, "service_started"))
    : { refusal: "the condition is not written here" };
  const plan = other && planHealthcheck(other);
  if (!other || !plan || "refusal" in plan) return waitLess;
  const added = remedyOf(
    `Check the health of ${name} with ${plan.program}`,
    changeOf(compose, other, (map) => addHealthcheck(compose, map, plan, { after: keysBefore("healthcheck") })),
  );
  const fixes = [...(added.fixes ?? []), ...(waitLess.fixes ?? [])];
  return fixes.length > 0 ? { fixes } : waitLess;
}
