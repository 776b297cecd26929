import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { RPM_YES } from "../rpm-yes.ts";
import { reportWithoutYes } from "../without-yes.ts";

export default defineRule({
  id: "dnf-yes",
  summary: "dnf install without -y",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["hadolint:DL3038", "kics:Missing Flag From Dnf Install"],
  why: `
A build has nobody to answer. \`dnf install\` lists what it is about to do, asks \`Is this ok [y/N]\`, reads the end of its input and
stops with \`Operation aborted\`. So do \`upgrade\`, \`remove\`, \`group install\` and the others that change something.
\`microdnf\` and \`tdnf\` are judged too: the older \`microdnf\` never asks, the one that is built on dnf5 does.
\`--assumeyes\`, \`assumeyes=1\` in the configuration and \`yes |\` in front count.`,
  fixSafety: "Safe: where nothing was asked nothing changes, and where something was asked the build failed.",
  examples: [
    {
      bad: "FROM fedora:43\nRUN dnf install httpd && dnf clean all\n",
      fixed: "FROM fedora:43\nRUN dnf install -y httpd && dnf clean all\n",
    },
    { good: "FROM fedora:43\nRUN dnf -y install httpd && dnf clean all\n" },
  ],
  check(context) {
    reportWithoutYes(context, { ...RPM_YES, asks: (call) => isOurs(call) && RPM_YES.asks(call) });
  },
});

const isOurs = ({ manager, system }: SystemCall): boolean => system === "rpm" && manager !== "yum";
