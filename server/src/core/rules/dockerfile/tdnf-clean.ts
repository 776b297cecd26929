import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportCachesLeft } from "../caches-left.ts";
import { RPM_CACHES } from "../rpm-caches.ts";

export default defineRule({
  id: "tdnf-clean",
  summary: "tdnf leaves its caches in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
\`tdnf\`, the package manager of Azure Linux and Photon OS, keeps the metadata of its repositories and what it downloads under
\`/var/cache/tdnf\`. Nothing reads it again in a finished image, and a later \`RUN tdnf clean all\` does not make the layer smaller:
it has to happen in the same \`RUN\`, behind the last install. Deleting the folder or a cache mount over it is just as good;
\`dnf clean all\` looks into another folder. In stages that nothing ships it is shown in the profile \`all\` only. dnf-clean and
yum-clean, which hadolint and others have as well, are about the other two.`,
  fixSafety: `
Safe: the caches are only read by the package manager itself, which downloads them again when it needs them.`,
  examples: [
    {
      bad: "FROM mcr.microsoft.com/azurelinux/base/core:3.0\nRUN tdnf install -y git\n",
      fixed: "FROM mcr.microsoft.com/azurelinux/base/core:3.0\nRUN tdnf install -y git && tdnf clean all\n",
    },
    { good: "FROM photon:5.0\nRUN tdnf install -y git && rm -rf /var/cache/tdnf\n" },
    { good: "FROM photon:5.0\nRUN --mount=type=cache,target=/var/cache/tdnf,sharing=locked tdnf install -y git\n" },
  ],
  check(context) {
    reportCachesLeft(context, { ...RPM_CACHES, fills: (call) => isOurs(call) && RPM_CACHES.fills(call) });
  },
});

const isOurs = ({ manager }: SystemCall): boolean => manager === "tdnf";
