import { programsCalled } from "../../model/dockerfile/programs.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { defineRule } from "../../rule.ts";
import { wordRemoval } from "../verification.ts";

const OFF = /^--no(?:digest|signature|verify|filedigest)$/;

export default defineRule({
  id: "sig-rpm",
  summary: "rpm does not check digests or signatures",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_10"],
  why: `
\`--nosignature\`, \`--nodigest\`, \`--nofiledigest\` and \`--noverify\` keep rpm from noticing that a package is not what its publisher
made. \`rpm --import\` of the publisher's key makes them superfluous. Calls that only ask or erase (\`-q\`, \`-V\`, \`-K\`, \`-e\`) are
left alone.`,
  fixSafety: "Unsafe: a package that fails the check is not installed any more.",
  examples: [
    {
      bad: "FROM fedora:43\nRUN rpm -i --nosignature app.rpm\n",
      fixed: "FROM fedora:43\nRUN rpm -i app.rpm\n",
    },
    { good: "FROM fedora:43\nRUN rpm --import https://example.org/key.asc && rpm -i app.rpm\n" },
  ],
  check({ dockerfile, report }) {
    for (const program of programsCalled(dockerfile, "rpm")) {
      if (onlyAsks(program.command)) continue;
      for (const word of program.command.args)
        if (OFF.test(word.value))
          report(word.span, {
            message: `rpm ${word.value} installs packages without checking that they are what was published`,
            ...wordRemoval(dockerfile, program, word),
          });
    }
  },
});

const onlyAsks = ({ args }: ShellCommand): boolean =>
  args.some(({ value }) => /^-[a-z]*[qVKe]|^--(?:query|verify|checksig|erase|eval|import)$/.test(value));
