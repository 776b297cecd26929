import { fieldOf, isSet } from "../../model/compose/fields.ts";
import { removeKey } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, placeOfKey, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-cgroup-parent",
  summary: "container below a cgroup of its own choice",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Cgroup Not Default"],
  why: `
The daemon puts containers below its own cgroup, where the host's limits for all of them hold. \`cgroup_parent\` moves the
service to another one, with that one's limits or none, and two services there take from one budget.`,
  fixSafety: `
Unsafe: the limits of the other cgroup no longer hold for the service.`,
  examples: [
    {
      bad: "services:\n  worker:\n    image: example/worker:2.0\n    cgroup_parent: batch.slice\n",
      fixed: "services:\n  worker:\n    image: example/worker:2.0\n",
    },
    { good: "services:\n  worker:\n    image: example/worker:2.0\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const field = fieldOf(service.map, "cgroup_parent");
      if (!field || !isSet(field.value)) continue;
      report(placeOfKey(service, field), {
        message: `${service.name} runs below a cgroup of its own choice, where the limits for Docker's containers do not hold`,
        remedy: () =>
          remedyOf(
            "Delete cgroup_parent",
            changeOf(compose, service, (map) => removeKey(compose, map, "cgroup_parent")),
          ),
      });
    }
  },
});
