import { fieldOf, isSet } from "../../model/compose/fields.ts";
import { knownImageOf } from "../../model/compose/known-images.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { addKey } from "../../model/compose/patch.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule, type Remedy } from "../../rule.ts";
import type { YamlMap } from "../../text/yaml.ts";
import { capabilitiesIn, graveEffectOf, strongEffectOf } from "../compose-capabilities.ts";
import { changesOf, isTrue, linuxContainers, placeOf, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-capabilities",
  summary: "container that keeps Docker's default capabilities",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Container Capabilities Unrestricted"],
  why: `
Docker leaves a container fourteen of root's rights, among them to forge network packets (NET_RAW), to become any user (SETUID)
and to pass over file permissions (DAC_OVERRIDE). Most programs use none of them: \`cap_drop: [ALL]\` takes them away,
\`cap_add\` gives back what is missed. A service that drops some is left alone. What \`cap_add\` gives is a hint for a review in
the profile \`all\` where not all are dropped first, which KICS reports as much as a missing \`cap_drop\`; capabilities that open the host are the matter of
compose-cap-add-all.`,
  fixSafety: `
Unsafe: the program may use one of the rights that go. For images whose entrypoint is known (postgres, mysql, mariadb, mongo,
redis, nginx, …) what it needs is added back.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    cap_drop:\n      - ALL\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    cap_drop: [ALL]\n" },
  ],
  check({ compose, project, report }) {
    for (const service of linuxContainers(project)) {
      if (isSet(fieldOf(service.map, "cap_drop")?.value) || isTrue(fieldOf(service.map, "privileged")?.value)) continue;
      report(service.nameSpan, {
        message: `${service.name} keeps Docker's default capabilities: cap_drop takes those away that it does not use`,
        remedy: () => dropRemedy(compose, service),
      });
    }
    for (const service of servicesHere(project)) {
      // Back from nothing, one by one: that is how it should be.
      if (capabilitiesIn(service, "cap_drop").some(({ name }) => name === "ALL")) continue;
      for (const capability of capabilitiesIn(service, "cap_add")) {
        const { name, node } = capability;
        if (graveEffectOf(name) !== undefined || strongEffectOf(name) !== undefined) continue;
        report(placeOf(service, capability, node.span), {
          message: `cap_add gives ${service.name} ${name}: leave it out unless that is needed`,
          profile: "all",
          severity: "hint",
        });
      }
    }
  },
});

function dropRemedy(compose: ComposeFile, service: ProjectService): Remedy {
  const image = fieldOf(service.map, "cap_add") ? undefined : knownImageOf(service);
  if (image && image.capabilities === undefined)
    return { refusal: `it is not known which capabilities ${image.name} needs` };
  const needed = image?.capabilities ?? [];
  const add =
    (key: string, items: readonly string[]) =>
    (current: ComposeFile, map: YamlMap): Change =>
      addKey(current, map, key, items, { after: ["cap_add", "cap_drop"] });
  const drop = add("cap_drop", ["ALL"]);
  if (needed.length === 0) return remedyOf("Drop all capabilities", changesOf(compose, service, drop));
  return remedyOf(
    `Drop all capabilities but ${needed.join(", ")}`,
    changesOf(compose, service, drop, add("cap_add", needed)),
  );
}
