import { defineRule } from "../../rule.ts";
import { isVerified } from "../downloaded.ts";
import { movingPart, uncheckedSources } from "../../model/dockerfile/remote.ts";

export default defineRule({
  id: "add-remote-url",
  summary: "ADD of a URL without a checksum",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["kics:Curl or Wget Instead of Add"],
  why: `
\`ADD https://…\` takes what the server hands out on the day of the build, follows redirects and checks nothing. With
\`--checksum=sha256:…\` the build stops when it is something else, and BuildKit need not even ask the server for what it has. An
archive is not unpacked either, so that the packed file stays in its layer: a RUN with curl that unpacks and deletes in one
go makes the smaller image. A file that a later RUN of the stage checks is left alone. A URL that means something else tomorrow (\`/latest/\`, \`/master/\`) is
the matter of unpinned-git-or-url-add. There is no fix, because only the file itself tells its checksum:
\`dockwright refactor add-checksum\`, in the editor *Download … and add its checksum*, downloads it and writes the checksum down.`,
  examples: [
    { bad: "FROM debian:13\nADD https://example.org/app-1.2.tar.gz /tmp/\n" },
    {
      good: "FROM debian:13\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/app-1.2.tar.gz /tmp/\n",
    },
  ],
  check({ dockerfile, report }) {
    for (const { instruction, word, url, kind } of uncheckedSources(dockerfile)) {
      if (kind !== "http" || movingPart(url) !== undefined || isVerified(dockerfile, instruction, url)) continue;
      report(word.span, {
        message: "ADD takes whatever the server hands out: --checksum=sha256:… would notice another file",
        refusal: "only the file itself tells its checksum",
      });
    }
  },
});
