import { downloadsOf } from "../../model/dockerfile/downloads.ts";
import { defineRule } from "../../rule.ts";
import { isLoopback, isWrittenTo, lineRemoval, optionRemoval, writtenLines } from "../verification.ts";

/** curl takes any beginning of a long option that means only one. */
const INSECURE = /^(?:-k|--ins(?:e(?:c(?:u(?:re?)?)?)?)?)$/;

export default defineRule({
  id: "tls-curl",
  summary: "curl does not check the certificate",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_2"],
  why: `
With \`-k\` curl takes whatever answers, so anyone between the build and the server decides what gets into the image. A company's
own certificate authority belongs in the image's trust store (\`update-ca-certificates\`) or in \`--cacert\`. \`-k\` among joined
short options counts, so does \`insecure\` in a \`.curlrc\`; calls of the machine itself (\`https://localhost\`) do not.`,
  fixSafety: "Unsafe: a server whose certificate is not trusted makes the build fail then.",
  examples: [
    {
      bad: "FROM debian:13\nRUN curl -fsSkL https://example.org/app.tar.gz -o app.tar.gz\n",
      fixed: "FROM debian:13\nRUN curl -fsSL https://example.org/app.tar.gz -o app.tar.gz\n",
    },
    { good: "FROM debian:13\nRUN curl -fsSL --cacert /ca.pem https://example.org/app.tar.gz -o app.tar.gz\n" },
  ],
  check({ dockerfile, report }) {
    for (const call of downloadsOf(dockerfile)) {
      if (call.tool !== "curl") continue;
      const option = call.options.findLast(({ name }) => INSECURE.test(name) || name === "--no-insecure");
      if (!option || option.name === "--no-insecure") continue;
      if (call.urls.length > 0 && call.urls.every(({ url }) => isLoopback(url))) continue;
      report(option.word.span, {
        message: `curl ${option.name} checks no certificate: anyone on the way can put something else into the image`,
        ...optionRemoval(dockerfile, call, option),
      });
    }
    for (const line of writtenLines(
      dockerfile,
      /insecure/,
      /(?:^|\n)\s*(?:--)?insecure\b(?!\s*[=:]?\s*(?:false|no))/,
    )) {
      if (!isWrittenTo(dockerfile, line, /\bcurlrc\b/)) continue;
      report(line.span, { message: "insecure in .curlrc: curl checks no certificate any more", ...lineRemoval(line) });
    }
  },
});
