import { fieldOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { capabilitiesIn, graveEffectOf, strongEffectOf } from "../compose-capabilities.ts";
import { isTrue, placeOf, remedyOf, servicesHere, withoutItem } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-cap-add-all",
  summary: "capability that opens the host",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Container Capabilities Unrestricted"],
  why: `
\`ALL\`, \`SYS_ADMIN\`, \`SYS_MODULE\`, \`SYS_RAWIO\`, \`DAC_READ_SEARCH\`, \`BPF\` and a few others let whoever gets into the
container out of it again. FUSE mounts, the reason for many a \`SYS_ADMIN\`, need \`/dev/fuse\` and often no more.
\`NET_ADMIN\`, \`SYS_PTRACE\`, \`SYS_TIME\` and the like are strong and often needed (VPNs, debuggers), so they are for the
profile \`strict\`. A service that is \`privileged\` has all of them, and that is reported instead.`,
  fixSafety: `
Unsafe: the program loses a right it may use.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    cap_add:\n      - SYS_ADMIN\n      - NET_BIND_SERVICE\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    cap_add:\n      - NET_BIND_SERVICE\n",
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    cap_add: [ALL]\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    cap_add: [NET_BIND_SERVICE]\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      if (isTrue(fieldOf(service.map, "privileged")?.value)) continue;
      for (const capability of capabilitiesIn(service, "cap_add")) {
        const grave = graveEffectOf(capability.name);
        const effect = grave ?? strongEffectOf(capability.name);
        if (effect === undefined) continue;
        report(placeOf(service, capability, capability.node.span), {
          message: `${capability.name} lets ${service.name} ${effect}`,
          ...(grave === undefined && { profile: "strict" as const, severity: "info" as const }),
          remedy: () => remedyOf(`Take ${capability.name} away`, withoutItem(compose, service, "cap_add", capability)),
        });
      }
    }
  },
});
