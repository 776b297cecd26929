import { downloadsOf } from "../../model/dockerfile/downloads.ts";
import type { CallOption } from "../../model/dockerfile/options.ts";
import { defineRule } from "../../rule.ts";
import { isLoopback, isWrittenTo, lineRemoval, optionRemoval, optionSpan, writtenLines } from "../verification.ts";

export default defineRule({
  id: "tls-wget",
  summary: "wget does not check the certificate",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_3"],
  why: `
With \`--no-check-certificate\` wget takes whatever answers, so anyone between the build and the server decides what gets into the
image. Most often the image only lacks \`ca-certificates\`; a company's own authority belongs in the trust store or in
\`--ca-certificate\`. \`check_certificate = off\` in a \`.wgetrc\` or behind \`-e\` counts too.`,
  fixSafety: "Unsafe: a server whose certificate is not trusted makes the build fail then.",
  examples: [
    {
      bad: "FROM debian:13\nRUN wget --no-check-certificate -q https://example.org/app.tar.gz\n",
      fixed: "FROM debian:13\nRUN wget -q https://example.org/app.tar.gz\n",
    },
    { good: "FROM debian:13\nRUN wget -q --ca-certificate=/ca.pem https://example.org/app.tar.gz\n" },
  ],
  check({ dockerfile, report }) {
    for (const call of downloadsOf(dockerfile)) {
      if (call.tool !== "wget") continue;
      const option = call.options.find(isOff);
      if (!option || (call.urls.length > 0 && call.urls.every(({ url }) => isLoopback(url)))) continue;
      report(optionSpan(option), {
        message: "wget checks no certificate: anyone on the way can put something else into the image",
        ...optionRemoval(dockerfile, call, option),
      });
    }
    for (const line of writtenLines(
      dockerfile,
      /check[_-]certificate/i,
      /(?:^|\n)\s*check[_-]?certificate\s*=\s*(?:off|0|quiet)/i,
    )) {
      if (!isWrittenTo(dockerfile, line, /wgetrc\b/)) continue;
      report(line.span, {
        message: "check_certificate is off: wget checks no certificate any more",
        ...lineRemoval(line),
      });
    }
  },
});

/** getopt takes any beginning of a long option that means only one. */
const isOff = ({ name, value = "" }: CallOption): boolean =>
  /^--no-check-c(?:e(?:r(?:t(?:i(?:f(?:i(?:c(?:a(?:te?)?)?)?)?)?)?)?)?)?$/.test(name) ||
  (name === "--check-certificate" && /^(?:off|0|no|quiet)$/i.test(value)) ||
  ((name === "-e" || name === "--execute") && /^\s*check[_-]?certificate\s*=\s*(?:off|0|quiet)/i.test(value));
