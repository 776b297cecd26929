import { defineComposeRule } from "../../rule.ts";
import { placeOf, remedyOf, servicesHere, withoutItem } from "../compose-services.ts";
import { securityOptionsOf } from "../security-options.ts";

export default defineComposeRule({
  id: "compose-seccomp",
  summary: "container without the filter of system calls",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Default Seccomp Profile Disabled"],
  why: `
Docker's default profile keeps a container from about fifty system calls, those that kernel exploits begin with among them.
\`seccomp:unconfined\` gives all of them back. Debuggers and browsers ask for it because they need one or two: \`cap_add:
[SYS_PTRACE]\` allows ptrace, and a profile of one's own (\`seccomp:./profile.json\`) allows the rest. \`seccomp=unconfined\` is
the same. \`label:seccomp:unconfined\` looks like it and is not: it goes to SELinux and leaves the filter on; KICS takes it for
the same, here it is a hint in the profile \`all\`.`,
  fixSafety: `
Unsafe: the program may use a system call that the default profile refuses.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    security_opt:\n      - no-new-privileges:true\n      - seccomp:unconfined\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    security_opt:\n      - no-new-privileges:true\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    security_opt:\n      - seccomp:./profile.json\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project))
      for (const option of securityOptionsOf(service)) {
        const isLabel = option.name === "label" && /^seccomp[:=]unconfined$/.test(option.value ?? "");
        if (!isLabel && !(option.name === "seccomp" && option.value === "unconfined")) continue;
        report(placeOf(service, option, option.node.span), {
          message: isLabel
            ? `${option.text} is an option of SELinux: it does nothing to the filter of system calls`
            : `${service.name} may make every system call: Docker's filter is off`,
          ...(isLabel && { profile: "all" as const, severity: "hint" as const }),
          remedy: () => remedyOf(`Delete ${option.text}`, withoutItem(compose, service, "security_opt", option)),
        });
      }
  },
});
