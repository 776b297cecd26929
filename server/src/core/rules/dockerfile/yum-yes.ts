import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { RPM_YES } from "../rpm-yes.ts";
import { reportWithoutYes } from "../without-yes.ts";

export default defineRule({
  id: "yum-yes",
  summary: "yum install without -y",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["hadolint:DL3030", "kics:Yum Install Allows Manual Input"],
  why: `
A build has nobody to answer. \`yum install\` lists what it is about to do, asks \`Is this ok [y/N]\`, reads the end of its input and
stops with \`Operation aborted\`. So do \`upgrade\`, \`remove\`, \`group install\` and the others that change something.
\`--assumeyes\`, \`assumeyes=1\` in the configuration and \`yes |\` in front count.`,
  fixSafety: "Safe: where nothing was asked nothing changes, and where something was asked the build failed.",
  examples: [
    {
      bad: "FROM rockylinux:9\nRUN yum install httpd && yum clean all\n",
      fixed: "FROM rockylinux:9\nRUN yum install -y httpd && yum clean all\n",
    },
    { good: "FROM rockylinux:9\nRUN yum -y install httpd && yum clean all\n" },
  ],
  check(context) {
    reportWithoutYes(context, { ...RPM_YES, asks: (call) => isOurs(call) && RPM_YES.asks(call) });
  },
});

const isOurs = ({ manager }: SystemCall): boolean => manager === "yum";
