import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportUnpinned } from "../unpinned.ts";

export default defineRule({
  id: "apk-unpinned",
  summary: "apk add without a version",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3018", "kics:Unpinned Package Version in Apk Add"],
  why: `
\`apk add curl\` takes the version the repository has on the day of the build, so two builds of one commit differ. \`curl=8.14.1-r2\`
names one, \`curl~8.14\` any release of it. The price is why this rule is for the strict profile only: an Alpine release keeps just the
newest build of each package, and an exact version fails to install as soon as there is a next one. Pinning the release of Alpine
itself (\`alpine:3.22\`) holds the versions together already.

Any version sign counts, \`=\`, \`~\`, \`>\` and \`<\`, as hadolint has it; KICS wants \`=\`. \`curl@edge\` names a repository, not a
version. Local \`.apk\` files and what a variable hides are left alone; a variable that the file or the script itself sets is looked
into. There is no fix: which version to write only the package index knows.
\`dockwright refactor pin-packages\` asks it, and writes the version of today down.`,
  examples: [
    { bad: "FROM alpine:3.22\nRUN apk add --no-cache curl\n" },
    { good: "FROM alpine:3.22\nRUN apk add --no-cache curl~8.14\n" },
  ],
  check(context) {
    reportUnpinned(context, isInstall, isLoose);
  },
});

const isInstall = ({ system, verb }: SystemCall): boolean => system === "apk" && verb.value === "add";

/** `!name` keeps a package out; what begins with a dot is a virtual one. */
const isLoose = (name: string): boolean => !/[=~<>]|\.apk$|^[!.]/.test(name);
