import { defineRule } from "../../rule.ts";
import { rpmSettings } from "../rpm-settings.ts";
import { lineRemoval, writtenLines } from "../verification.ts";

/** The option, or `--setopt=repo.gpgcheck=0`. */
const OFF = /^--no-?gpg-?checks?$|^(?:--setopt=)?(?:[^=\s]+\.)?(?:localpkg_)?gpgcheck=(?:0|no|false|off)$/i;

export default defineRule({
  id: "sig-yum",
  summary: "yum, dnf or zypper does not check signatures",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_9"],
  why: `
Without \`gpgcheck\` a package from a broken mirror, or from anyone on the way, is installed like one of the distribution, and
its scripts run as root. Import the repository's key (\`rpm --import\`, \`gpgkey=\`) and leave the check on. \`--nogpgcheck\`,
\`--setopt=gpgcheck=0\`, zypper's \`--no-gpg-checks\`, and \`gpgcheck=0\` in a repository file are reported; a repository in the image
itself (\`baseurl=file:\`) is not.`,
  fixSafety: "Unsafe: a package whose key the image does not have is not installed any more.",
  examples: [
    {
      bad: "FROM fedora:43\nRUN dnf install -y --nogpgcheck git\n",
      fixed: "FROM fedora:43\nRUN dnf install -y git\n",
    },
    { good: "FROM fedora:43\nRUN rpm --import https://example.org/key.asc && dnf install -y git\n" },
  ],
  check({ dockerfile, report }) {
    if (!/gpg-?check/i.test(dockerfile.text)) return;
    for (const { program, value, span, remedy } of rpmSettings(dockerfile, OFF))
      report(span, {
        message: value.startsWith("--no")
          ? `${program} ${value} installs packages without checking who signed them`
          : "gpgcheck is off: packages are installed without checking who signed them",
        ...remedy,
      });
    for (const line of writtenLines(
      dockerfile,
      /gpgcheck/i,
      /(?:^|\\n|\n)\s*gpgcheck\s*=\s*(?:0|no|false|off)\s*(?:$|\\n|\n)/i,
    )) {
      if (/baseurl\s*=\s*file:/.test(dockerfile.text.slice(line.instruction.span.start, line.instruction.span.end)))
        continue;
      report(line.span, {
        message: "gpgcheck is off: packages of this repository are installed without checking who signed them",
        ...lineRemoval(line),
      });
    }
  },
});
