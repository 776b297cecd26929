import { defineRule } from "../../rule.ts";
import { pipedDownloads } from "../piped.ts";
import { isLoopback } from "../verification.ts";

export default defineRule({
  id: "curl-pipe-shell",
  summary: "a script from the network is run as it comes",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: [],
  why: `
\`curl … | sh\` runs whatever the server hands out on the day of the build: nobody can say afterwards what that was, and nothing
notices when it is something else. A connection that breaks off runs half a script, and without pipefail a failed download is a
RUN that succeeds. Save the script, compare its checksum (\`sha256sum -c\`) and run it then, or install the program from a package
or copy it from its image. \`bash -c "$(curl …)"\`, \`eval\` and \`bash <(curl …)\` are the same. There is no fix, because only the script
itself tells its checksum.`,
  examples: [
    { bad: "FROM debian:13\nRUN curl -fsSL https://example.org/install.sh | bash -s -- --yes\n" },
    { bad: 'FROM debian:13\nRUN sh -c "$(wget -qO- https://example.org/install.sh)"\n' },
    {
      good: 'FROM debian:13\nRUN curl -fsSLo install.sh https://example.org/install.sh && echo "$SHA256  install.sh" | sha256sum -c && sh install.sh\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const [{ command, tool, urls }, interpreter] of pipedDownloads(dockerfile)) {
      if (urls.length > 0 && urls.every(({ url }) => isLoopback(url))) continue;
      report(urls[0]?.word.span ?? (command.nameWord ?? command).span, {
        message: `${interpreter} runs whatever ${tool} gets here: save it, compare its checksum, and run it then`,
      });
    }
  },
});
