import { fieldOf, isSet } from "../../model/compose/fields.ts";
import { addKey } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, isTrue, linuxContainers, remedyOf } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-security-opt",
  summary: "container without security_opt",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Security Opt Not Set"],
  why: `
A program in the container can become root through a file with the setuid bit (su, sudo, mount, ping). With
\`no-new-privileges:true\` it cannot, and neither can whoever got into it. Few images need it otherwise: those that call sudo
while they run. Where there is a \`security_opt\` without it, compose-no-new-privileges speaks.`,
  fixSafety: `
Unsafe: a program that calls sudo or another setuid program in the container no longer gets root through it.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    security_opt:\n      - no-new-privileges:true\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    security_opt: [no-new-privileges:true]\n" },
  ],
  check({ compose, project, report }) {
    for (const service of linuxContainers(project)) {
      if (isSet(fieldOf(service.map, "security_opt")?.value) || isTrue(fieldOf(service.map, "privileged")?.value))
        continue;
      report(service.nameSpan, {
        message: `${service.name} can gain rights through setuid programs: security_opt with no-new-privileges:true prevents that`,
        remedy: () =>
          remedyOf(
            "Add no-new-privileges:true",
            changeOf(compose, service, (map) => addKey(compose, map, "security_opt", ["no-new-privileges:true"])),
          ),
      });
    }
  },
});
