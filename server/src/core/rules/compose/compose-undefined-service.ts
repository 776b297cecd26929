import { buildOf } from "../../model/compose/build.ts";
import { dependenciesOf, referencesOf } from "../../model/compose/dependencies.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule, unsafeFix } from "../../rule.ts";
import type { Span } from "../../text/edit.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import type { Via } from "../../text/yaml.ts";
import { severityFor } from "../compose-resources.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

const IMAGE_OF = "service:";

export default defineComposeRule({
  id: "compose-undefined-service",
  summary: "reference to a service that does not exist",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service "web" depends on undefined service "db"\`. The same goes for services that \`links\`, \`volumes_from\`,
\`network_mode: service:…\`, \`ipc\`, \`pid\` and \`additional_contexts\` name. \`required: false\` does not change that: it is about a service
that is not started, not about one that does not exist.`,
  fixSafety: `
Unsafe: the service whose name is near is what was probably meant.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    depends_on: [databse]\n  database:\n    image: postgres:17\n",
      fixed:
        "services:\n  web:\n    image: nginx:1.29\n    depends_on: [database]\n  database:\n    image: postgres:17\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    depends_on: [database]\n  database:\n    image: postgres:17\n",
    },
  ],
  check({ compose, project, report }) {
    if (!project.complete) return;
    const names = project.services.map(({ name }) => name);
    for (const service of servicesHere(project))
      for (const reference of referencesIn(service)) {
        const { key, name, span, via } = reference;
        if (name === "" || hasVariables(name) || project.service(name)) continue;
        if (!project.standsAlone()) return;
        const near = nearest(name, names);
        const isWritten = !via && compose.text.slice(span.start, span.end) === name;
        report(placeOf(service, reference, span), {
          message: `${service.name} names the service ${name} in ${key}, which does not exist${didYouMean(name, names)}`,
          ...severityFor(service),
          ...(near !== undefined && isWritten && { fixes: [unsafeFix(`Use ${near}`, { span, text: near })] }),
        });
      }
  },
});

interface Reference {
  readonly key: string;
  readonly name: string;
  readonly span: Span;
  readonly via?: Via;
}

const referencesIn = (service: ProjectService): readonly Reference[] => [
  ...dependenciesOf(service).map(({ name, span, via }) => ({ key: "depends_on", name, span, ...(via && { via }) })),
  ...referencesOf(service),
  ...(buildOf(service)?.contexts ?? []).flatMap(({ text, valueSpan: { start, end }, via }): readonly Reference[] => {
    if (text?.startsWith(IMAGE_OF) !== true) return [];
    const name = text.slice(IMAGE_OF.length);
    // Behind the prefix, where the text stands there as it is; quotes are around it.
    const quotes = (end - start - text.length) / 2;
    const span =
      quotes === 0 || quotes === 1 ? { start: end - quotes - name.length, end: end - quotes } : { start, end };
    return [{ key: "additional_contexts", name, span, ...(via && { via }) }];
  }),
];
