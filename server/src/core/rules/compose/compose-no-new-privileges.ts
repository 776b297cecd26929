import { fieldOf } from "../../model/compose/fields.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { addItem, setValue } from "../../model/compose/patch.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, linuxContainers, placeOf, placeOfKey, remedyOf } from "../compose-services.ts";
import { isNoNewPrivileges, type SecurityOption, securityOptionsOf } from "../security-options.ts";

export default defineComposeRule({
  id: "compose-no-new-privileges",
  summary: "security_opt without no-new-privileges:true",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:No New Privileges Not Set"],
  why: `
Whoever wrote a \`security_opt\` thought about the container's rights, and the most useful of these options is missing or
switched off: without it a program becomes root through any file with the setuid bit. \`no-new-privileges\` alone and
\`no-new-privileges=true\` mean the same and count; KICS accepts one spelling only.`,
  fixSafety: `
Unsafe: a program that calls sudo or another setuid program in the container no longer gets root through it.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    security_opt:\n      - apparmor:web-profile\n",
      fixed:
        "services:\n  app:\n    image: example/app:2.1\n    security_opt:\n      - apparmor:web-profile\n      - no-new-privileges:true\n",
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    security_opt: [no-new-privileges:false]\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    security_opt: [no-new-privileges:true]\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    security_opt: [no-new-privileges=true]\n" },
  ],
  check({ compose, project, report }) {
    for (const service of linuxContainers(project)) {
      const field = fieldOf(service.map, "security_opt");
      const options = securityOptionsOf(service);
      if (!field || options.length === 0 || options.some(isNoNewPrivileges)) continue;
      const off = options.find(({ name }) => name === "no-new-privileges");
      if (off?.text.includes("$")) continue;
      report(off ? placeOf(service, off, off.node.span) : placeOfKey(service, field), {
        message: off
          ? `no-new-privileges is switched off: ${service.name} can gain rights through setuid programs`
          : `security_opt of ${service.name} does not say no-new-privileges:true, so it can gain rights through setuid programs`,
        remedy: () =>
          remedyOf(
            off ? "Set no-new-privileges:true" : "Add no-new-privileges:true",
            switchedOn(compose, service, off),
          ),
      });
    }
  },
});

const switchedOn = (compose: ComposeFile, service: ProjectService, off: SecurityOption | undefined): Change =>
  changeOf(compose, service, (map) => {
    if (off) return setValue(compose, off.node, "no-new-privileges:true");
    const list = fieldOf(map, "security_opt")?.value;
    return list ? addItem(compose, list, "no-new-privileges:true") : { refusal: "it stands in another file" };
  });
