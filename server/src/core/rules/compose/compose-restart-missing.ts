import { fieldOf } from "../../model/compose/fields.ts";
import { keysBefore } from "../../model/compose/key-order.ts";
import { addKey } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, createEndTeller, isTrue, knownContainers, remedyOf } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-restart-missing",
  summary: "service without a restart policy",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Without \`restart\` a service that ends, or a host that is restarted, leaves it stopped until somebody notices.
\`unless-stopped\` brings it back, and stays away when a person stopped it. On a developer's machine that is often not wanted,
so the rule is strict. Left out are services that run to their end: those others wait for with
\`service_completed_successfully\`, those with \`profiles\`, those that a person sits at (\`stdin_open\`), and those whose names
say so (migrate, seed, init, …). With \`deploy\`, its \`restart_policy\` decides.`,
  fixSafety: `
Unsafe: a service that is meant to end is started over and over.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    restart: unless-stopped\n",
    },
    { good: 'services:\n  app:\n    image: example/app:2.1\n    restart: "no"\n' },
    { good: "services:\n  migrate:\n    image: example/app:2.1\n    command: migrate\n" },
  ],
  check({ compose, project, report }) {
    const ends = createEndTeller(project);
    for (const service of knownContainers(project)) {
      if (["restart", "deploy", "profiles"].some((key) => fieldOf(service.map, key))) continue;
      if (ends(service)) continue;
      if (isTrue(fieldOf(service.map, "stdin_open")?.value)) continue;
      report(service.nameSpan, {
        message: `${service.name} stays stopped when it ends or the host restarts: it has no restart policy`,
        remedy: () =>
          remedyOf(
            "Add restart: unless-stopped",
            changeOf(compose, service, (map) =>
              addKey(compose, map, "restart", "unless-stopped", { after: keysBefore("restart") }),
            ),
            "unsafe",
            ["restart"],
          ),
      });
    }
  },
});
