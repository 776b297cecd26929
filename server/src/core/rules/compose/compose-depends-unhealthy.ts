import { dependencies } from "../../assists/compose/pair-form.ts";
import { listToMap } from "../../assists/compose/reshape.ts";
import { type Dependency, dependenciesOf } from "../../model/compose/dependencies.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import { healthcheckOf } from "../../model/compose/healthcheck.ts";
import { knownImageOf } from "../../model/compose/known-images.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { addKey, setValue } from "../../model/compose/patch.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import type { YamlMap } from "../../text/yaml.ts";
import { changeOf, placeOf, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-depends-unhealthy",
  summary: "does not wait for the healthcheck of what it depends on",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
\`depends_on\` alone waits until the container runs, not until the program in it can be used: the first connection to a database fails, and
the service has to cope with it or is restarted. The other service has a healthcheck, so \`condition: service_healthy\` costs nothing. For
databases this is in the recommended profile; otherwise it is strict: a proxy does not have to wait for what is behind it.`,
  fixSafety: `
Unsafe: the service starts later, and not at all while the other one is not healthy.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: example/web:1.4\n    depends_on:\n      - db\n  db:\n    image: postgres:17\n    healthcheck:\n      test: [CMD, pg_isready]\n",
      fixed:
        "services:\n  web:\n    image: example/web:1.4\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: postgres:17\n    healthcheck:\n      test: [CMD, pg_isready]\n",
    },
    {
      good: "services:\n  web:\n    image: example/web:1.4\n    depends_on:\n      - db\n  db:\n    image: postgres:17\n",
    },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const unready = dependenciesOf(service).filter((dependency) =>
        isUnready(dependency, project.service(dependency.name)),
      );
      for (const dependency of unready) {
        const { name, span } = dependency;
        const other = project.service(name);
        const isDatabase = other !== undefined && (knownImageOf(other)?.dataPorts ?? []).length > 0;
        report(placeOf(service, dependency, span), {
          message: `${service.name} does not wait until ${name} is healthy, although ${name} has a healthcheck`,
          ...(isDatabase && { profile: "recommended" as const }),
          remedy: () =>
            remedyOf(
              `Wait until ${name} is healthy`,
              changeOf(compose, service, (map) => change(compose, map, dependency, unready)),
            ),
        });
      }
    }
  },
});

function isUnready({ condition }: Dependency, other: ProjectService | undefined): boolean {
  if (!other || condition !== "service_started") return false;
  const healthcheck = healthcheckOf(other);
  return healthcheck?.test !== undefined && !healthcheck.disabled;
}

/** Of a list all that are to be waited for at once: afterwards it is a mapping. */
function change(
  compose: ComposeFile,
  map: YamlMap,
  { node, conditionNode, written }: Dependency,
  unready: readonly Dependency[],
): Change {
  const healthy = "service_healthy";
  if (conditionNode) return setValue(compose, conditionNode, healthy);
  if (written === "map") return addKey(compose, node, "condition", healthy);
  const list = fieldOf(map, "depends_on")?.value;
  if (list?.kind !== "list" || list.via) return { refusal: "the list is not written here" };
  const entries = dependencies.toMap(list);
  if ("refusal" in entries) return entries;
  const waited = new Set(unready.map(({ name }) => name));
  const all = entries.map(([name, value]) => [name, waited.has(name) ? { condition: healthy } : value] as const);
  return listToMap(compose, list, all);
}
