import { fieldOf } from "../../model/compose/fields.ts";
import { removeKey } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, isTrue, placeOfKey, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-privileged",
  summary: "container with all rights on the host",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Privileged Containers Enabled"],
  why: `
\`privileged: true\` gives the container every capability and every device and takes seccomp and AppArmor away: whoever gets
into it mounts the host's disk and owns the host. What is needed is nearly always less: one device (\`devices\`), one capability
(\`cap_add\`). Docker in Docker needs it; then say so in a suppression.`,
  fixSafety: `
Unsafe: the program loses rights it may use, and which ones they are the file does not say.`,
  examples: [
    {
      bad: "services:\n  runner:\n    image: example/runner:3.1\n    privileged: true\n",
      fixed: "services:\n  runner:\n    image: example/runner:3.1\n",
    },
    { good: "services:\n  runner:\n    image: example/runner:3.1\n    devices: [/dev/kvm]\n" },
    { good: "services:\n  runner:\n    image: example/runner:3.1\n    privileged: false\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const field = fieldOf(service.map, "privileged");
      if (!field || !isTrue(field.value)) continue;
      report(placeOfKey(service, field), {
        message: `${service.name} has all rights on the host: whoever gets into it owns the host`,
        remedy: () =>
          remedyOf(
            "Delete privileged: true",
            changeOf(compose, service, (map) => removeKey(compose, map, "privileged")),
          ),
      });
    }
  },
});
