import { dependenciesOf, referencesOf } from "../../model/compose/dependencies.ts";
import { profilesOf } from "../../model/compose/profiles.ts";
import type { Project } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-depends-profile",
  summary: "dependency on a service that only a profile starts",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
A service with \`profiles\` is there only while one of them is on. Where a service that is always on depends on it, a plain
\`docker compose up\` is refused: \`service "web" depends on undefined service "db"\`. Take the profile away, give the dependent one the same
profile, or make the dependency \`required: false\`.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    depends_on: [mail]\n  mail:\n    image: axllent/mailpit:v1.27\n    profiles: [debug]\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    depends_on:\n      mail:\n        condition: service_started\n        required: false\n  mail:\n    image: axllent/mailpit:v1.27\n    profiles: [debug]\n",
    },
  ],
  check({ project, report }) {
    if (!project.complete) return;
    for (const service of servicesHere(project)) {
      if (!service.complete || profilesOf(service).length > 0) continue;
      const needed = dependenciesOf(service).filter(({ required }) => required);
      const seen = new Set<string>();
      for (const reference of [...needed, ...referencesOf(service)]) {
        const other = project.service(reference.name);
        const profiles = other?.complete === true ? profilesOf(other) : [];
        if (!other || profiles.length === 0 || seen.has(other.name) || isSwitchedOn(project, profiles)) continue;
        seen.add(other.name);
        report(placeOf(service, reference, reference.span), {
          message: `${service.name} is always started and needs ${other.name}, which is there only in the profile ${profiles.join(" or ")}`,
        });
      }
    }
  },
});

/** `.env` can do that. */
function isSwitchedOn({ environment }: Project, profiles: readonly string[]): boolean {
  const on = (environment.values.get("COMPOSE_PROFILES") ?? "").split(",").map((name) => name.trim());
  return on.includes("*") || profiles.some((profile) => on.includes(profile) || profile.includes("$"));
}
