import { fieldOf } from "../../model/compose/fields.ts";
import { knownImageOf } from "../../model/compose/known-images.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, isTrue, knownContainers, placeOfKey, remedyOf } from "../compose-services.ts";
import { addTmpfs, unwritableOf } from "../read-only-root.ts";

export default defineComposeRule({
  id: "compose-read-only-tmpfs",
  summary: "read-only container that cannot write where its image has to",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
With \`read_only: true\` a program writes to its volumes and \`tmpfs\` alone. nginx needs a place for its cache and its pid
file, postgres, mysql and mariadb one for their sockets, mongo and Apache likewise: without it they end at once. Known images
only; a mount or \`tmpfs\` there, or on a folder above, is enough.`,
  fixSafety: `
Unsafe: what is written there lives in memory and is gone with the container.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    read_only: true\n",
      fixed:
        "services:\n  web:\n    image: nginx:1.29\n    read_only: true\n    tmpfs:\n      - /var/cache/nginx\n      - /var/run\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    read_only: true\n    tmpfs: [/var/cache/nginx, /run]\n",
    },
    {
      good: "services:\n  cache:\n    image: redis:8.4\n    read_only: true\n    volumes: [cache:/data]\nvolumes:\n  cache:\n",
    },
  ],
  check({ compose, project, report }) {
    for (const service of knownContainers(project)) {
      const field = fieldOf(service.map, "read_only");
      if (!field || !isTrue(field.value)) continue;
      const missing = unwritableOf(service) ?? [];
      if (missing.length === 0) continue;
      const image = knownImageOf(service)?.name ?? service.name;
      report(placeOfKey(service, field), {
        message: `${image} cannot write to ${missing.join(" and ")}, which it has to: ${service.name} does not start`,
        remedy: () =>
          remedyOf(
            `Add tmpfs for ${missing.join(" and ")}`,
            changeOf(compose, service, (map) => addTmpfs(compose, map, missing)),
          ),
      });
    }
  },
});
