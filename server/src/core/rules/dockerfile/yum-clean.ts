import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportCachesLeft } from "../caches-left.ts";
import { RPM_CACHES } from "../rpm-caches.ts";

export default defineRule({
  id: "yum-clean",
  summary: "yum leaves its caches in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3032", "trivy:DS-0015", "kics:Yum Clean All Missing"],
  why: `
\`yum install\` keeps the metadata of every enabled repository under \`/var/cache\`, often more than the packages themselves. Nothing
reads it again in a finished image, and a later \`RUN yum clean all\` does not make the layer smaller: it has to happen in the
same \`RUN\`, behind the last install. Deleting the folder or a cache mount over it is just as good. Stages that nothing ships, which
hadolint and Trivy want clean too, are shown in the profile \`all\` only; one that starts something and that no other stage uses counts as shipped.

\`dnf clean all\` counts as well: on everything since RHEL 8 \`yum\` is dnf.`,
  fixSafety: `
Safe: the caches are only read by the package manager itself, which downloads them again when it needs them.`,
  examples: [
    {
      bad: "FROM rockylinux:9\nRUN yum install -y httpd\n",
      fixed: "FROM rockylinux:9\nRUN yum install -y httpd && yum clean all\n",
    },
    { good: "FROM rockylinux:9\nRUN yum install -y httpd && rm -rf /var/cache/yum\n" },
    { good: "FROM rockylinux:9\nRUN --mount=type=cache,target=/var/cache/yum,sharing=locked yum install -y httpd\n" },
  ],
  check(context) {
    reportCachesLeft(context, { ...RPM_CACHES, fills: (call) => isOurs(call) && RPM_CACHES.fills(call) });
  },
});

const isOurs = ({ manager }: SystemCall): boolean => manager === "yum";
