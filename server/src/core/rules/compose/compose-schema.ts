import { fieldOf } from "../../model/compose/fields.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { schemaFaults, type SchemaFault } from "../../model/compose/schema.ts";
import { brokenFrom } from "../../model/compose/yaml-faults.ts";
import { defineComposeRule, type Remedy, safeFix, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { belowServices } from "../services-key.ts";

export default defineComposeRule({
  id: "compose-schema",
  summary: "a key or value compose does not take",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:invalid-schema"],
  why: `
Compose refuses the whole file for one key it does not know or one value it cannot read, and no service starts. This rule knows
the compose specification's schema as compose 2.40 has it, and what compose reads behind the schema: durations, sizes, numbers,
ports, volumes, what excludes what. It judges values as they are used, with merge keys and aliases followed, and reports a fault
where it is written. A value with a variable may be anything, \`x-\` keys hold what they like, and what is marked \`!reset\` is
gone.

What compose takes and an engine then refuses (a restart policy that does not exist) is a warning, as is what has no effect (a key
of \`include\` that does not exist). So is \`external\` with a text that is no truth value: other implementations of compose
take that for true, and the file may be meant for them. A part that is missing is not reported in an override file, nor in a
service that extends another: it may come from there.`,
  fixSafety: `
Safe is what says the same in the way compose reads it: quotes around a number where text has to be, \`KEY=value\` for an item
\`KEY: value\`. Unsafe is what is a guess: the nearest key or value, seconds for a duration without a unit, a list around a single
value, \`services:\` above what looks like services. Compose refuses the file as it is, so nothing can rely on it; but a wrong guess would turn a file that does not start
into one that starts and does something else.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    restrat: always\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n    restart: always\n",
    },
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    healthcheck:\n      test: curl -f http://localhost/\n      interval: 30\n",
      fixed:
        "services:\n  web:\n    image: nginx:1.29\n    healthcheck:\n      test: curl -f http://localhost/\n      interval: 30s\n",
    },
    { bad: "services:\n  web:\n    image: nginx:1.29\n    depends_on:\n      db:\n        condition: healthy\n" },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    healthcheck:\n      test: curl -f http://localhost/\n      interval: ${INTERVAL:-30s}\n",
    },
  ],
  check({ compose, report }) {
    if (!compose.root) return;
    const broken = brokenFrom(compose);
    const end = compose.text.lastIndexOf("\n", broken) + 1;
    for (const fault of schemaFaults(compose.root)) {
      if (broken !== Infinity && fault.span.start >= end) break;
      if (fault.missing && mayComeFromElsewhere(compose, fault)) continue;
      const { span, message, by } = fault;
      report(span, { message, ...(by && { severity: "warning" }), ...remedyFor(compose, fault) });
    }
  },
});

function remedyFor(compose: ComposeFile, { suggestion, isService, path }: SchemaFault): Remedy {
  if (isService) return belowServices(compose, String(path[0]));
  if (!suggestion) return {};
  const fix = suggestion.same ? safeFix : unsafeFix;
  return { fixes: [fix(suggestion.title, replace(suggestion.span, suggestion.text))] };
}

/** Of a mapping with names of its own, which are merged by name; items of lists are not merged with others. */
function mayComeFromElsewhere({ name = "", root }: ComposeFile, { path }: SchemaFault): boolean {
  if (typeof path.at(-1) === "number") return false;
  if (/\.override\.ya?ml$/.test(name)) return true;
  const [section, service] = path;
  return section === "services" && fieldOf(root, "services", String(service), "extends") !== undefined;
}
