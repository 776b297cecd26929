import { defineRule } from "../../rule.ts";
import { reportUpgrades } from "../upgrades.ts";

export default defineRule({
  id: "zypper-dist-upgrade",
  summary: "zypper dist-upgrade in a build",
  severity: "warning",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3035"],
  why: `
\`zypper dup\` brings every package to what the repositories have, changes vendors and removes what stands in the way: the image is then
no longer what its base image's tag says, and differs from one build to the next. It stores a second copy of what it replaces, and a
cached layer keeps it from being repeated. Take a newer base image instead. On Tumbleweed \`dup\` is the only way to update; there the
base image is published anew several times a week, which makes it superfluous.`,
  fixSafety: `
Unsafe: the packages stay as the base image has them, without the fixes made since. A \`RUN\` that does nothing else goes as a whole.`,
  examples: [
    {
      bad: "FROM opensuse/leap:15.6\nRUN zypper -n dup && zypper -n install curl && zypper clean --all\n",
      fixed: "FROM opensuse/leap:15.6\nRUN zypper -n install curl && zypper clean --all\n",
    },
    { good: "FROM opensuse/leap:15.6\nRUN zypper -n install curl && zypper clean --all\n" },
  ],
  check(context) {
    reportUpgrades(
      context,
      ({ system, verb }) => system === "zypper" && (verb.value === "dup" || verb.value === "dist-upgrade"),
      ({ verb }) => `zypper ${verb.value} changes and removes packages as the repositories of the day want it`,
    );
  },
});
