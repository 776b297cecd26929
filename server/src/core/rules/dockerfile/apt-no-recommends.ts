import { saidBefore } from "../../model/dockerfile/before.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import {
  addOption,
  aptSetting,
  hasOption,
  isAptFalse,
  type PackageCall,
  allPackageCalls,
} from "../../model/dockerfile/packages.ts";
import { defineRule, unsafeFix } from "../../rule.ts";

export default defineRule({
  id: "apt-no-recommends",
  summary: "apt-get install without --no-install-recommends",
  severity: "info",
  profile: "strict",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3015",
    "trivy:DS-0029",
    "kics:APT-GET Not Avoiding Additional Packages",
    "dockerfilelint:apt-get_recommends",
  ],
  why: `
By default apt installs what a package recommends as well: documentation tools, mail servers, X libraries. An image rarely
needs them, and every one of them is space and something to patch. Say what you need instead. \`APT::Install-Recommends
"false"\`, on the command line or written into \`/etc/apt\` earlier in the file, counts. \`apt install\` is what apt-not-apt-get is
about; once it says \`apt-get\`, this rule has its say. What \`bash -c "…"\` runs is looked into, which hadolint does not.`,
  fixSafety: `
Unsafe: a recommended package may be one that the image uses without saying so, such as ca-certificates with curl.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
    },
    { good: "FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n" },
    { good: "FROM debian:13\nRUN apt-get update && apt-get -o APT::Install-Recommends=false install -y curl\n" },
  ],
  check({ dockerfile, report }) {
    for (const call of allPackageCalls(dockerfile)) {
      const { manager, action, hidden, command } = call;
      if (manager !== "apt-get" || action.value !== "install" || hidden) continue;
      if (hasOption(call, "--no-install-recommends") || isAptFalse(aptSetting(call, "APT::Install-Recommends")))
        continue;
      if (isConfigured(dockerfile, call)) continue;
      report(
        { start: command.nameWord?.span.start ?? command.span.start, end: action.span.end },
        {
          message: `${manager} install also installs everything the packages recommend`,
          fixes: [unsafeFix("Add --no-install-recommends", addOption(call, "--no-install-recommends"))],
        },
      );
    }
  },
});

/** As a configuration file says it; `-o APT::Install-Recommends=false` holds for its own command alone. */
const NO_RECOMMENDS = /APT::Install-Recommends\s+\W{0,3}(?:0|no|false|without|off|disable)\b/i;

const isConfigured = (dockerfile: Dockerfile, { instruction, command }: PackageCall): boolean =>
  NO_RECOMMENDS.test(dockerfile.text.slice(instruction.span.start, command.span.start)) ||
  saidBefore(dockerfile, instruction, NO_RECOMMENDS);
