import { buildOf } from "../../model/compose/build.ts";
import { fieldOf, textOf } from "../../model/compose/fields.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import { knownContainers, placeOf } from "../compose-services.ts";
import { sourceMounts } from "../source-mounts.ts";

export default defineComposeRule({
  id: "compose-develop-watch-missing",
  summary: "source code that is mounted where compose could watch it",
  severity: "hint",
  profile: "all",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
A mount of the source code hides what the image has at that place, is slow on Docker Desktop, and brings the host's
\`node_modules\` along. With \`develop.watch\`, \`docker compose watch\` copies changed files into the container, and builds
anew when a lock file changes (compose 2.22 and later). It is a matter of taste; a mount is fine where the image holds only the
tools.`,
  examples: [
    { bad: "services:\n  web:\n    build: .\n    volumes:\n      - ./src:/srv/app/src\n" },
    {
      good: "services:\n  web:\n    build: .\n    develop:\n      watch:\n        - action: sync\n          path: ./src\n          target: /srv/app/src\n",
    },
  ],
  check({ project, report }) {
    for (const service of knownContainers(project)) {
      if (!buildOf(service) || fieldOf(service.map, "develop", "watch") || waits(service)) continue;
      const [mount] = sourceMounts(service);
      if (mount)
        report(placeOf(service, mount, mount.span), {
          message: `${mount.source ?? ""} is mounted over the image: develop.watch copies changes into ${service.name} instead`,
        });
    }
  },
});

/** What a person or an editor works in: its code is the mounted one. */
function waits({ map }: ProjectService): boolean {
  const command = fieldOf(map, "command")?.value;
  const words = command?.kind === "list" ? command.items.map(textOf).join(" ") : (textOf(command) ?? "");
  return /\bsleep (?:infinity|inf\b|\d{4})|\btail -f \/dev\/null|while (?:sleep|true)/.test(words);
}
