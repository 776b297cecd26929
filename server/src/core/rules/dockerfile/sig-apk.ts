import { programsCalled } from "../../model/dockerfile/programs.ts";
import { defineRule } from "../../rule.ts";
import { wordRemoval } from "../verification.ts";

export default defineRule({
  id: "sig-apk",
  summary: "apk installs what nobody signed",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_7"],
  why: `
\`--allow-untrusted\` takes packages without a signature, or with one of an unknown key, and not only the one that is meant: every
package of that call. Put the publisher's public key into \`/etc/apk/keys\` and leave the option out.`,
  fixSafety: "Unsafe: a package whose key the image does not have is not installed any more.",
  examples: [
    {
      bad: "FROM alpine:3.22\nRUN apk add --no-cache --allow-untrusted ./app.apk\n",
      fixed: "FROM alpine:3.22\nRUN apk add --no-cache ./app.apk\n",
    },
    { good: "FROM alpine:3.22\nCOPY example.rsa.pub /etc/apk/keys/\nRUN apk add --no-cache ./app.apk\n" },
  ],
  check({ dockerfile, report }) {
    if (!dockerfile.text.includes("--allow-untrusted")) return;
    for (const name of ["apk", "apk.static"])
      for (const program of programsCalled(dockerfile, name)) {
        const word = program.command.args.find(({ value }) => value === "--allow-untrusted");
        if (word)
          report(word.span, {
            message: "--allow-untrusted installs packages that nobody vouches for",
            ...wordRemoval(dockerfile, program, word),
          });
      }
  },
});
