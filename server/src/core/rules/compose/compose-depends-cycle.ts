import { dependenciesOf, referencesOf } from "../../model/compose/dependencies.ts";
import { profilesOf } from "../../model/compose/profiles.ts";
import type { Project, ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import type { Span } from "../../text/edit.ts";
import type { Via } from "../../text/yaml.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-depends-cycle",
  summary: "services that wait for each other",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`dependency cycle detected: a -> b -> a\`. Not only \`depends_on\` counts: \`links\`, \`volumes_from\` and a shared
namespace (\`network_mode: service:b\`) make compose start the other service first as well. One of the two has to cope with starting
before the other.`,
  examples: [
    {
      bad: "services:\n  api:\n    image: example/api:2.0\n    depends_on: [worker]\n  worker:\n    image: example/worker:2.0\n    depends_on: [api]\n",
    },
    {
      good: "services:\n  api:\n    image: example/api:2.0\n    depends_on: [worker]\n  worker:\n    image: example/worker:2.0\n",
    },
  ],
  check({ project, report }) {
    const reported = new Set<string>();
    for (const service of servicesHere(project)) {
      if (reported.has(service.name)) continue;
      const way = wayBack(project, service);
      const [first] = way ?? [];
      if (!way || !first) continue;
      for (const { from } of way) reported.add(from.name);
      const names = [...way.map(({ from }) => from.name), service.name].join(" → ");
      const isHidden = way.some(({ from }) => profilesOf(from).length > 0);
      report(placeOf(service, first, first.span), {
        message: way.length === 1 ? `${service.name} depends on itself` : `The services wait for each other: ${names}`,
        ...(isHidden && { severity: "warning" as const }),
      });
    }
  },
});

interface Step {
  readonly from: ProjectService;
  readonly to: string;
  readonly span: Span;
  readonly via?: Via;
}

const stepsFrom = (from: ProjectService): readonly Step[] =>
  [...dependenciesOf(from), ...referencesOf(from)].map(({ name, span, via }) => ({
    from,
    to: name,
    span,
    ...(via && { via }),
  }));

/** The shortest way from a service to itself. */
function wayBack(project: Project, service: ProjectService): readonly Step[] | undefined {
  const seen = new Set<string>();
  let ways: (readonly Step[])[] = stepsFrom(service).map((step) => [step]);
  while (ways.length > 0) {
    const next: (readonly Step[])[] = [];
    for (const way of ways) {
      const at = way.at(-1)?.to ?? "";
      if (at === service.name) return way;
      const other = project.service(at);
      if (!other || seen.has(at)) continue;
      seen.add(at);
      for (const step of stepsFrom(other)) next.push([...way, step]);
    }
    ways = next;
  }
  return undefined;
}
