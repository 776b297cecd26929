import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { isLooseRpm, isRpmInstall } from "../rpm-version.ts";
import { reportUnpinned } from "../unpinned.ts";

export default defineRule({
  id: "dnf-unpinned",
  summary: "dnf install without a version",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3041", "kics:Missing Version Specification In dnf install"],
  why: `
\`dnf install httpd\` takes the version the repositories have on the day of the build, so two builds of one commit differ and an
update that breaks something arrives without a change anyone made. \`httpd-2.4.62\` says which one, \`nodejs:22\` which stream of a
module. Repositories drop old versions, and a pinned build then fails until somebody raises the number: that is why the rule is
for the strict profile only. \`microdnf\` is judged as \`dnf\` is; \`tdnf\` is the matter of tdnf-unpinned.

The version is what stands at the end behind a dash and begins with a digit, after an epoch at most: \`openssl-1:3.2.2\` has one,
\`java-21-openjdk\` has none, although hadolint lets it pass. Files, groups (\`@development\`) and what a variable, \`$(…)\` or
\`\${name//…}\` hides are left alone, where hadolint reports them; a variable that the file or the script itself sets is looked into, and one that only another stage sets is empty here. There is
no fix: which version to write only the package index knows.`,
  examples: [
    { bad: "FROM fedora:43\nRUN dnf install -y httpd && dnf clean all\n" },
    { good: "FROM fedora:43\nRUN dnf install -y httpd-2.4.62 && dnf clean all\n" },
    { good: "FROM fedora:43\nARG HTTPD=2.4.62\nRUN dnf install -y httpd-$HTTPD && dnf clean all\n" },
  ],
  check(context) {
    reportUnpinned(context, isJudged, isLooseRpm);
  },
});

const isJudged = (call: SystemCall): boolean =>
  call.system === "rpm" && call.manager !== "yum" && call.manager !== "tdnf" && isRpmInstall(call);
