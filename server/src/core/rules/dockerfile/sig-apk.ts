import { type Program, programsCalled } from "../../model/dockerfile/programs.ts";
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
package of that call. Put the publisher's public key into \`/etc/apk/keys\` and leave the option out. Where all packages are files,
often built in the same file, the case is in the profile \`strict\`.`,
  fixSafety: "Unsafe: a package whose key the image does not have is not installed any more.",
  examples: [
    {
      bad: "FROM alpine:3.22\nRUN apk add --no-cache --allow-untrusted -X https://apk.example.org app\n",
      fixed: "FROM alpine:3.22\nRUN apk add --no-cache -X https://apk.example.org app\n",
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
            ...(areFiles(program) && { profile: "strict" as const }),
            ...wordRemoval(dockerfile, program, word),
          });
      }
  },
});

/** Nothing but package files is installed: no mirror can hand over another package. */
function areFiles({ command: { args } }: Program): boolean {
  const packages = args
    .slice(args.findIndex(({ value }) => value === "add") + 1)
    .filter(({ value }) => !value.startsWith("-"));
  return packages.length > 0 && packages.every(({ value }) => value.endsWith(".apk") && !value.includes("://"));
}
