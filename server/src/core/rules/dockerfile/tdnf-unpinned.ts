import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { isLooseRpm, isRpmInstall } from "../rpm-version.ts";
import { reportUnpinned } from "../unpinned.ts";

export default defineRule({
  id: "tdnf-unpinned",
  summary: "tdnf install without a version",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: [],
  why: `
\`tdnf install git\`, on Azure Linux and Photon OS, takes the version the repositories have on the day of the build, so two builds of
one commit differ. \`git-2.45.2-1.azl3\` says which one. A pinned build fails when the repositories drop the version: that is why the
rule is for the strict profile only. What counts as a version, and what is left alone, is as in dnf-unpinned, which is about the
managers that other linters know too. There is no fix: which version to write only the package index knows.`,
  examples: [
    { bad: "FROM photon:5.0\nRUN tdnf install -y git && tdnf clean all\n" },
    { good: "FROM photon:5.0\nRUN tdnf install -y git-2.45.2 && tdnf clean all\n" },
  ],
  check(context) {
    reportUnpinned(context, isJudged, isLooseRpm);
  },
});

const isJudged = (call: SystemCall): boolean => call.manager === "tdnf" && isRpmInstall(call);
