import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportUnpinned } from "../unpinned.ts";

export default defineRule({
  id: "apt-unpinned",
  summary: "apt-get install without a version",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3008", "kics:Apt Get Install Pin Version Not Defined"],
  why: `
\`apt-get install curl\` takes the version the repositories have on the day of the build, so two builds of one commit differ and
an update that breaks something arrives without a change anyone made. \`curl=8.14.1-2\` says which one; \`curl=8.14.*\` lets
security updates of it in. The price is why this rule is for the strict profile only: Debian and Ubuntu delete a version from their
repositories as soon as the next one is there, and a pinned build then fails until somebody raises the number. A base image pinned by
digest with a repository snapshot does the same for all packages at once.

A target release (\`curl/trixie-backports\`), a local \`.deb\` and what a variable hides are left alone; a variable that the file
or the script itself sets is looked into. \`apt install\` is what apt-not-apt-get is about; once it says \`apt-get\`, this rule
has its say. What \`bash -c "…"\` runs is looked into, which hadolint does not. There is no fix: which version to write only the package index knows.
\`dockwright refactor pin-packages\` asks it, and writes the version of today down.`,
  examples: [
    { bad: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n" },
    { good: "FROM debian:13\nRUN apt-get update && apt-get install -y 'curl=8.14.*'\n" },
    { good: "FROM debian:13\nCOPY tool.deb /tmp/\nRUN apt-get install -y /tmp/tool.deb\n" },
  ],
  check(context) {
    reportUnpinned(context, isInstall, isLoose);
  },
});

const isInstall = ({ manager, verb }: SystemCall): boolean => manager === "apt-get" && verb.value === "install";

/** `name-` takes a package away, `name^` is a task: neither has a version. */
const isLoose = (name: string): boolean => !/[=/]|\.deb$|[-^]$/.test(name);
