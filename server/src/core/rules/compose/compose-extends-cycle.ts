import { fieldOf, textOf } from "../../model/compose/fields.ts";
import type { ComposeFile, Service } from "../../model/compose/model.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-extends-cycle",
  summary: "services that extend each other",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`Circular reference\`. What a service extends has to end at one that extends nothing.`,
  examples: [
    { bad: "services:\n  a:\n    extends: b\n    image: example/a:1.0\n  b:\n    extends: a\n" },
    { good: "services:\n  a:\n    extends: b\n    image: example/a:1.0\n  b:\n    environment: [LEVEL=info]\n" },
  ],
  check({ compose, project, report }) {
    const reported = new Set<string>();
    for (const service of servicesHere(project)) {
      const way = reported.has(service.name) ? undefined : wayBack(compose, service.name);
      const field = fieldOf(compose.services.find(({ name }) => name === service.name)?.map, "extends");
      if (!way || !field) continue;
      for (const name of way) reported.add(name);
      report(placeOf(service, field, (fieldOf(field.value, "service") ?? field).value.span), {
        message:
          way.length === 1
            ? `${service.name} extends itself`
            : `The services extend each other: ${[...way, service.name].join(" → ")}`,
      });
    }
  },
});

/** Within this file. */
function wayBack({ services }: ComposeFile, name: string): readonly string[] | undefined {
  const named = (wanted: string): Service | undefined => services.find((service) => service.name === wanted);
  const way: string[] = [];
  for (let at = named(name); at; ) {
    way.push(at.name);
    const field = fieldOf(at.map, "extends");
    if (!field || fieldOf(field.value, "file")) return undefined;
    const next = textOf(field.value) ?? textOf(fieldOf(field.value, "service")?.value) ?? "";
    if (next === name) return way;
    if (way.includes(next)) return undefined;
    at = named(next);
  }
  return undefined;
}
