import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportCachesLeft } from "../caches-left.ts";
import { RPM_CACHES } from "../rpm-caches.ts";

export default defineRule({
  id: "dnf-clean",
  summary: "dnf leaves its caches in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3040", "trivy:DS-0019", "trivy:DS-0027", "kics:Missing Dnf Clean All"],
  why: `
\`dnf install\` keeps the metadata of every enabled repository under \`/var/cache\`, often more than the packages themselves. Nothing
reads it again in a finished image, and a later \`RUN dnf clean all\` does not make the layer smaller: it has to happen in the
same \`RUN\`, behind the last install. Deleting the folder or a cache mount over it is just as good. Stages that nothing ships, which
hadolint and Trivy want clean too, are shown in the profile \`all\` only; one that starts something and that no other stage uses counts as shipped.

\`microdnf\` has to clean up after itself: another program's \`clean all\` looks into another folder. \`tdnf\` is the matter of tdnf-clean.`,
  fixSafety: `
Safe: the caches are only read by the package manager itself, which downloads them again when it needs them.`,
  examples: [
    {
      bad: "FROM fedora:43\nRUN dnf install -y httpd\n",
      fixed: "FROM fedora:43\nRUN dnf install -y httpd && dnf clean all\n",
    },
    { good: "FROM fedora:43\nRUN dnf install -y httpd && rm -rf /var/cache/dnf\n" },
    { good: "FROM fedora:43\nRUN --mount=type=cache,target=/var/cache/libdnf5,sharing=locked dnf install -y httpd\n" },
  ],
  check(context) {
    reportCachesLeft(context, { ...RPM_CACHES, fills: (call) => isOurs(call) && RPM_CACHES.fills(call) });
  },
});

const isOurs = ({ manager, system }: SystemCall): boolean =>
  system === "rpm" && manager !== "yum" && manager !== "tdnf";
