import { defineRule } from "../../rule.ts";
import { rpmSettings } from "../rpm-settings.ts";
import { lineRemoval, writtenLines } from "../verification.ts";

/** `--setopt=repo.sslverify=0`, or the bare `main.sslverify=0` of dnf 5's `config-manager setopt`. */
const OFF = /^(?:--setopt=)?["']?(?:[^=\s]+\.)?sslverify["']?=["']?(?:0|no|false|off)["']?$/i;

const MESSAGE = "With sslverify off packages come from whoever answers";

export default defineRule({
  id: "tls-yum-config",
  summary: "yum or dnf with sslverify off",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_15"],
  why: `
With \`sslverify\` off, yum and dnf take package lists and packages from whoever answers. Saved by a config manager, or written
into \`yum.conf\` or a \`.repo\` file, it holds for every later install and for images that are built on this one. A company's own
certificate authority belongs in the trust store (\`update-ca-trust\`) or in \`sslcacert\`.`,
  fixSafety: "Unsafe: a repository whose certificate is not trusted makes the build fail then.",
  examples: [
    {
      bad: "FROM fedora:43\nRUN dnf config-manager --save --setopt=*.sslverify=0 && dnf install -y git\n",
      fixed: "FROM fedora:43\nRUN dnf install -y git\n",
    },
    { good: "FROM fedora:43\nRUN dnf config-manager --save --setopt=*.sslcacert=/ca.pem && dnf install -y git\n" },
  ],
  check({ dockerfile, report }) {
    if (!/sslverify/i.test(dockerfile.text)) return;
    for (const { span, remedy } of rpmSettings(dockerfile, OFF)) report(span, { message: MESSAGE, ...remedy });
    for (const line of writtenLines(
      dockerfile,
      /sslverify/i,
      /(?:^|\\n|\n)\s*sslverify\s*=\s*(?:0|no|false|off)\s*(?:$|\\n|\n)/i,
    )) {
      if (/\bgit[ -]?config/i.test(dockerfile.text.slice(line.instruction.span.start, line.instruction.span.end)))
        continue;
      report(line.span, { message: MESSAGE, ...lineRemoval(line) });
    }
  },
});
